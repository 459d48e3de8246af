"""Lists from the registration centre, the tax office, the fund: reconciled with the ledger, then carried out."""

import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from django.db import transaction

from documents.intake.stage_rows import StageLine, read_stage_list
from projects.ledger.models import IN_THE_BOOKS, Project, Unit
from projects.ledger.selectors.names import units_by_name
from projects.progress.services.advance import Refusal, advance_within_act
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.stages import Track, stage_of
from registry.store.acts import Row, write

MOVE, SAME, UNKNOWN, CONTRADICTORY = "move", "same", "unknown", "contradictory"
VERDICTS: Final = (
    (MOVE, "可记办", ""), (SAME, "已是这个阶段", ""), (CONTRADICTORY, "与台账矛盾", "late"), (UNKNOWN, "对不上", "late"),
)  # fmt: skip
Found = tuple[int, str, str]  # a unit: key, unit code, label


@dataclass(frozen=True)
class Reconciled:
    """One line beside the ledger: what it would do, and the action that it asks for."""

    row: int
    label: str
    verdict: str
    action: str
    unit_id: int = 0
    on: str = ""


@dataclass
class ListOutcome:
    """What a list did: homes moved, homes that stood there already, homes refused with the reason."""

    moved: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


class ListRefused(DomainError):
    """A list of which nothing can be carried out; `outcome` says why of each home."""

    def __init__(self, message: str, outcome: ListOutcome) -> None:
        super().__init__(message, rows=tuple(outcome.refused))
        self.outcome = outcome


def reconcile(
    *, actor: Actor, project: Project, content: bytes, file_name: str, track: Track, to: str, on: date
) -> list[Reconciled]:
    """This will read a list and tell of each line what it would do. Writes nothing: the trial is taken back."""
    with tempfile.TemporaryDirectory(prefix="intake-") as folder:
        path = Path(folder) / f"upload{Path(file_name).suffix.lower()[:8]}"
        path.write_bytes(content)
        lines = read_stage_list(path, expected_project=project.code)
    known, by_name = _units_by_place(project), units_by_name(project)
    matched: list[tuple[StageLine, int, str]] = []
    found: list[Reconciled] = []
    for line in lines:
        named = f"{line.building}号楼{f'{line.entrance}单元' if line.entrance else ''}{line.room}"
        if line.error:
            found.append(Reconciled(line.row, "", UNKNOWN, line.error))
            continue
        meant, why = _called(
            line,
            known.get((line.building, line.entrance, line.room)),
            [_found(unit) for unit in by_name.get((line.building, line.room), ())],
        )
        unit, code, label = meant or (0, "", named)
        if not meant:
            found.append(Reconciled(line.row, named, UNKNOWN, why))
        elif line.unit_code and code and line.unit_code != code:
            why = f"不动产单元号与台账不符（台账为{code}）。请与登记中心核对是哪一户。"
            found.append(Reconciled(line.row, label, CONTRADICTORY, why))
        else:
            matched.append((line, unit, label))
    days = {unit: line.on or on.isoformat() for line, unit, _ in matched}
    outcome = _trial(actor, project, days, track, to)
    refused = {one.unit_id: one.reason for one in outcome.refused}
    same = set(outcome.unchanged)
    for line, unit, label in matched:
        verdict, action = MOVE, f"办到「{stage_of(track, to).label}」"
        if unit in same:
            verdict, action = SAME, "台账已是这个阶段，不再记"
        elif unit in refused:
            verdict, action = CONTRADICTORY, refused[unit]
        found.append(Reconciled(line.row, label, verdict, action, unit, days[unit]))
    return sorted(found, key=lambda one: one.row)


def _found(unit: Unit) -> Found:
    return unit.id, unit.unit_code or "", f"{unit.building}{unit}"


def _units_by_place(project: Project) -> Mapping[tuple[str, str, str], Found]:
    units = Unit.objects.filter(IN_THE_BOOKS, building__project=project).select_related("building").order_by("id")
    places: dict[tuple[str, str, str], Found] = {}
    twice: set[tuple[str, str, str]] = set()
    for unit in units:
        place = (unit.building.number, unit.entrance, unit.room)
        if place in places:
            twice.add(place)  # the same number on two floors: the list does not say which
        places[place] = _found(unit)
    return {place: found for place, found in places.items() if place not in twice}


def _called(line: StageLine, place: Found | None, named: Sequence[Found]) -> tuple[Found | None, str]:
    """The one unit that a line means, by its place or by a name of any scheme; or none, and what the sender can do."""
    every = {one[0]: one for one in (*([place] if place else []), *named)}
    coded = [one for one in every.values() if line.unit_code and one[1] == line.unit_code]
    left = coded or list(every.values())
    if len(left) == 1:
        return left[0], ""
    if left:
        labels = "、".join(label for _, _, label in left)
        return None, f"这个户号对得上{len(left)}户：{labels}。请填不动产单元号，或改填台账的单元、户号。"
    return None, "台账没有这一户。请核对楼栋、户号，或先导入清册。"


def _trial(actor: Actor, project: Project, days: Mapping[int, str], track: Track, to: str) -> ListOutcome:
    """Carry the list out and take all of it back: the rules that refuse are then those of the act itself."""
    if not days:
        return ListOutcome()
    try:
        with transaction.atomic():
            done: ListOutcome = carry_out_list(
                actor=actor, project=project, days=days, track=track, to=to, file_name=""
            )
            transaction.set_rollback(True)
    except ListRefused as refusal:
        return refusal.outcome
    return done


def _carry_out(actor: Actor, project: Project, days: Mapping[int, str], track: Track, to: str) -> ListOutcome:
    by_day: dict[date, list[int]] = defaultdict(list)
    for unit, day in days.items():
        by_day[date.fromisoformat(day)].append(unit)
    done = ListOutcome()
    for occurred_on, units in sorted(by_day.items()):
        one = advance_within_act(
            actor=actor, project=project, unit_ids=units, track=track, to=to, occurred_on=occurred_on
        )
        done.moved += one.moved
        done.unchanged += one.unchanged
        done.refused += one.refused
    return done


@write(Permission.UNIT_ADVANCE, on=lambda kw: kw["project"])
def carry_out_list(
    *, actor: Actor, project: Project, days: Mapping[int, str], track: Track, to: str, file_name: str
) -> ListOutcome:
    """This will move the homes of a reconciled list, each on its day, all rules checked again; one act.

    `days` has the ISO day by unit. Refused if nothing is left to do: the same list twice changes nothing and says so.
    """
    done = _carry_out(actor, project, days, track, to)
    stage = stage_of(track, to)
    if not done.moved:
        raise ListRefused(f"没有可办的户：清单里的户都已是「{stage.label}」，或不能办。", done)

    record(
        event="units.listed",
        subject=project,
        chain=project.id,
        facts={
            "file": file_name,
            "track": track.label,
            "stage": stage.label,
            "count": len(done.moved),
            "unchanged": len(done.unchanged),
            "refused": len(done.refused),
        },
        rows=[Row("ledger_unit", key, None, {track.value: to, "on": days[key]}) for key in done.moved],
    )
    return done
