"""Lists from the registration centre, the tax office, the fund: reconciled with the ledger, then carried out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from documents.intake.results import ListRow
from documents.services.lists import CHANGED, UNCHANGED, Fault, Listed, Made, Taken, refused
from projects.ledger.models import IN_THE_BOOKS, Project, Unit
from projects.ledger.selectors.names import units_by_name
from projects.progress.services.advance import Refusal, move_units
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.stages import Track, stage_of
from registry.store.acts import Row, current_act, write
from registry.store.clock import database_now, shanghai_day

Found = tuple[Unit, str]  # a unit and what it is called
ROOM = "户号(房号)"
CODE = "不动产单元号"
DAY = "办理日期"


@dataclass
class ListOutcome:
    """What a list did: homes moved, homes that stood there already, homes refused with the reason, and the act."""

    moved: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    act_id: int = 0


class ListRefused(DomainError):
    """A list of which nothing can be carried out; `outcome` says why of each home."""

    def __init__(self, message: str, outcome: ListOutcome) -> None:
        super().__init__(message, rows=tuple(outcome.refused))
        self.outcome = outcome


def take_stages(taken: Taken, *, is_trial: bool) -> list[Listed]:
    """Tell of each line which home it means and what becomes of it; carried out unless it is a trial.

    `params` of the list: track, stage, the day of lines that state none, the name of the file. Lines that match no
    home, or several, and those that contradict the ledger are refused with what the sender can do.
    """
    project = taken.project
    if project is None:
        raise DomainError("这种清单要在项目下上传。")
    track, to = Track(taken.params["track"]), str(taken.params["to"])
    day = str(taken.params["on"]) or shanghai_day(database_now()).isoformat()
    meant, found = _meant(project, taken.rows)
    days = {unit.id: row.texts["on"] or day for row, unit, _ in meant}
    outcome = _carried_out(taken, project, days, track, to, is_trial)
    refusals = {one.unit_id: one.reason for one in outcome.refused}
    same, label = set(outcome.unchanged), stage_of(track, to).label
    for row, unit, name in meant:
        if unit.id in same:
            found.append(Listed((row.row,), name, UNCHANGED, "台账已是这个阶段，不再记"))
        elif unit.id in refusals:
            found.append(refused((row.row,), [Fault("CONTRADICTORY", refusals[unit.id])], name))
        else:
            now = getattr(unit, track.value)
            before = stage_of(track, now).label if now else "（无）"
            said = f"{days[unit.id]}办到「{label}」"
            changes = ((track.label, before, f"{label}（{days[unit.id]}）"),)
            found.append(Listed((row.row,), name, CHANGED, said, changes=changes, made=(Made(unit.id),)))
    taken.report["act"] = outcome.act_id
    return sorted(found, key=lambda one: one.rows)


def _meant(project: Project, rows: Sequence[ListRow]) -> tuple[list[tuple[ListRow, Unit, str]], list[Listed]]:
    """The home that each row means, and the rows that mean none, several, or another home than their code says."""
    known, by_name = _units_by_place(project), units_by_name(project)
    meant: list[tuple[ListRow, Unit, str]] = []
    wrong: list[Listed] = []
    first: dict[int, int] = {}
    today = shanghai_day(database_now()).isoformat()
    for row in rows:
        texts = row.texts
        entrance = f"{texts['entrance']}单元" if texts["entrance"] else ""
        name = f"{texts['building']}号楼{entrance}{texts['room']}"
        place = known.get((texts["building"], texts["entrance"], texts["room"]))
        named = [(unit, f"{unit.building}{unit}") for unit in by_name.get((texts["building"], texts["room"]), ())]
        found, why = _called(texts["unit_code"], place, named)
        if found is None:
            wrong.append(refused((row.row,), [Fault("NOT_FOUND", why, ROOM)], name))
            continue
        unit, label = found
        same = first.setdefault(unit.id, row.row)
        if same != row.row:
            said = f"与第 {same} 行是同一户（{label}）。请只留一行。"
            wrong.append(refused((row.row,), [Fault("UNIT_DUP", said, ROOM)], label))
        elif texts["unit_code"] and unit.unit_code and texts["unit_code"] != unit.unit_code:
            said = f"不动产单元号与台账不符（台账为{unit.unit_code}）。请与登记中心核对是哪一户。"
            wrong.append(refused((row.row,), [Fault("CONTRADICTORY", said, CODE)], label))
        elif texts["on"] > today:
            said = f"日期{texts['on']}还没到。请填写实际发生的日期。"
            wrong.append(refused((row.row,), [Fault("RULE", said, DAY)], label))
        else:
            meant.append((row, unit, label))
    return meant, wrong


def _units_by_place(project: Project) -> Mapping[tuple[str, str, str], Found]:
    units = Unit.objects.filter(IN_THE_BOOKS, building__project=project).select_related("building").order_by("id")
    places: dict[tuple[str, str, str], Found] = {}
    twice: set[tuple[str, str, str]] = set()
    for unit in units:
        place = (unit.building.number, unit.entrance, unit.room)
        if place in places:
            twice.add(place)  # the same number on two floors: the list does not say which
        places[place] = (unit, f"{unit.building}{unit}")
    return {place: found for place, found in places.items() if place not in twice}


def _called(unit_code: str, place: Found | None, named: Sequence[Found]) -> tuple[Found | None, str]:
    """The one unit that a line means, by its place or by a name of any scheme; or none, and what the sender can do."""
    every = {one[0].id: one for one in (*([place] if place else []), *named)}
    coded = [one for one in every.values() if unit_code and one[0].unit_code == unit_code]
    left = coded or list(every.values())
    if len(left) == 1:
        return left[0], ""
    if left:
        labels = "、".join(label for _, label in left)
        return None, f"这个户号对得上{len(left)}户：{labels}。请填不动产单元号，或改填台账的单元、户号。"
    return None, "台账没有这一户。请核对楼栋、户号，或先导入清册。"


def _carried_out(
    taken: Taken, project: Project, days: Mapping[int, str], track: Track, to: str, is_trial: bool
) -> ListOutcome:
    """Carry the list out; a trial takes all of it back: the rules that refuse are then those of the act itself."""
    if not days:
        return ListOutcome()
    try:
        with transaction.atomic():
            done: ListOutcome = carry_out_list(
                actor=taken.actor, project=project, days=days, track=track, to=to, file_name=taken.params["file"]
            )
            transaction.set_rollback(is_trial)
    except ListRefused as refusal:
        return refusal.outcome
    return done


@write(Permission.UNIT_ADVANCE, on="project")
def carry_out_list(
    *, actor: Actor, project: Project, days: Mapping[int, str], track: Track, to: str, file_name: str
) -> ListOutcome:
    """Move the homes of a reconciled list, each on its day, all rules checked again; one act.

    `days` has the ISO day by unit. Refused if nothing is left to do: the same list twice changes nothing and says so.
    """
    done = ListOutcome(act_id=current_act().id)
    by_day: dict[date, list[int]] = defaultdict(list)
    for unit, day in days.items():
        by_day[date.fromisoformat(day)].append(unit)
    for occurred_on, units in sorted(by_day.items()):
        one = move_units(actor=actor, project=project, unit_ids=units, track=track, to=to, occurred_on=occurred_on)
        done.moved += one.moved
        done.unchanged += one.unchanged
        done.refused += one.refused
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
