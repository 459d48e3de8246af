"""Papers at the registration centre before 受理: handed in by the office, given back by the centre, handed in again.

What the centre decides is done in the registration system; it arrives here by its list, or is copied by hand with the
number of its paper. Nothing of this moves a home: it stays at 已收材料 until the centre accepts it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from projects.gates.selectors.blockers import building_names_of
from projects.gates.selectors.facts import facts_of
from projects.ledger.locks import lock_project, lock_units, units_by_key
from projects.ledger.models import Project, Unit
from projects.progress.models import ReturnKind, Submission
from projects.progress.services.advance import Outcome, Refusal
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError, PermissionRefused
from registry.kernel.gates import compute_gates, not_ready_words
from registry.kernel.stages import Standing, Track, stage_of
from registry.store.acts import Row, current_act, write

STAGE: Final = "collected"  # at which papers go to the centre and come back
UNIT_TABLE: Final = "ledger_unit"
WITH_PAPER: Final = frozenset({ReturnKind.SUPPLEMENT, ReturnKind.REFUSED})


class SubmissionRefused(DomainError):
    """Papers that can't be handed in, or given back."""


def may_hand_in(actor: Actor) -> bool:
    """Whether the actor's role takes papers in and brings them to the centre. No query."""
    return actor.may_advance(Track.CERTIFICATE, STAGE)


def may_return(actor: Actor) -> bool:
    """Whether the actor's role accepts applications, and so gives papers back. No query."""
    return actor.may_advance(Track.CERTIFICATE, "accepted")


@write(Permission.UNIT_ADVANCE, on="project")
def hand_in(*, actor: Actor, project: Project, unit_ids: Sequence[int], on: date, list_no: str = "") -> Outcome:
    """Note that the papers of homes went to the registration centre; again, if the centre had given them back.

    A home may go if its papers are taken in, it stands active and can be accepted on that day; those that can't are
    named with the reason. Raises SubmissionRefused if none may go.
    """
    _require_role(may_hand_in(actor), actor, "登记送件")
    lock_project(project.pk)
    units = lock_units(project, unit_ids, also_retired=True)
    now = standing_of([unit.id for unit in units])
    outcome = _handing_in(project, units, unit_ids, now, on)
    _require_any(outcome)
    act = current_act()
    Submission.objects.filter(unit_id__in=outcome.moved, ended_act_id__isnull=True).update(ended_act_id=act.id)
    Submission.objects.bulk_create(
        Submission(unit_id=key, handed_on=on, list_no=list_no, act_id=act.id) for key in outcome.moved
    )
    again = sum(key in now for key in outcome.moved)
    record(
        event="units.handed_in",
        subject=project,
        chain=project.id,
        facts={
            "count": len(outcome.moved), "on": on, "again": f"，其中重新送件{again}户" if again else "",
            "refused": len(outcome.refused), "list_no": f"，清单{list_no}" if list_no else "",
        },
        rows=_rows(outcome.moved, now, after={"handed_on": on}),
    )  # fmt: skip
    return outcome


def plan_hand_in(*, project: Project, unit_ids: Sequence[int], on: date) -> Outcome:
    """Say what `hand_in` would do, by the same rules; nothing is locked and nothing is written."""
    units = units_by_key(project, unit_ids)
    return _handing_in(project, units, unit_ids, standing_of([unit.id for unit in units]), on)


@write(Permission.UNIT_ADVANCE, on="project")
def return_units(
    *,
    actor: Actor,
    project: Project,
    unit_ids: Sequence[int],
    on: date,
    kind: ReturnKind,
    lacks: str,
    paper_no: str = "",
) -> Outcome:
    """Note that the registration centre gave the papers of homes back: how, what lacks, the number of its paper.

    Refused: no reason; 补正 and 不予受理 without the number of the centre's paper (both are told in writing); by home,
    one whose papers are not taken in or are accepted, one given back already, a day before the handing in. Homes whose
    handing in nobody noted are given back all the same: the centre had them.
    """
    _require_role(may_return(actor), actor, "登记退回")
    if not lacks.strip():
        raise SubmissionRefused("未填写退回原因。请一次写明所缺的全部材料。", field="lacks")
    if kind in WITH_PAPER and not paper_no.strip():
        raise SubmissionRefused(f"{kind.label}须填写登记机构出具的告知书编号。", field="paper_no")
    lock_project(project.pk)
    units = lock_units(project, unit_ids, also_retired=True)
    now = standing_of([unit.id for unit in units])
    outcome = _returning(units, unit_ids, now, on)
    _require_any(outcome)
    act = current_act()
    said = {"returned_on": on, "kind": kind.value, "lacks": lacks.strip(), "paper_no": paper_no.strip()}
    Submission.objects.filter(unit_id__in=outcome.moved, ended_act_id__isnull=True).update(
        **said, returned_act_id=act.id
    )
    Submission.objects.bulk_create(
        Submission(unit_id=key, act_id=act.id, returned_act_id=act.id, **said)
        for key in outcome.moved
        if key not in now
    )
    record(
        event="units.returned",
        subject=project,
        chain=project.id,
        facts={
            "count": len(outcome.moved), "on": on, "kind": kind.label, "lacks": lacks.strip(),
            "paper_no": f"，{paper_no.strip()}" if paper_no.strip() else "", "refused": len(outcome.refused),
        },
        rows=_rows(outcome.moved, now, after={"returned_on": on}),
    )  # fmt: skip
    return outcome


def plan_return(*, project: Project, unit_ids: Sequence[int], on: date) -> Outcome:
    """Say what `return_units` would do, by the same rules; nothing is locked and nothing is written."""
    units = units_by_key(project, unit_ids)
    return _returning(units, unit_ids, standing_of([unit.id for unit in units]), on)


@write(Permission.UNIT_ADVANCE, on="submission.unit")
def take_back_submission(*, actor: Actor, submission: Submission, reason: str) -> None:
    """Take back the last thing noted of a home's papers: the return, or the handing in that nothing followed.

    By whom the act is: the centre takes back a return, the office a handing in. Refused: no reason; what was followed
    by another handing in.
    """
    unit = submission.unit
    lock_project(unit.building.project_id)
    lock_units(unit.building.project, [unit.pk], also_retired=True)
    current = Submission.objects.get(pk=submission.pk)
    was_returned = current.returned_on is not None
    _require_role(may_return(actor) if was_returned else may_hand_in(actor), actor, "撤销这项登记")
    if not reason.strip():
        raise SubmissionRefused("未填写撤销原因。", field="reason")
    if current.ended_act_id is not None:
        raise SubmissionRefused(f"{unit.building}{unit}之后又送过件，不能再撤销。请从最后一次登记撤起。")
    act = current_act()
    if was_returned and current.handed_on is not None:
        gone: dict[str, Any] = {"returned_on": None, "kind": "", "lacks": "", "paper_no": "", "returned_act_id": None}
    else:
        gone = {"ended_act_id": act.id}
    before = {name: getattr(current, name) for name in gone}
    for name, value in gone.items():
        setattr(current, name, value)
    current.save(update_fields=list(gone))
    record(
        event="unit.submission_taken_back",
        subject=unit,
        chain=unit.building.project_id,
        facts={"unit": f"{unit.building}{unit}", "what": "退回" if was_returned else "送件"},
        reason=reason,
        rows=[Row.changed(current, before)],
    )


def standing_of(unit_ids: Sequence[int]) -> dict[int, Submission]:
    """Return by home what stands of its papers. A query for each 5,000 homes."""
    rows: dict[int, Submission] = {}
    for start in range(0, len(unit_ids), 5000):
        part = unit_ids[start : start + 5000]
        rows |= {row.unit_id: row for row in Submission.objects.filter(unit_id__in=part, ended_act_id__isnull=True)}
    return rows


def _handing_in(
    project: Project, units: Sequence[Unit], unit_ids: Sequence[int], now: Mapping[int, Submission], on: date
) -> Outcome:
    facts = facts_of([project.id])[project.id]
    gates, names = compute_gates(facts, on=on), building_names_of(project.id)

    def why_not(unit: Unit) -> str:
        if why := _elsewhere(unit, on):
            return why
        last = now.get(unit.id)
        if last is not None and last.returned_on is not None and on < last.returned_on:
            return f"{unit.building}{unit}于{last.returned_on}退回，重新送件日期不得早于该日。"
        if not gates.is_ready(unit.id):
            return (
                f"{unit.building}{unit}还不能受理：{not_ready_words(facts, unit.id, on, stage=STAGE, buildings=names)}"
            )
        return ""

    there = {key for key, row in now.items() if row.returned_on is None}
    return _sorted(units, unit_ids, there, why_not)


def _returning(units: Sequence[Unit], unit_ids: Sequence[int], now: Mapping[int, Submission], on: date) -> Outcome:
    def why_not(unit: Unit) -> str:
        if why := _elsewhere(unit, on):
            return why
        last = now.get(unit.id)
        if last is not None and last.handed_on is not None and on < last.handed_on:
            return f"{unit.building}{unit}于{last.handed_on}送件，退回日期不得早于该日。请核对。"
        return ""

    back = {key for key, row in now.items() if row.returned_on is not None}
    return _sorted(units, unit_ids, back, why_not)


def _elsewhere(unit: Unit, on: date) -> str:
    name = f"{unit.building}{unit}"
    if unit.certificate != STAGE:
        here = stage_of(Track.CERTIFICATE, unit.certificate).label if unit.certificate else "不在台账"
        return f"{name}现在是“{here}”，只有“{stage_of(Track.CERTIFICATE, STAGE).label}”的户可以送件、退回。"
    if unit.standing != Standing.ACTIVE:
        return f"{name}是“{Standing(unit.standing).label}”，不能办理。请先恢复正常。"
    if unit.certificate_on is not None and on < unit.certificate_on:
        return f"{name}于{unit.certificate_on}收材料，本次日期不得早于该日。请核对。"
    return ""


def _sorted(units: Sequence[Unit], unit_ids: Sequence[int], there: set[int], why_not: Callable[[Unit], str]) -> Outcome:
    known = {unit.id for unit in units}
    refused = [Refusal(key, "", "本项目无此户，未办理。") for key in unit_ids if key not in known]
    moved: list[int] = []
    unchanged: list[int] = []
    for unit in units:
        if why := why_not(unit):
            refused.append(Refusal(unit.id, f"{unit.building}{unit}", why))
        else:
            (unchanged if unit.id in there else moved).append(unit.id)
    return Outcome(tuple(moved), tuple(refused), tuple(unchanged))


def _rows(keys: Sequence[int], now: Mapping[int, Submission], *, after: Mapping[str, date]) -> list[Row]:
    """Return the rows of the homes, so that the act stands in the history of each."""
    [name] = after
    return [
        Row.of(UNIT_TABLE, key, before={name: getattr(now[key], name) if key in now else None}, after=after)
        for key in keys
    ]


def _require_role(may: bool, actor: Actor, what: str) -> None:
    if not may:
        raise PermissionRefused(f"{actor.role.label}不能{what}。请由有权的单位办理。")


def _require_any(outcome: Outcome) -> None:
    if not outcome.moved:
        said = "所选户都已登记过，不再记。" if outcome.unchanged else "未选择户。请勾选需办理的户。"
        raise SubmissionRefused(outcome.refused[0].reason if outcome.refused else said, rows=outcome.refused)
