"""Lists from the registration centre, the tax office, the fund: reconciled with the ledger, then carried out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from projects.gates.selectors.beginnings import Beginning, beginning_of, may_be_early
from projects.ledger.models import IN_THE_BOOKS, Building, Project, Unit
from projects.ledger.selectors.names import units_by_name
from projects.progress.models import MismatchKind, ReturnKind, Submission
from projects.progress.services.mismatches import UnmatchedRow, note_mismatches
from projects.progress.services.stage_list import ListOutcome, ListRefused, carry_out_list
from projects.progress.services.submissions import WITH_PAPER, return_units, standing_of, take_back_submission
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Choice, Column, ColumnSet
from registry.kernel.errors import DomainError
from registry.kernel.stages import Track, order, stage_of
from registry.lists.bounds import day_faults
from registry.lists.columns import PROJECT
from registry.lists.kinds import Before, ListKind
from registry.lists.rows import (
    CHANGED,
    UNCHANGED,
    Apart,
    ChangedRow,
    Fault,
    ListInput,
    ListRow,
    RowOutcome,
    RowPlan,
    RowResult,
    refused,
    said_again,
)
from registry.store.clock import database_now, shanghai_day

STAGES: Final = "stages"
Found = tuple[Unit, str]  # a unit and what it is called
ROOM = "户号(房号)"
CODE = "不动产单元号"
UNMATCHED: Final = {"NOT_FOUND": MismatchKind.UNKNOWN, "CONTRADICTORY": MismatchKind.CONTRADICTORY}

STAGE_COLUMNS: Final = ColumnSet(
    (
        PROJECT,
        Column("building", "楼栋(幢号)", width=12, required=True, synonyms=("楼栋", "幢号", "楼号", "楼栋号", "栋号"),
               note="如 9号楼"),
        Column("entrance", "单元号", width=8, synonyms=("单元", "门栋"), note="没有单元的不填"),
        Column("room", "户号(房号)", kind="code", width=12, required=True, note="文本",
               synonyms=("户号", "房号", "室号", "房间号", "门牌号")),
        Column("unit_code", "不动产单元号", kind="code", width=32, note="填了就核对", synonyms=("不动产单元代码",)),
        Column("on", "办理日期", kind="date", width=12, note="不填按上传时填的日期",
               synonyms=("日期", "受理日期", "登簿日期", "缮证日期", "完税日期", "核定日期", "缴存日期", "登记日期", "发证日期", "缴税日期",
                "交存日期", "办理时间", "受理时间", "登簿时间", "登记时间", "缮证时间", "发证时间", "完税时间", "缴税时间", "核定时间",
                "缴存时间", "交存时间")),
    )
)  # fmt: skip


def carry_out_stage_list(taken: ListInput, *, is_trial: bool) -> list[RowResult]:
    """Tell of each line which home it means and what becomes of it; carried out unless it is a trial.

    `params` of the list: track, stage, the day of lines that state none, the name of the file. Lines that match no
    home, or several, and those that contradict the ledger are refused with what the sender can do.
    """
    project = taken.project
    if not isinstance(project, Project):
        raise DomainError("该种清单须在项目下上传。")
    track, to = Track(taken.params["track"]), str(taken.params["to"])
    day = str(taken.params["on"]) or shanghai_day(database_now()).isoformat()
    meant, found = homes_meant(project, taken.rows, STAGE_COLUMNS)
    behind = {unit.id for _, unit, _ in meant if _is_beyond(track, getattr(unit, track.value), to)}
    days = {unit.id: row.texts["on"] or day for row, unit, _ in meant if unit.id not in behind}
    outcome = _carried_out(taken, project, days, track, to, is_trial)
    refusals = {one.unit_id: one.reason for one in outcome.refused}
    same, label = set(outcome.unchanged), stage_of(track, to).label
    for row, unit, name in meant:
        if unit.id in behind:
            now = stage_of(track, getattr(unit, track.value)).label
            found.append(RowResult((row.row,), name, UNCHANGED, f"台账已办理至其后阶段（{now}），无需办理"))
        elif unit.id in same:
            found.append(RowResult((row.row,), name, UNCHANGED, "台账已是这个阶段，不再记"))
        elif unit.id in refusals:
            found.append(refused((row.row,), [Fault("CONTRADICTORY", refusals[unit.id], ROOM)], name))
        else:
            now = getattr(unit, track.value)
            before = stage_of(track, now).label if now else "（无）"
            said = f"{days[unit.id]}办理至“{label}”"
            changes = ((track.label, before, f"{label}（{days[unit.id]}）"),)
            found.append(RowResult((row.row,), name, CHANGED, said, changes=changes, made=(ChangedRow(unit.id),)))
    taken.report["act"] = outcome.act_id
    return sorted(found, key=lambda row: row.rows)


def keep_apart(actor: Actor, project: Project, params: Mapping[str, Any], rows: Sequence[Apart]) -> int:
    """Keep the rows of a list that fit no home or contradict the ledger, to be settled one by one; how many are new."""
    unmatched = [
        UnmatchedRow(next(kind for code, kind in UNMATCHED.items() if code in row.codes), row.named, row.said)
        for row in rows
    ]
    kept: int = note_mismatches(
        actor=actor, project=project, track=Track(params["track"]), to=str(params["to"]), file_name=params["file"],
        rows=unmatched,
    )  # fmt: skip
    return kept


def _is_beyond(track: Track, now: str, to: str) -> bool:
    """Tell whether the ledger is further than the list: an office's list may be days behind."""
    return bool(now) and order(track, now) > order(track, to)


def homes_meant(
    project: Project, rows: Sequence[ListRow], columns: ColumnSet
) -> tuple[list[tuple[ListRow, Unit, str]], list[RowResult]]:
    """Tell the home that each row means, and the rows that mean none, several, or another home than their code says.

    `columns` are those of the list: it names a home as the list of stages does, and its day `on`. Three queries.
    """
    known, by_name = _units_by_place(project), units_by_name(project)
    meant: list[tuple[ListRow, Unit, str]] = []
    wrong: list[RowResult] = []
    again: dict[int, dict[int, str]] = defaultdict(dict)
    today = shanghai_day(database_now())
    first = _beginning(project, rows)
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
        again[unit.id][row.row] = texts["on"]
        if texts["unit_code"] and unit.unit_code and texts["unit_code"] != unit.unit_code:
            said = f"不动产单元号与台账不符（台账为{unit.unit_code}）。请与登记中心核对所指的户。"
            wrong.append(refused((row.row,), [Fault("CONTRADICTORY", said, CODE)], label))
        elif early := day_faults(row, columns, today) or _too_early(row, first, columns):
            wrong.append(refused((row.row,), early, label))
        else:
            meant.append((row, unit, label))
    twice = {row.row: said_again(row.row, again[unit.id], label) for row, unit, label in meant}
    wrong += [
        refused((row.row,), [Fault("UNIT_DUP", twice[row.row], ROOM)], label)
        for row, _, label in meant
        if twice[row.row]
    ]
    return [each for each in meant if not twice[each[0].row]], wrong


def _beginning(project: Project, rows: Sequence[ListRow]) -> Beginning | None:
    """Return since when the project can have existed, if a day of the list needs a look. One query, or none."""
    early = (row.texts["on"] for row in rows if row.texts["on"])
    return beginning_of(project) if any(may_be_early(project, date.fromisoformat(on)) for on in early) else None


def _too_early(row: ListRow, first: Beginning | None, columns: ColumnSet) -> list[Fault]:
    on = row.texts["on"]
    said = first.refusal(date.fromisoformat(on)) if first is not None and on else ""
    return [Fault("DATE_BOUND", said, columns.by_name("on").header)] if said else []


def _units_by_place(project: Project) -> Mapping[tuple[str, str, str], Found]:
    units = Unit.objects.filter(IN_THE_BOOKS, building__project=project).select_related("building").order_by("id")
    places: dict[tuple[str, str, str], Found] = {}
    twice: set[tuple[str, str, str]] = set()
    for unit in units:
        place = (unit.building.number, unit.entrance, unit.room)
        if place in places:
            twice.add(place)  # the same number on two floors: the list does not say which
        places[place] = (unit, f"{unit.building}{unit}")
    kept = {place: found for place, found in places.items() if place not in twice}
    for (building, entrance, room), home in list(kept.items()):
        if home[0].floor.startswith("-") and not room.startswith("-"):  # such a list names no floor: -101
            kept.setdefault((building, entrance, f"-{room}"), home)
    return kept


def _called(unit_code: str, place: Found | None, named: Sequence[Found]) -> tuple[Found | None, str]:
    """The one unit that a line means, by its place or by a name of any scheme; or none, and what the sender can do."""
    every = {one[0].id: one for one in (*([place] if place else []), *named)}
    coded = [one for one in every.values() if unit_code and one[0].unit_code == unit_code]
    left = coded or list(every.values())
    if len(left) == 1:
        return left[0], ""
    if left:
        labels = "、".join(label for _, label in left)
        return None, f"该户号对应{len(left)}户：{labels}。请填不动产单元号，或改填台账的单元、户号。"
    return None, "台账未找到该户。请核对楼栋、户号，或先导入清册。"


def _carried_out(
    taken: ListInput, project: Project, days: Mapping[int, str], track: Track, to: str, is_trial: bool
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


def stage_example(actor: Actor, project: Project) -> dict[str, str]:
    """Return the place of the first home of the project, as it stands. One query."""
    return _example_of(Unit.objects.filter(IN_THE_BOOKS, building__project=project))


def return_example(actor: Actor, project: Project) -> dict[str, str]:
    """Return the place of the first home whose papers can be given back; of the first one if there is none yet."""
    homes = Unit.objects.filter(IN_THE_BOOKS, building__project=project)
    collected = homes.filter(certificate="collected")
    return _example_of(collected if collected.exists() else homes)


def _example_of(homes: "QuerySet[Unit]") -> dict[str, str]:
    home = homes.select_related("building").order_by("building__number_order", "id").first()
    today = shanghai_day(database_now()).isoformat()
    place = {} if home is None else {"building": home.building.name, "entrance": home.entrance, "room": home.room}
    return {**place, "on": today}


def listed_buildings(project: Project) -> dict[str, list[str]]:
    """Return the buildings of the project by name. One query."""
    buildings = Building.objects.filter(project=project).order_by("number_order", "id")
    return {"building": list(buildings.values_list("name", flat=True))}


STAGE_LIST: Final = ListKind(
    STAGES,
    "办理",
    columns=STAGE_COLUMNS,
    limits={"building": 40, "entrance": 10, "room": 20, "unit_code": 60},
    example={"project": "CY-0001", "building": "9号楼", "entrance": "3", "room": "502", "on": "2022-03-07"},
    rules=(
        "一户一行，按楼栋、单元、户号对台账；施工、销售、公安、测绘的户名也认。",
        "无法对应或与台账不一致的予以退回，并说明处理办法。",
    ),
    unit="户",
    sent_by=Permission.UNIT_ADVANCE,
    undone_by=Permission.CORRECTION_PROPOSE,
    take=carry_out_stage_list,
    example_in=stage_example,
    listed=listed_buildings,
    apart=keep_apart,
    apart_codes=frozenset(UNMATCHED),
)  # fmt: skip

RETURNS: Final = "returns"
PAPER: Final = "告知书编号"
RETURN_COLUMNS: Final = ColumnSet(
    (
        *(column for column in STAGE_COLUMNS if column.name != "on"),
        Column("kind", "退回方式", width=14, required=True, synonyms=("退件类型", "处理结果"),
               choices=tuple(Choice(kind.value, str(kind.label)) for kind in ReturnKind)),
        Column("lacks", "退回原因", width=40, required=True, synonyms=("补正内容", "所缺材料", "退件原因"),
               note="一次写明所缺的全部材料"),
        Column("paper_no", PAPER, kind="code", width=24, synonyms=("补正告知书编号", "文书编号"),
               note="补正、不予受理必填"),
        Column("on", "退回日期", kind="date", width=12, synonyms=("日期", "补正日期", "退件日期"), note="不填按上传当日"),
    )
)  # fmt: skip


def plan_return_rows(actor: Actor, project: Project, lines: Sequence[ListRow]) -> list[RowPlan]:
    """Give back the papers of each home that a row means; what stands so already is left. Five queries."""
    meant, wrong = homes_meant(project, lines, RETURN_COLUMNS)
    now = standing_of([unit.id for _, unit, _ in meant])
    plans = [RowPlan(one.rows, one.label, refusal=one.faults[0].message, header=one.faults[0].header) for one in wrong]
    return plans + [_return_plan(project, row, unit, label, now.get(unit.id)) for row, unit, label in meant]


def _return_plan(project: Project, row: ListRow, unit: Unit, label: str, stands: Submission | None) -> RowPlan:
    texts, kind = row.texts, ReturnKind(row.texts["kind"])
    on = date.fromisoformat(texts["on"]) if texts["on"] else shanghai_day(database_now())
    if stands is not None and stands.returned_on is not None and unit.certificate == "collected":
        if (stands.returned_on, stands.kind) == (on, kind.value):
            return RowPlan((row.row,), label, said=f"台账已登记{on}退回，不再记")
        return RowPlan(
            (row.row,),
            label,
            refusal=f"台账已登记{stands.returned_on}退回，之后没有重新送件。请核对。",
            header="退回日期",
        )
    if kind in WITH_PAPER and not texts["paper_no"]:
        return RowPlan((row.row,), label, refusal=f"{kind.label}须填写登记机构出具的告知书编号。", header=PAPER)

    def do(actor: Actor) -> RowOutcome:
        return_units(
            actor=actor, project=project, unit_ids=[unit.id], on=on, kind=kind, lacks=texts["lacks"],
            paper_no=texts["paper_no"],
        )  # fmt: skip
        key = Submission.objects.get(unit=unit, ended_act_id__isnull=True).pk
        return RowOutcome(f"{on}退回（{kind.label}）", (ChangedRow(key),))

    return RowPlan((row.row,), label, do)


def take_back_return(actor: Actor, key: int, before: Before, reason: str) -> None:
    """Take back the return that a row noted."""
    submission = Submission.objects.select_related("unit__building__project").get(pk=key)
    take_back_submission(actor=actor, submission=submission, reason=reason)


RETURN_LIST: Final = ListKind(
    RETURNS,
    "退回补正",
    columns=RETURN_COLUMNS,
    limits={"building": 40, "entrance": 10, "room": 20, "unit_code": 60, "lacks": 300, "paper_no": 80},
    example={
        "project": "CY-0001", "building": "9号楼", "entrance": "3", "room": "502", "kind": "补正",
        "lacks": "共有人身份证明复印件", "paper_no": "补正告知〔2022〕15号", "on": "2022-03-07",
    },
    rules=(
        "一户一行，按楼栋、单元、户号对台账；只登记已收材料、尚未受理的户。",
        "补正、不予受理填写登记机构出具的告知书编号；退回后户的阶段不变，补齐后重新送件。",
    ),
    unit="户",
    sent_by=Permission.UNIT_ADVANCE,
    undone_by=Permission.UNIT_ADVANCE,
    plan=plan_return_rows,
    take_back=take_back_return,
    table="progress_submission",
    example_in=return_example,
    listed=listed_buildings,
)  # fmt: skip
LISTS: Final = (STAGE_LIST, RETURN_LIST)
