"""The list of buildings: each row is laid down by the same service as the form, or described anew as the row says."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from projects.ledger.models import Building, Project
from projects.ledger.services.buildings import LABELS, NUMBERS, keep_building, take_back_building
from registry.kernel.authority import Actor, Permission
from registry.kernel.cell_words import CLEARED
from registry.kernel.columns import Column, ColumnSet
from registry.kernel.names import building_number
from registry.lists.columns import PROJECT
from registry.lists.kinds import Before, ListKind
from registry.lists.rows import (
    CLEAR,
    Change,
    ChangedRow,
    Claim,
    Known,
    ListRow,
    RowOutcome,
    RowPlan,
    changes_in_words,
    wanted_words,
)

BUILDING_COLUMNS: Final = ColumnSet(
    (
        PROJECT,
        Column("number", "楼号", kind="code", width=10, required=True, synonyms=("楼栋", "楼栋(幢号)", "楼栋号"), note="如 9号楼"),
        Column("name", "楼栋名称", width=18, note="不填按楼号", synonyms=("名称",)),
        Column("construction_no", "施工号", kind="code", width=12, synonyms=("施工楼号",)),
        Column("police_no", "公安楼号", kind="code", width=12, synonyms=("公安号", "门牌楼号")),
        Column("survey_no", "幢号", kind="code", width=12, synonyms=("测绘幢号", "不动产幢号")),
        Column("occupied_on", "入住日期", kind="date", width=12),
    )
)  # fmt: skip


def plan_building_rows(actor: Actor, project: Project, lines: Sequence[ListRow]) -> list[RowPlan]:
    """Lay down buildings that are not there, and describe anew those whose words differ. One query."""
    known = {one.number: one for one in Building.objects.filter(project=project)}
    return [_building_plan(project, line, known) for line in lines]


def building_example(actor: Actor, project: Project) -> dict[str, str]:
    """Return a building that the project does not have yet, nor any of its numbers. One query."""
    known = Building.objects.filter(project=project).values_list("number", *NUMBERS)
    taken = {number.lstrip("0") for numbers in known for number in numbers}
    number = next(n for n in map(str, range(1, len(taken) + 2)) if n not in taken)
    return {
        "number": f"{number}号楼", "construction_no": f"B-{number}", "police_no": number, "survey_no": number.zfill(4),
    }  # fmt: skip


def building_claims(project: Project) -> Callable[[ListRow], list[Claim]]:
    """Tell of each row which building it is about, and whose number of another scheme it states."""

    def claims(line: ListRow) -> list[Claim]:
        number = building_number(line.texts["number"])
        if not number:
            return []
        said = {BUILDING_COLUMNS.by_name(name).header: line.texts[name] for name in LABELS}
        schemes = [
            Claim((name, line.texts[name]), {"楼号": number}, LABELS[name], f"的{LABELS[name]}相同", is_alone=False)
            for name in NUMBERS
            if line.texts[name] not in ("", CLEARED)
        ]
        return [Claim((number,), said, "楼号", "是同一栋"), *schemes]

    return claims


def _building_plan(project: Project, line: ListRow, known: Mapping[str, Building]) -> RowPlan:
    number = building_number(line.texts["number"])
    rows = (line.row,)
    there = known.get(number)
    now = {name: str(getattr(there, name) or "") if there else "" for name in LABELS}
    wanted = wanted_words(line.texts, now)
    changes: list[Change] = [
        (LABELS[name], now[name], text or CLEAR) for name, text in wanted.items() if there is not None
    ]
    words: dict[str, Any] = {name: _day(text) if name == "occupied_on" else text for name, text in wanted.items()}
    label = there.name if there else line.texts["number"]
    if there is not None and not changes:
        return RowPlan(rows, label)
    before = None if there is None else {name: _plain(getattr(there, name)) for name in LABELS}

    def do(actor: Actor) -> RowOutcome:
        laid = keep_building(actor=actor, project=project, number=number, words=words, is_whole=True)
        return RowOutcome(changes_in_words(changes) or f"登记{laid.name}", (ChangedRow(laid.id, before),))

    return RowPlan(rows, label, do, changes=tuple(changes))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def known_buildings(project: Project) -> list[Known]:
    """Return the buildings of a project, a row each. One query."""
    return [
        {
            "project": project.code, "number": one.number, "name": one.name, "construction_no": one.construction_no,
            "police_no": one.police_no, "survey_no": one.survey_no, "occupied_on": one.occupied_on,
        }
        for one in Building.objects.filter(project=project).order_by("number_order", "id")
    ]  # fmt: skip


def _take_back(actor: Actor, key: int, before: Before, reason: str) -> None:
    take_back_building(actor=actor, building=Building.objects.get(pk=key), before=before, reason=reason)


BUILDING_LIST: Final = ListKind(
    "buildings",
    "楼栋",
    columns=BUILDING_COLUMNS,
    limits={"number": 20, "name": 40, "construction_no": 40, "police_no": 40, "survey_no": 40},
    example={
        "project": "CY-0001", "number": "9号楼", "construction_no": "B-9", "police_no": "12", "survey_no": "0009",
    },
    rules=("一栋一行。楼号没有的新增，有的按填的改，空格不改。", "清单里没有的楼栋不会删除。"),
    sent_by=Permission.UNIT_PLACE,
    undone_by=Permission.UNIT_PLACE,
    clearable=frozenset({*NUMBERS, "occupied_on"}),
    claims=building_claims,
    example_in=building_example,
    plan=plan_building_rows,
    known=known_buildings,
    take_back=_take_back,
    table="ledger_building",
)  # fmt: skip
