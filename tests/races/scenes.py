"""Two acts that must not both go through as if the other were not there, and what has to hold when both have ended."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from commitments.models import Instrument
from commitments.services import sign_instrument
from commitments.services.editing import change_draft
from documents.intake.services.sessions import accept_session, submit_session
from documents.intake.services.uploads import stage_upload
from documents.papers.models import NumberSeries
from documents.papers.services import issue_paper, next_serial
from projects.casework.models import Whistle, WhistleCall
from projects.casework.services.whistles import answer_call, blow_whistle, close_whistle, report_in, return_answer
from projects.ledger.locks import lock_project
from projects.ledger.models import Move, Project
from projects.ledger.selectors.reveals import revealed_by
from projects.ledger.services.projects import change_project, take_in_project
from projects.ledger.services.reveal import STOP, reveal_holder
from projects.progress.services import advance_units, place_units
from projects.progress.services.merge import merge_projects
from registry.accounts.models import Approval
from registry.accounts.services import approve, propose
from registry.accounts.services.approvals import ApprovalKind, declare_kind, end_proposals
from registry.audit.models import Act
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.errors import DomainError
from registry.kernel.stages import Track
from registry.store.acts import WRITES, write
from registry.store.guard import fixture_writes
from registry.store.versions import Seen, mark_of
from tests.documents.intake.reading.files import home as listed_home
from tests.documents.intake.reading.files import workbook
from tests.documents.intake.services.lists import with_buildings
from tests.factories.accounts import TOWNSHIP
from tests.factories.projects import (
    PLACED,
    TODAY,
    Estate,
    draft_letter,
    first_holder,
    home,
    lay_blocker,
    lay_reveals,
    moment,
    on_day,
    project_words,
)
from tests.races import custody
from tests.races.parties import Outcome, Work

END: Final = 'INSERT INTO "audit_act"'  # all is written, nothing is committed
KIND: Final = "test.race"
rounds = count(1)


@dataclass(frozen=True)
class Scene:
    """Two works, the statement before which the first stands still, and what holds of their outcomes."""

    first: Work
    second: Work
    holds: Callable[[Outcome, Outcome], bool]
    at: str = END


def today(work: Work, hour: int = 12) -> Work:
    """The same work on the estate's day; a thread knows no day of its own."""

    def dated() -> Any:
        with on_day(TODAY, hour):
            return work()

    return dated


def one_of_two(first: Outcome, second: Outcome) -> bool:
    """One is done, the other refused by its service; what the database alone refused was seen by no lock."""
    errors = [one.error for one in (first, second) if one.error is not None]
    return len(errors) == 1 and isinstance(errors[0], DomainError) and errors[0].code != "doubled"


def merge_both_ways(estate: Estate) -> Scene:
    """A is merged into B while B is merged into A."""
    actor = estate.cast.district.actor
    one, other = _twin(estate), _twin(estate)

    def merged(project: Project, absorbed: Project) -> Work:
        return today(
            lambda: merge_projects(actor=actor, project=project, absorbed=absorbed, on=TODAY, reason="同一项目")
        )

    def holds(first: Outcome, second: Outcome) -> bool:
        gone = Project.objects.filter(pk__in=(one.pk, other.pk), merged_into__isnull=False).count()
        return gone == 1 and one_of_two(first, second)

    return Scene(merged(one, other), merged(other, one), holds)


def _twin(estate: Estate) -> Project:
    n = next(rounds)
    with on_day(PLACED):
        project: Project = take_in_project(
            actor=estate.cast.district.actor, **project_words(estate.cast, code=f"CY-8{n:03d}", name=f"演示{n}苑")
        )
        rows = [home(str(n), "1", 2, 300)]
        place_units(actor=estate.cast.district.actor, project=project, rows=rows, placed_on=PLACED, source="清册")
    return project


def close_and_return(estate: Estate) -> Scene:
    """A whistle is closed while the one answer to it is sent back."""
    caller, department = estate.cast.township, estate.cast.department
    with on_day(TODAY):
        blocker = lay_blocker(estate, "L05", on=TODAY, responsible=department.organisation)
        whistle: Whistle = blow_whistle(
            actor=caller.actor, blocker=blocker, place="9号楼前", meet_at=moment(TODAY, 15), text="定下怎么拆",
            organisations=[department.organisation], limit_days=5,
        )  # fmt: skip
        call: WhistleCall = whistle.calls.get()
        report_in(actor=department.actor, call=call)
        answer_call(actor=department.actor, call=call, answer="三十日内拆完")

    def holds(first: Outcome, second: Outcome) -> bool:
        is_closed = Whistle.objects.get(pk=whistle.pk).closed_on is not None
        is_answered = WhistleCall.objects.get(pk=call.pk).state == "answered"
        return is_closed == is_answered and one_of_two(first, second)

    return Scene(
        today(lambda: close_whistle(actor=caller.actor, whistle=whistle, note="已定")),
        today(lambda: return_answer(actor=caller.actor, call=call, reason="未填写日期")),
        holds,
    )


def same_unit(estate: Estate) -> Scene:
    """Two clerks collect the papers of one home."""
    n = next(rounds)
    with on_day(PLACED):
        rows = [home("1", "9", n, 500 + n)]
        place_units(
            actor=estate.cast.district.actor, project=estate.project, rows=rows, placed_on=PLACED, source="清册"
        )
    unit = max(estate.homes)

    def collected() -> Any:
        return advance_units(
            actor=estate.cast.township.actor, project=estate.project, unit_ids=[unit], track=Track.CERTIFICATE,
            to="collected", occurred_on=TODAY,
        )  # fmt: skip

    def holds(first: Outcome, second: Outcome) -> bool:
        moves = Move.objects.filter(unit_id=unit, track="certificate", to_stage="collected").count()
        done = sorted(len(one.value.moved) for one in (first, second) if one.is_done)
        return moves == 1 and done == [0, 1]

    return Scene(today(collected), today(collected), holds)


def _carry_out(*, actor: Actor, approval: Approval) -> None:
    record(event="organisation.changed", facts={"name": approval.title})


def same_proposal(estate: Estate) -> Scene:
    """Two people agree to one proposal."""
    declare_kind(ApprovalKind(KIND, "试", Permission.CORRECTION_APPROVE, Permission.CORRECTION_PROPOSE, _carry_out))
    with on_day(TODAY):
        approval = propose(
            actor=estate.cast.township.actor, kind=KIND, title=f"第{next(rounds)}件", payload={}, area_code=TOWNSHIP
        )

    def agreed(by: str) -> Work:
        return today(lambda: approve(actor=getattr(estate.cast, by).actor, approval=approval))

    def holds(first: Outcome, second: Outcome) -> bool:
        carried_out = Act.objects.filter(event="organisation.changed", facts__name=approval.title).count()
        return carried_out == 1 and one_of_two(first, second)

    return Scene(agreed("district"), agreed("district_second"), holds)


@write(Permission.BLOCKER_UPDATE, on="project")
def end_for_race(*, actor: Actor, project: Project, about: object) -> None:
    """End what a proposal rests on, as resolving a blocker does: the project first, then what waits about it."""
    lock_project(project.pk)
    end_proposals(actor=actor, kinds=[KIND], about=about, why="已了结")
    record(event="organisation.changed", subject=project, chain=project.pk)


WRITES.pop("end_for_race")


def end_and_approve(estate: Estate) -> Scene:
    """What a proposal rests on ends while somebody agrees to it: neither waits for the other for good."""
    declare_kind(ApprovalKind(KIND, "试", Permission.CORRECTION_APPROVE, Permission.CORRECTION_PROPOSE, _carry_out))
    about = {"n": next(rounds)}
    with on_day(TODAY):
        approval = propose(
            actor=estate.cast.township.actor, kind=KIND, title="提请", payload=about, project_key=estate.project.pk,
            area_code=TOWNSHIP,
        )  # fmt: skip

    return Scene(
        today(lambda: end_for_race(actor=estate.cast.district.actor, project=estate.project, about=about)),
        today(lambda: approve(actor=estate.cast.district.actor, approval=approval)),
        lambda first, second: one_of_two(first, second) and first.is_done,
        at='"accounts_approval"',
    )


def sign_and_edit(estate: Estate) -> Scene:
    """A letter is signed while its draft is edited: what is signed is never changed."""
    actor = estate.cast.township.actor
    with on_day(TODAY):
        letter = draft_letter(estate, lay_blocker(estate, on=TODAY))

    def signed() -> Instrument:
        found: Instrument = sign_instrument(
            actor=actor, instrument=letter, number=f"×政函〔2022〕{next(rounds)}号", signed_on=TODAY
        )
        return found

    def holds(first: Outcome, second: Outcome) -> bool:
        acts = Act.objects.filter(subject_table="commitments_instrument", subject_key=letter.pk).order_by("seq")
        last = acts.values_list("event", flat=True).last()
        return last == "instrument.signed" and (second.is_done or one_of_two(first, second))

    return Scene(
        today(signed), today(lambda: change_draft(actor=actor, instrument=letter, words={"title": "改过的题目"})), holds
    )


def same_list(estate: Estate) -> Scene:
    """Two people accept one unit list."""
    cast, n = estate.cast, next(rounds)
    rows = [listed_home(1, project=estate.project.code, building=f"{100 + n}号楼", unit_code="")]
    with on_day(TODAY):
        session = stage_upload(
            actor=cast.developer.actor, project=estate.project, content=workbook(rows), file_name=f"清册{n}.xlsx"
        )
        session = with_buildings(cast.developer.actor, session)
        submit_session(actor=cast.developer.actor, session=session)

    def accepted(by: str) -> Work:
        return today(lambda: accept_session(actor=getattr(cast, by).actor, session=session, placed_on=TODAY))

    return Scene(accepted("district"), accepted("district_second"), one_of_two)


@write(Permission.DOCUMENT_ISSUE)
def take_number_for_race(*, actor: Actor, prefix: str) -> int:
    """The next number of a series."""
    serial = next_serial(prefix, 2022)[1]
    record(event="organisation.changed", facts={"name": f"{prefix}{serial}"})
    return serial


WRITES.pop("take_number_for_race")


def lay_series() -> str:
    """A series of its own, its counter laid."""
    prefix = f"R{next(rounds)}"
    with fixture_writes():
        NumberSeries.objects.create(prefix=prefix, year=2022)
    return prefix


def number_of(prefix: str) -> Work:
    """Take a number."""
    return lambda: take_number_for_race(actor=system_actor("编号"), prefix=prefix)


def same_series(estate: Estate) -> Scene:
    """Two papers take the next number of one series."""
    prefix = lay_series()

    def holds(first: Outcome, second: Outcome) -> bool:
        return [first.error, second.error] == [None, None] and {first.value, second.value} == {1, 2}

    return Scene(number_of(prefix), number_of(prefix), holds, at='UPDATE "documents_numberseries"')


def two_papers(estate: Estate) -> Scene:
    """Two papers of one series are issued: two numbers that follow each other, none twice and none left out."""
    words = {"title": "演示小区简报", "keep": [], "issuer": "", "facts": [], "figures": [], "sentence": "", "gates": []}

    def issued(by: str) -> Work:
        return today(
            lambda: issue_paper(
                actor=getattr(estate.cast, by).actor, project=estate.project, kind="brief", snapshot=words,
                issued_on=TODAY,
            )
        )  # fmt: skip

    before = issued("city")()

    def holds(first: Outcome, second: Outcome) -> bool:
        if not (first.is_done and second.is_done):
            return False
        return [first.value.serial, second.value.serial] == [before.serial + 1, before.serial + 2]

    # once its UPDATE is done, laying the counter anew waits too: only before it the lock stands alone
    return Scene(issued("district"), issued("district_second"), holds, at='UPDATE "documents_numberseries"')


def last_reveal(estate: Estate) -> Scene:
    """Somebody who looked at 199 families today looks at two more at once: one is the last, the other is refused."""
    player = estate.cast.district
    lay_reveals(player, STOP - 1)

    def revealed() -> Any:
        return reveal_holder(actor=player.actor, holder=first_holder(estate), reason="窗口核对身份证")

    def holds(first: Outcome, second: Outcome) -> bool:
        is_refused = getattr(second.error, "code", "") == "reveal_limit"
        return first.is_done and is_refused and revealed_by(player.person.pk, TODAY) == STOP

    return Scene(today(revealed), today(revealed), holds)


def edit_and_edit(estate: Estate) -> Scene:
    """Two people save one form that both opened on the same plan: one is told, and neither reverts the other."""
    actor, plan = estate.cast.district.actor, f"第{next(rounds)}稿"
    with on_day(TODAY):
        change_project(actor=actor, project=estate.project, changes={"plan": plan}, effective_on=TODAY)
    seen = Seen({"plan": mark_of(plan), "leader": mark_of("")}, frozenset({"plan"}))

    def saved(text: str) -> Work:
        return today(
            lambda: change_project(
                actor=actor, project=estate.project, changes={"plan": text}, effective_on=TODAY, seen=seen
            )
        )

    def holds(first: Outcome, second: Outcome) -> bool:
        return first.is_done and second.says == "Overtaken" and Project.objects.get(pk=estate.project.pk).plan == "甲"

    return Scene(saved("甲"), saved("乙"), holds)


def sign_twice(estate: Estate) -> Scene:
    """Two clerks sign one manifest."""
    first, second, manifest = custody.signing(estate)
    signed = Act.objects.filter(event="manifest.signed", subject_key=manifest.pk)
    return Scene(first, second, lambda a, b: custody.told_once(a, b) and signed.count() == 1)


def take_twice(estate: Estate) -> Scene:
    """Two clerks scan one bag."""
    first, second, manifest = custody.taking(estate)
    return Scene(first, second, lambda a, b: custody.told_once(a, b) and manifest.lines.get().move.position == 2)


def list_twice(estate: Estate) -> Scene:
    """One certificate is put on two manifests."""
    first, second, manifest = custody.listing(estate)
    return Scene(first, second, lambda a, b: custody.told_once(a, b) and manifest.lines.count() == 1)


RACES: dict[str, Callable[[Estate], Scene]] = {
    scene.__name__: scene
    for scene in (
        merge_both_ways,
        close_and_return,
        same_unit,
        same_proposal,
        end_and_approve,
        sign_and_edit,
        same_list,
        same_series,
        two_papers,
        last_reveal,
        edit_and_edit,
        sign_twice,
        take_twice,
        list_twice,
    )
}
