"""Every kind of proposal is carried out on what its proposer saw: changed since, it is refused with what changed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from commitments.choices import InstrumentState
from commitments.models import ExposureCap, Instrument, LadderRule, LapseRule, Obligation
from documents.intake.models import ImportSession
from documents.reference.services import row_mark
from documents.reports.models import MonthDraft
from documents.reports.selectors.months import preview_month
from documents.reports.services import close_month, rows_hash
from projects.casework.models import Meeting, Policy
from projects.gates.models import Blocker, BlockerType, BlockerVersion
from projects.gates.services import resolve_blocker
from projects.leads.models import Ticket
from projects.ledger.models import Developer, Move, Unit
from projects.progress.models import Residual
from registry.accounts.models import Approval, Person, Setting
from registry.accounts.services.approvals import (
    APPROVALS,
    approve,
    propose,
    return_back,
    withdraw_all_unseen,
)
from registry.accounts.services.seen import SubjectChanged, differences
from registry.audit.models import Act
from registry.kernel.authority import Actor, system_actor
from registry.kernel.errors import Refused
from registry.kernel.periods import Month
from registry.kernel.stages import Track
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.documents.intake.services.lists import listed, written
from tests.documents.intake.services.sessions import carried_out, sent
from tests.documents.intake.services.test_stage_lists import ON, listing, place
from tests.factories.accounts import Cast, sign_in
from tests.factories.projects import TODAY, Estate, bring_to, moment, move, on_day
from tests.factories.trials import refused
from tests.projects.casework.trials import lay_task
from tests.projects.leads.trials import lay_ticket

SYSTEM = system_actor("试")
MARCH = date(2022, 3, 1)
FEBRUARY = Month.parse("2022-02")


@dataclass(frozen=True)
class Sample:
    """What is proposed of a kind, and how what it rests on changes behind it."""

    payload: dict[str, Any]
    change: Callable[[], Any]
    actor: Actor = SYSTEM


def changed(model: Any, key: int, **values: Any) -> Callable[[], Any]:
    def change() -> None:
        with fixture_writes():
            assert model.objects.filter(pk=key).update(**values) == 1

    return change


def added(model: Any, **values: Any) -> Callable[[], Any]:
    def change() -> None:
        with fixture_writes():
            model.objects.create(recorded_at="2022-03-08T00:00:00+08:00", act_id=1, **values)

    return change


def move_act(story: Estate) -> int:
    bring_to(story, story.homes[:2], "accepted", MARCH)
    return int(Move.objects.filter(unit_id=story.homes[0], to_stage="accepted").latest("id").act_id)


def residual(story: Estate) -> int:
    with fixture_writes():
        return int(
            Residual.objects.create(
                unit_id=story.homes[3], reason="unreachable", evidence="三次电话", review_on=date(2022, 9, 1),
                proposed_on=TODAY, proposed_by="某人", act_id=1,
            ).pk
        )  # fmt: skip


def seat(cast: Cast) -> dict[str, Any]:
    return {
        "person": cast.township.person.pk, "organisation": cast.township.organisation.pk, "role": "township",
        "project_key": None, "starts": "2030-01-01", "ends": None,
    }  # fmt: skip


def policy(cast: Cast) -> int:
    with fixture_writes():
        return int(
            Policy.objects.create(
                code="Z-9", level="general", number="×〔2022〕9号", title="意见", organ="市", act_id=1
            ).pk
        )


def setting(story: Estate) -> Sample:
    return Sample(
        {"name": "sight.tax", "area_code": "110105", "value": "no", "effective_on": "2030-01-01"},
        added(Setting, name="sight.tax", area_code="110105", value=True, effective_on=TODAY, reason="会议"),
    )


def unit_list(story: Estate) -> Sample:
    session = written(story, listed(story))
    return Sample({"session": session.pk, "reason": "错"}, changed(ImportSession, session.pk, state="undone"))


def stage_list(story: Estate) -> Sample:
    bring_to(story, story.homes[:3], "collected", date(2022, 2, 10))
    words = {"track": "certificate", "to": "accepted", "on": ON.isoformat()}
    session = carried_out(
        story, sent(story, "stages", listing(story, place(0), place(1)), "centre", ON, **words), "centre", ON
    )
    return Sample(
        {"session": session.pk, "reason": "错"},
        lambda: move(story, story.homes[:1], "settled", TODAY, Track.TAX),
    )


def month_close(story: Estate) -> Sample:
    known_at = moment(MARCH)
    rows = json.loads(json.dumps(dict(preview_month(month=FEBRUARY, known_at=known_at).rows), ensure_ascii=False))
    with fixture_writes():
        draft = MonthDraft.objects.create(
            month=str(FEBRUARY), cut_off_on=FEBRUARY.last, known_at=known_at, figures_version="试", rows=rows,
            rows_hash=rows_hash(rows), act_id=1,
        )  # fmt: skip
    return Sample({"month": str(FEBRUARY), "draft": draft.pk}, changed(MonthDraft, draft.pk, rows_hash="0" * 64))


def month_restate(story: Estate) -> Sample:
    with on_day(MARCH):
        close_month(actor=story.cast.city.actor, month=FEBRUARY, first=FirstPerson.of(story.cast.auditor.person))
    asked = month_close(story)
    return Sample({**asked.payload, "reason": "审计意见"}, asked.change)


def stated(table: str, row: BlockerType | Policy) -> dict[str, Any]:
    line = {"key": row.code, "values": {"code": row.code}, "changes": [], "is_new": False, "stood": row_mark(row)}
    return {"table": table, "source": "手工", "lines": [line]}


def type_line() -> Sample:
    row = BlockerType.objects.get(code="P03")
    return Sample(stated("blocker_types", row), changed(BlockerType, row.pk, label="另一名"))


def policy_line(s: Estate) -> Sample:
    row = Policy.objects.get(pk=policy(s.cast))
    return Sample(stated("policies", row), changed(Policy, row.pk, title="另一题"))


def minutes(story: Estate) -> Sample:
    lay_task(story)
    meeting = Meeting.objects.get()
    return Sample(
        {
            "kind": "minutes", "organ": story.cast.district.organisation.pk, "address": {"code": meeting.code},
            "words": {"present": "规自", "attending": "", "absent": "", "recorder": "某", "sent_to": ""}, "on": "2022-03-08",
        },
        changed(Meeting, meeting.pk, text="另一项议定事项"),
    )  # fmt: skip


def mending(story: Estate) -> Sample:
    promise = Obligation.objects.get(letter__instrument=story.letter)
    with fixture_writes():
        firm = Developer.objects.create(name="演示开发公司")
        type(promise.letter).objects.filter(pk=promise.letter.pk).update(performer=firm)
    return Sample(
        {
            "kind": "rectification", "organ": story.cast.township.organisation.pk,
            "address": {"code": promise.letter.instrument.code, "ordinal": promise.ordinal},
            "words": {
                "inspected_on": "day:2022-03-08", "place": "", "seen": "未拆", "asked": "拆除", "mend_by": "day:2022-04-08",
                "state_within": 5, "authority": "",
            },
            "on": "2022-03-08",
        },
        changed(Obligation, promise.pk, end_state="另一项"),
    )  # fmt: skip


def samples() -> dict[str, Callable[[Estate], Sample]]:
    def letter(s: Estate) -> Instrument:
        assert s.letter is not None
        return s.letter

    def promise(s: Estate) -> Obligation:
        return Obligation.objects.get(letter__instrument=letter(s))

    return {
        "assignment.grant": lambda s: Sample(seat(s.cast), changed(Person, s.cast.township.person.pk, is_active=False)),
        "unit.correction": lambda s: Sample(
            {"unit": s.homes[0], "track": "certificate", "reason": "错"},
            lambda: bring_to(s, s.homes[:1], "accepted", MARCH),
        ),
        "unit.standing": lambda s: Sample(
            {"units": s.homes[:2], "standing": "carried", "reason": "dispute", "evidence": "诉讼", "on": "2022-03-01",
             "review_on": None},
            lambda: bring_to(s, s.homes[1:2], "accepted", MARCH),
        ),
        "units.undo": lambda s: Sample(
            {"act": move_act(s), "reason": "错"}, lambda: move(s, s.homes[:1], "settled", TODAY, Track.TAX)
        ),
        "unit.residual": lambda s: Sample(
            {"project": s.project.pk, "residuals": [residual(s)]}, changed(Unit, s.homes[3], certificate="issued")
        ),
        "gates.pause": lambda s: Sample(
            {"blocker": s.blocker.pk, "scope": s.blocker.versions.latest("id").scope, "running": 1, "watched": 1},
            changed(BlockerVersion, s.blocker.versions.latest("id").pk, scope=[]),
        ),
        "ticket.exclude": lambda s: Sample(
            {"ticket": (key := lay_ticket(s).pk), "basis": "×考核办法第八条"}, changed(Ticket, key, round=2)
        ),
        "policy.issue": lambda s: Sample(
            {"policy": (key := policy(s.cast)), "issued_on": "2022-03-08"}, changed(Policy, key, summary="另一句")
        ),
        "obligation.extend": lambda s: Sample(
            {"obligation": promise(s).pk, "new_due_on": "2030-01-01"},
            changed(Obligation, promise(s).pk, due_on=date(2029, 1, 1)),
        ),
        "instrument.revoke": lambda s: Sample(
            {"instrument": letter(s).pk, "on": "2022-03-08"},
            changed(Obligation, promise(s).pk, state="reported"),
        ),
        "credit.waiver": lambda s: Sample(
            {"instrument": letter(s).pk, "kind": "cap", "leader": "某"},
            changed(Instrument, letter(s).pk, state=InstrumentState.CLOSING),
        ),
        "letter.setting": lambda s: Sample(
            {"district_code": "110105", "grace_days": 5, "pauses": True, "countersigns": False,
             "effective_on": "2030-01-01"},
            added(LapseRule, district_code="110105", grace_days=1, effective_on=TODAY, reason="会议"),
        ),
        "setting": setting,
        "assignment.list": lambda s: Sample(
            {"file": "账号.xlsx", "seats": [{**seat(s.cast), "area": "110105027"}]},
            changed(Person, s.cast.township.person.pk, is_active=False),
        ),
        "letter.ladder": lambda s: Sample(
            {"district_code": "110105", "offsets": {}, "senders": {}, "effective_on": "2030-01-01"},
            added(LadderRule, district_code="110105", offsets={}, senders={}, effective_on=TODAY, reason="会议"),
        ),
        "exposure.cap": lambda s: Sample(
            {"organisation": s.cast.township.organisation.pk, "homes": 5, "effective_on": "2030-01-01"},
            added(ExposureCap, organisation=s.cast.township.organisation, homes=3, effective_on=TODAY, reason="会议"),
        ),
        "month.close": month_close,
        "month.restate": month_restate,
        "import.undo": unit_list,
        "list.undo": stage_list,
        "export.personal": lambda s: Sample(
            {"words": {}, "filters": "全部", "count": 1},
            changed(Unit, s.homes[0], certificate=""),
            s.cast.district.actor,
        ),
        "paper.check": minutes,
        "paper.countersign": mending,
        "reference.change": lambda s: type_line(),
        "reference.policies": policy_line,
    }  # fmt: skip


def test_every_kind_is_here() -> None:
    assert set(samples()) == set(APPROVALS)
    assert [name for name, kind in APPROVALS.items() if kind.rests_on is None] == []


@pytest.mark.parametrize("kind", sorted(samples()))
def test_a_proposal_whose_subject_changed_is_refused_with_what_changed(story: Estate, kind: str) -> None:
    with on_day(TODAY):
        sample = samples()[kind](story)
        words = {
            "actor": sample.actor, "kind": kind, "title": kind, "payload": sample.payload, "reason": "试",
            "project_key": story.project.pk, "area_code": "110105",
        }  # fmt: skip
        approval = propose(**words)
        assert approval.seen
        assert APPROVALS[kind].differences(approval) == ()
        with pytest.raises(Refused, match="正待复核") as again:
            propose(**words)
        assert again.value.code == "already_waiting"

        sample.change()
        with pytest.raises(SubjectChanged) as caught:
            approve(actor=SYSTEM, approval=approval)

    assert (caught.value.code, len(caught.value.differences) > 0) == ("subject_changed", True)
    approval.refresh_from_db()
    assert approval.status == "waiting"


def correction(story: Estate) -> Approval:
    with on_day(TODAY):
        return propose(
            actor=story.cast.township.actor, kind="unit.correction", title="更正", reason="点错",
            payload={"unit": story.homes[0], "track": "certificate", "reason": "点错"}, subject=story.unit(0),
            project_key=story.project.pk, project_name=story.project.name, area_code="110105",
        )  # fmt: skip


def test_the_page_shows_what_changed_and_offers_to_return_or_to_propose_again(story: Estate) -> None:
    bring_to(story, story.homes[:1], "collected", date(2022, 2, 10))
    approval = correction(story)
    address = f"/approvals/{approval.pk}/"
    assert "提请以后的变化" not in sign_in(story.cast.district).get(address).content.decode()
    bring_to(story, story.homes[:1], "accepted", MARCH)

    second, first = (
        sign_in(player).get(address).content.decode() for player in (story.cast.district, story.cast.township)
    )
    for page in (second, first):
        assert all(word in page for word in ("提请以后的变化", "提请时", "现在", "已收材料", "已受理"))
    assert ('value="approve"' in second, 'value="return"' in second) == (False, True)
    assert ('value="again"' in first, 'value="again"' in second) == (True, False)
    answer = sign_in(story.cast.township).post(address, {"decision": "again"})

    assert answer.status_code == 302
    approval.refresh_from_db()
    again = Approval.objects.exclude(pk=approval.pk).get()
    assert (approval.status, again.status, again.payload) == ("withdrawn", "waiting", approval.payload)
    assert APPROVALS[again.kind].differences(again) == ()


def test_what_waits_from_before_the_rule_is_withdrawn_with_a_message_once(story: Estate) -> None:
    approval = correction(story)
    with fixture_writes():
        Approval.objects.update(about="", seen=[])
    with on_day(TODAY), refused("情况有变", code="subject_changed"):
        approve(actor=story.cast.district.actor, approval=approval)

    with on_day(TODAY):
        assert [withdraw_all_unseen(), withdraw_all_unseen()] == [1, 0]
    approval.refresh_from_db()
    assert (approval.status, "请核对后重新提请" in approval.remark) == ("withdrawn", True)
    act = Act.objects.latest("id")
    assert (act.event, act.subject_key) == ("approval.withdrawn", approval.pk)


def test_the_same_may_be_proposed_once_the_first_is_decided(story: Estate) -> None:
    first = correction(story)
    with on_day(TODAY):
        return_back(actor=story.cast.district.actor, approval=first, remark="不对")
    assert correction(story).status == "waiting"


def test_a_proposal_withdraws_itself_when_its_reason_ends(story: Estate) -> None:
    assert story.blocker is not None
    blocker: Blocker = story.blocker
    with on_day(TODAY):
        approval = propose(
            actor=SYSTEM, kind="gates.pause", title="暂停", reason="试", project_key=story.project.pk, area_code="110105",
            payload={"blocker": blocker.pk, "scope": blocker.versions.latest("id").scope, "running": 1, "watched": 1},
        )  # fmt: skip
        resolve_blocker(actor=story.cast.district.actor, blocker=blocker, resolved_on=TODAY, resolution="已办")

    approval.refresh_from_db()
    assert (approval.status, blocker.number in approval.remark) == ("withdrawn", True)
    assert approval.decided_by_id == story.cast.district.person.pk


def test_differences_pair_labels_that_stand_twice() -> None:
    then, now = [["户", "甲"], ["户", "乙"]], [["户", "甲"], ["户", "丙"], ["因", "丁"]]

    assert differences(then, then) == ()
    assert differences(then, now) == (("户", "乙", "丙"), ("因", "（无）", "丁"))
