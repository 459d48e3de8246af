"""The ladder by the clock: what lies on whose desk on which day, sent as papers, through a holiday and an extension."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from commitments.jobs import nightly as night_of_letters
from commitments.models import Instrument, LadderRule, LadderStep, Obligation, ObligationEvent
from commitments.services import (
    decide_ladder_rule,
    extend_obligation,
    report_obligation,
    revoke_instrument,
    run_ladder,
    run_lapse_rules,
    send_rung,
    verify_obligation,
)
from documents.papers.models import Paper
from documents.papers.selectors.snapshots import snapshot_of
from documents.papers.services import read_pdf
from projects.casework.models import Holiday
from projects.ledger.models import Participation
from registry.accounts.models import InboxItem, Organisation
from registry.audit.models import Act
from registry.jobs.lease import claim
from registry.jobs.services import enqueue
from registry.kernel.authority import Role
from registry.kernel.ladder import OFFSETS, Rung
from registry.store.clock import SHANGHAI
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.factories.accounts import DISTRICT, Cast, Player, lay_assignment, lay_organisation, lay_person
from tests.factories.projects import (
    SIGNED,
    Estate,
    bring_into_force,
    draft_letter,
    lay_blocker,
    lay_strange_estate,
    letter_draft,
    on_day,
    photo,
    promise,
)
from tests.factories.trials import refused

FIRST, LAST = date(2021, 8, 1), date(2021, 10, 29)  # 90 days over the National Day holiday
DUE = date(2021, 9, 30)
RUNGS = ("催办", "再催", "督办", "通报", "约谈")


@pytest.fixture
def government(estate: Estate) -> Player:
    """The district's government, taking part in the project."""
    organ = lay_organisation(code="D-GOV", name="朝阳区人民政府", kind="government", area_code=DISTRICT)
    person = lay_person(username="gov", name="辰政", organisation=organ)
    with fixture_writes():
        Participation.objects.create(project=estate.project, organisation=organ, act_id=1)
    return Player(person, organ, lay_assignment(person, organ, Role.DEPARTMENT))


@pytest.fixture
def letter(estate: Estate) -> Instrument:
    """Two promises due on the eve of the holiday."""
    promises = [promise(estate.cast, due_on=DUE), promise(estate.cast, due_on=DUE, end_state="拆除2间配套夹层")]
    with on_day(SIGNED):
        found = draft_letter(estate, lay_blocker(estate), letter=letter_draft(estate.cast, *promises))
    bring_into_force(estate, found)
    return Instrument.objects.get(pk=found.pk)


def nightly(day: date) -> None:
    with on_day(day, 1):
        run_lapse_rules(day)
        assert run_ladder(day).failed == ()


def until(last: date, first: date = FIRST) -> None:
    for number in range((last - first).days + 1):
        nightly(first + timedelta(days=number))


def desk(ordinal: int = 1) -> list[tuple[str, str, str]]:
    """Every rung that ever lay on a desk: the day it was laid there, the rung, on whose desk."""
    rows = InboxItem.objects.filter(source__startswith="commitments_ladderstep:", title__contains=f"第{ordinal}项")
    return [
        (f"{row.created_at.astimezone(SHANGHAI):%m-%d}", row.verb, str(row.organisation or row.role))
        for row in rows.order_by("id")
    ]


def waiting(verbs: tuple[str, ...] = RUNGS) -> list[tuple[str, str]]:
    rows = InboxItem.objects.filter(done_at__isnull=True, verb__in=verbs).order_by("id")
    return [(row.verb, str(row.organisation or row.role)) for row in rows]


def press(player: Player, rung: Rung, on: date, ordinal: int = 1, **more: Any) -> LadderStep:
    with on_day(on, 9):
        return send_rung(
            **{
                "actor": player.actor, "obligation": Obligation.objects.get(ordinal=ordinal), "rung": rung, "on": on,
                "text": "请按期拆除夹层", "reply_by": on + timedelta(days=10), "place": "区政府第二会议室", **more,
            }
        )  # fmt: skip


def extend(cast: Cast, on: date, to: date, ordinal: int = 1) -> None:
    with on_day(on, 10):
        extend_obligation(
            actor=cast.district.actor, obligation=Obligation.objects.get(ordinal=ordinal), new_due_on=to,
            reason="汛期停工", on=on, first=FirstPerson.of(cast.district_second.person),
        )  # fmt: skip


def test_ninety_days_over_the_holiday_with_an_extension_in_the_middle(
    letter: Instrument, government: Player, cast: Cast
) -> None:
    until(date(2021, 8, 20))
    press(cast.district, Rung.REMINDER, date(2021, 8, 20), ordinal=2)
    until(date(2021, 9, 10), first=date(2021, 8, 21))
    extend(cast, date(2021, 9, 10), date(2021, 10, 11), ordinal=2)
    until(LAST, first=date(2021, 9, 11))

    assert desk(1) == [
        ("08-19", "催办", "朝阳区专班"),
        ("09-22", "再催", "朝阳区专班"),
        ("10-08", "督办", "朝阳区人民政府"),
        ("10-14", "通报", "朝阳区人民政府"),
        ("10-27", "约谈", "朝阳区人民政府"),
    ]
    assert desk(2) == [
        ("08-19", "催办", "朝阳区专班"),
        ("09-26", "再催", "朝阳区专班"),
        ("10-12", "督办", "朝阳区人民政府"),
        ("10-19", "通报", "朝阳区人民政府"),
    ]
    steps = LadderStep.objects.filter(obligation__ordinal=2).order_by("due_on")
    assert [(step.rung, step.counted_from, step.sent_on) for step in steps][:2] == [
        ("reminder", DUE, date(2021, 8, 20)),
        ("second", date(2021, 10, 11), None),
    ]


def test_without_the_holiday_table_the_days_off_of_law_still_count(
    letter: Instrument, government: Player, cast: Cast
) -> None:
    with fixture_writes():
        Holiday.objects.all().delete()
    until(LAST)

    assert [day for day, _, _ in desk(1)] == ["08-18", "09-20", "10-04", "10-11", "10-22"]


def test_a_night_repeated_lays_nothing_twice_and_each_letter_is_one_act(letter: Instrument, cast: Cast) -> None:
    nightly(date(2021, 8, 20))
    acts = Act.objects.filter(event="ladder.laid").count()
    nightly(date(2021, 8, 20))
    nightly(date(2021, 8, 21))

    assert (acts, Act.objects.filter(event="ladder.laid").count(), len(desk(1)), len(desk(2))) == (1, 1, 1, 1)
    act = Act.objects.get(event="ladder.laid")
    assert (act.actor_name, act.facts["what"]) == ("系统（规则：督促）", "第1项催办；第2项催办；第1、2项现场检查")
    nightly(date(2021, 10, 14))
    words = "第1项督办、通报；第2项督办、通报；4件已由上一级督促措施接续，不再发"
    assert Act.objects.filter(event="ladder.laid").latest("id").facts["what"] == words


def test_a_letter_that_fails_is_named_and_keeps_no_other(letter: Instrument, cast: Cast) -> None:
    strange = lay_strange_estate(cast)
    words = {"actor": cast.strange_township.actor, "issuer": cast.strange_township.organisation}
    own = promise(cast, due_on=DUE, verifier=cast.strange_department.organisation)
    with on_day(SIGNED):
        blocker = lay_blocker_by(strange, cast.strange_district)
        other = draft_letter(strange, blocker, letter=letter_draft(cast, own), **words)
    with fixture_writes():
        Instrument.objects.filter(pk=other.pk).update(state="performing", effective_on=SIGNED, signed_on=SIGNED)
        LadderRule.objects.create(
            district_code="110108", offsets={"reminder": -30}, effective_on=SIGNED, reason="缺四级",
            recorded_at="2021-06-17T00:00:00+08:00", act_id=1,
        )  # fmt: skip
    with on_day(date(2021, 8, 20), 1):
        result = run_ladder(date(2021, 8, 20))

    assert (result.changed, [code for code, _ in result.failed]) == (1, [other.code])
    assert waiting() == [("催办", "朝阳区专班"), ("催办", "朝阳区专班")]
    enqueue(actor=cast.city.actor, kind="commitments.nightly", key="night", params={})
    assert [line.partition("：")[0] for line in night_of_letters(claim("w"))["failed"]] == [other.code]


def lay_blocker_by(estate: Estate, player: Player) -> Any:
    return lay_blocker(replace(estate, cast=replace(estate.cast, district=player)))


def test_a_rung_nobody_of_the_project_may_send_lies_on_the_task_force_s_desk(letter: Instrument) -> None:
    nightly(date(2021, 10, 8))

    item = InboxItem.objects.filter(verb="督办").earliest("id")
    assert (item.organisation, item.role, item.area_code) == (None, "district", DISTRICT)
    assert "区人民政府办公室未列入本项目参与单位" in item.title


def test_a_sent_rung_is_a_paper_an_event_and_the_promisor_s_work(letter: Instrument, cast: Cast) -> None:
    nightly(date(2021, 8, 20))
    step = press(cast.district, Rung.REMINDER, date(2021, 8, 23))

    paper = Paper.objects.get()
    assert (step.sent_on, step.paper_number, step.paper_key) == (date(2021, 8, 23), paper.number, paper.pk)
    assert (paper.kind, paper.number) == ("urging", "朝阳区专班催〔2021〕1号")
    snapshot = snapshot_of(paper)
    assert (snapshot["to"], snapshot["due_on"], snapshot["late"]) == ("十八里店乡", "2021-09-30", -38)
    event = ObligationEvent.objects.get(kind="pressed")
    assert event.text == "朝阳区专班催办，朝阳区专班催〔2021〕1号：请按期拆除夹层"
    assert waiting() == [("催办", "朝阳区专班")]
    asked = InboxItem.objects.get(verb="答复催办")
    assert (asked.organisation, asked.due_on, asked.done_at) == (cast.township.organisation, date(2021, 9, 2), None)
    assert Act.objects.latest("id").event == "obligation.pressed"
    with on_day(date(2021, 8, 25)):
        report_obligation(
            actor=cast.township.actor, obligation=Obligation.objects.get(ordinal=1), on=date(2021, 8, 25),
            text="已进场", is_done=False,
        )  # fmt: skip
    asked.refresh_from_db()
    assert asked.done_at is not None


def test_numbers_run_by_organ_and_year(letter: Instrument, government: Player, cast: Cast) -> None:
    press(cast.district, Rung.REMINDER, date(2021, 8, 20))
    press(cast.district, Rung.REMINDER, date(2021, 8, 20), ordinal=2)
    press(government, Rung.SUPERVISION, date(2021, 10, 8))
    press(government, Rung.CIRCULAR, date(2021, 10, 14))
    press(government, Rung.SUMMONS, date(2021, 10, 27))

    assert list(Paper.objects.order_by("id").values_list("kind", "number")) == [
        ("urging", "朝阳区专班催〔2021〕1号"),
        ("urging", "朝阳区专班催〔2021〕2号"),
        ("supervision", "朝阳区人民政府督〔2021〕1号"),
        ("circular", "朝阳区人民政府通〔2021〕1号"),
        ("summons", "朝阳区人民政府约〔2021〕1号"),
    ]
    assert (last := snapshot_of(Paper.objects.latest("id")))["earlier"] == [
        "催办（朝阳区专班催〔2021〕1号）", "督办（朝阳区人民政府督〔2021〕1号）", "通报（朝阳区人民政府通〔2021〕1号）",
    ]  # fmt: skip
    assert (last["title"], last["late"], last["meeting_place"], last["reply_by"]) == (
        "关于就演示小区政府承诺事项逾期问题开展约谈的通知", 27, "区政府第二会议室", "2021-11-06",
    )  # fmt: skip


def test_a_paper_after_an_extension_names_both_days(letter: Instrument, cast: Cast) -> None:
    extend(cast, date(2021, 8, 19), date(2021, 10, 11))
    press(cast.district, Rung.SECOND, date(2021, 9, 26))

    snapshot = snapshot_of(Paper.objects.get())
    assert (snapshot["due_on"], snapshot["original_due_on"]) == ("2021-10-11", "2021-09-30")
    assert snapshot["title"] == "关于商请加快落实演示小区政府承诺事项的函", "nothing was sent before"
    press(cast.district, Rung.REMINDER, date(2021, 8, 19), ordinal=2)
    press(cast.district, Rung.SECOND, date(2021, 9, 22), ordinal=2)
    assert snapshot_of(Paper.objects.latest("id"))["title"] == "关于再次商请加快落实演示小区政府承诺事项的函"
    assert read_pdf(Paper.objects.latest("id")).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("rung", "day", "words"),
    [
        (Rung.CIRCULAR, date(2021, 10, 14), "规自分局为部门，不能对十八里店乡作出通报。通报由区人民政府办公室"),
        (Rung.SUMMONS, date(2021, 10, 27), "规自分局为部门，不能对十八里店乡作出约谈。约谈由区领导"),
    ],
)
def test_a_branch_of_a_bureau_neither_circulates_nor_summons_a_township(
    letter: Instrument, cast: Cast, rung: Rung, day: date, words: str
) -> None:
    with refused(words, code="not_above"):
        press(cast.department, rung, day)


def test_who_may_not_send_what_is_told_who_may(letter: Instrument, government: Player, cast: Cast) -> None:
    with refused("督办由区人民政府办公室发出，朝阳区专班不能发", code="not_sender"):
        press(cast.district, Rung.SUPERVISION, date(2021, 10, 8))
    with refused("催办由工作专班办公室发出，规自分局不能发", code="not_sender"):
        press(cast.department, Rung.REMINDER, date(2021, 8, 20))
    with refused("催办须在2021-08-19以后发出", code="too_early", field="on"):
        press(cast.district, Rung.REMINDER, date(2021, 8, 18))
    with refused("已到更高一级督促时间，不再催办。请办理再催", code="overtaken"):
        press(cast.district, Rung.REMINDER, date(2021, 9, 22))
    with refused("未填写要求", field="text"):
        press(cast.district, Rung.REMINDER, date(2021, 8, 20), text=" ")
    with refused("答复或约谈的日期须在2021-08-20以后", field="reply_by"):
        press(cast.district, Rung.REMINDER, date(2021, 8, 20), reply_by=date(2021, 8, 20))
    with refused("未填写约谈地点", field="place"):
        press(government, Rung.SUMMONS, date(2021, 10, 27), place="")
    press(cast.district, Rung.REMINDER, date(2021, 8, 20))
    with refused("第1项已于2021-08-20催办（朝阳区专班催〔2021〕1号）", code="sent"):
        press(cast.district, Rung.REMINDER, date(2021, 8, 23))
    press(government, Rung.SUPERVISION, date(2021, 10, 8))
    with refused("已发更高一级的督促，不再再催", code="overtaken"):
        press(cast.district, Rung.SECOND, date(2021, 10, 8))


def test_a_reminder_overtaken_leaves_the_desk(letter: Instrument, cast: Cast) -> None:
    nightly(date(2021, 8, 20))
    nightly(date(2021, 9, 22))

    assert waiting() == [("再催", "朝阳区专班"), ("再催", "朝阳区专班")]
    left = LadderStep.objects.filter(rung="reminder")
    assert {step.skipped_reason for step in left} == {"已由上一级督促措施接续"}


def test_an_extension_takes_the_unsent_off_the_desk_and_counts_anew(
    letter: Instrument, government: Player, cast: Cast
) -> None:
    nightly(date(2021, 10, 8))
    press(government, Rung.SUPERVISION, date(2021, 10, 8))
    nightly(date(2021, 10, 14))
    assert ("通报", "朝阳区人民政府") in waiting()
    extend(cast, date(2021, 10, 15), date(2021, 12, 31))

    steps = {step.rung: step for step in LadderStep.objects.filter(obligation__ordinal=1)}
    assert (steps["supervision"].counted_from, steps["supervision"].sent_on) == (DUE, date(2021, 10, 8))
    assert (steps["circular"].counted_from, steps["circular"].proposed_on) == (date(2021, 12, 31), None)
    assert steps["circular"].due_on == date(2022, 1, 11)
    own = InboxItem.objects.filter(verb="通报", title__contains="第1项", done_at__isnull=True)
    assert not own.exists()


def verify(cast: Cast, on: date, **more: Any) -> Obligation:
    found = Obligation.objects.get(ordinal=1)
    with on_day(on):
        report_obligation(actor=cast.township.actor, obligation=found, on=on, text="已拆除", is_done=True)
        return verify_obligation(
            **{
                "actor": cast.department.actor, "obligation": found, "on": on, "evidence": "现场照片", "passed": True,
                **photo(on), **more,
            }
        )  # fmt: skip


def test_a_verified_promise_clears_its_desks_and_is_pressed_no_more(
    letter: Instrument, government: Player, cast: Cast
) -> None:
    until(date(2021, 8, 20), first=date(2021, 8, 20))
    verify(cast, date(2021, 8, 23))

    assert waiting() == [("催办", "朝阳区专班")]
    until(LAST, first=date(2021, 8, 24))
    assert [verb for _, verb, _ in desk(1)] == ["催办"]
    assert [verb for _, verb, _ in desk(2)] == list(RUNGS)
    with refused("第1项已核验，无需督办"):
        press(government, Rung.SUPERVISION, date(2021, 10, 8))


def test_a_revoked_letter_is_pressed_no_more(letter: Instrument, cast: Cast) -> None:
    nightly(date(2021, 8, 20))
    with on_day(date(2021, 8, 23)):
        revoke_instrument(
            actor=cast.district.actor, instrument=letter, on=date(2021, 8, 23), reason="逾期未整改",
            first=FirstPerson.of(cast.district_second.person),
        )  # fmt: skip
    nightly(date(2021, 8, 24))
    assert not InboxItem.objects.filter(done_at__isnull=True, project_key=letter.project_id).exists()
    assert {step.skipped_reason for step in LadderStep.objects.all()} == {"承诺函不再履行"}
    nightly(date(2021, 8, 25))
    assert Act.objects.filter(event="ladder.laid").count() == 2, "what ended is taken back once"


def decide(cast: Cast, **more: Any) -> LadderRule:
    with on_day(date(2021, 8, 1)):
        return decide_ladder_rule(
            **{
                "actor": cast.city.actor, "district_code": DISTRICT, "offsets": {**OFFSETS, Rung.REMINDER: -20},
                "senders": {"supervision": ["D-TF"]}, "effective_on": date(2021, 8, 1), "reason": "区专班会议纪要",
                "first": FirstPerson.of(cast.system_admin.person), **more,
            }
        )  # fmt: skip


def test_a_district_sets_its_days_and_senders(letter: Instrument, cast: Cast) -> None:
    decide(cast)
    until(date(2021, 10, 8))

    assert desk(1) == [
        ("09-02", "催办", "朝阳区专班"), ("09-22", "再催", "朝阳区专班"), ("10-08", "督办", "朝阳区专班"),
    ]  # fmt: skip


def test_a_setting_out_of_order_is_refused(letter: Instrument, cast: Cast) -> None:
    with refused("逐级往后", field="offsets"):
        decide(cast, offsets={**OFFSETS, Rung.SECOND: -40})
    for rung, sender, said in (
        ("circular", "D-PLAN", "部门不能对乡镇、街道通报"), ("circular", "无此单位", "没有编码或类别为“无此单位”的单位"),
        ("喊话", "D-TF", "没有“喊话”这级督促"),
    ):  # fmt: skip
        with refused(said, field="senders"):
            decide(cast, senders={rung: [sender]})
    with refused("须由两人办理", code="second_person"):
        decide(cast, first=FirstPerson.of(cast.city.person))
    with refused("起始日期2021-07-31早于今日", field="effective_on"):
        decide(cast, effective_on=date(2021, 7, 31))
    assert Organisation.objects.filter(code="D-PLAN").exists()
