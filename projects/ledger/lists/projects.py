"""The list of projects: each row is taken in by the same service as the form, or changed as the row says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from projects.ledger.choices import HOUSING_TYPES
from projects.ledger.models import Project
from projects.ledger.selectors.projects import next_code, projects_visible_to
from projects.ledger.services.projects import COLLECTIVE, change_project, take_in_project, take_out_project
from projects.ports import project_leaves
from registry.accounts.selectors.areas import every_name, first_township, names_of, place_of, unknown
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Choice, Column, ColumnSet
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import DistrictCode
from registry.kernel.stages import HousingType
from registry.lists.kinds import Before, ListKind
from registry.lists.rows import (
    CLEAR,
    Change,
    ChangedRow,
    Check,
    Claim,
    Fault,
    Known,
    ListRow,
    RowOutcome,
    RowPlan,
    changes_in_words,
    wanted_words,
    without_clearing,
)
from registry.store.clock import database_now, shanghai_day

LANDS: Final = (Choice("state", "国有", ("国有土地",)), Choice("collective", "集体", ("集体土地", "小产权")))
HOUSING: Final = tuple(Choice(one.value, one.label) for one in HousingType)

PROJECT_COLUMNS: Final = ColumnSet(
    (
        Column("code", "项目编号", kind="code", width=12, required=True, synonyms=("项目代码", "项目编码")),
        Column("name", "项目名称", width=24, required=True, synonyms=("名称", "小区名称")),
        Column("district_code", "区代码", kind="code", width=9, note="可不填，由街道乡镇代码得出"),
        Column("district_name", "区", width=10, note="可不填；填了就核对"),
        Column("township_code", "街道乡镇代码", kind="code", width=12, required=True, note="行政区划表里的9位代码"),
        Column("township_name", "街道乡镇", width=14, note="可不填；填了就核对"),
        Column("housing_type", "房屋类型", width=12, required=True, choices=HOUSING),
        Column("land", "土地性质", width=10, choices=LANDS, note="不填按国有；集体土地上的不纳入"),
        Column("sold_on", "销售日期", kind="date", width=12, note="填了就核对纳入的截止日期"),
        Column("location", "坐落", width=28),
        Column("taken_in_on", "纳入日期", kind="date", width=12, required=True),
        Column("officer", "责任人", width=12),
    )
)

WORDS: Final = ("name", "housing_type", "location", "officer")
CHANGEABLE: Final = ("name", "housing_type", "location", "officer", "sold_on")
FIXED: Final = ("district_code", "township_code", "taken_in_on")
TYPES: Final = dict(HOUSING_TYPES)


def misplaced(project: None) -> Check:
    """Say which codes of a row are none, are not in the city's table, or stand beside another's name. Three queries."""
    known = _names_by_code()

    def check(line: ListRow) -> list[Fault]:
        wrong = [fault for level in ("district", "township") for fault in _misplaced(line, level, known)]
        if wrong:
            return wrong
        district, township = (_digits(line.texts[f"{level}_code"]) for level in ("district", "township"))
        if not township.startswith(district):
            said = f"{known[township][0]}不属于{known[district][0]}。请核对代码。"
            wrong.append(_fault("township_code", said))
        return wrong

    return check


def _names_by_code() -> dict[str, list[str]]:
    """The name of each code in the table, then those that projects were taken in under: our own export is no fault."""
    names = {code: [name] for code, name in every_name().items()}
    for level in ("district", "township"):
        for code, name in Project.objects.values_list(f"{level}_code", f"{level}_name").distinct():
            names.setdefault(code, []).append(name)
    return names


def _misplaced(line: ListRow, level: str, known: Mapping[str, list[str]]) -> list[Fault]:
    text, name = line.texts[f"{level}_code"], line.texts[f"{level}_name"]
    if not text:
        return []
    try:
        code = DistrictCode.parse(text).stem
    except DomainError as error:
        return [_fault(f"{level}_code", error.message)]
    if code not in known:
        return [_fault(f"{level}_code", unknown(code, "").message)]
    if name and name not in known[code]:
        said = f"代码{code}是{known[code][0]}，清单里写的是{name}。请核对代码，名称可不填。"
        return [_fault(f"{level}_name", said)]
    return []


def _fault(name: str, said: str) -> Fault:
    return Fault("RULE", said, PROJECT_COLUMNS.by_name(name).header)


def _digits(text: str) -> str:
    return DistrictCode.parse(text).stem if text else ""


def plan_project_rows(actor: Actor, project: None, lines: Sequence[ListRow]) -> list[RowPlan]:
    """Take in the projects that are not there, and change those in reach whose words differ. One query.

    A number in use by a project of another place is refused: it is more likely a wrong number than a change. Of one out
    of reach nothing is told but that its number is taken.
    """
    codes = [line.texts["code"] for line in lines]
    known = {one.code: one for one in Project.objects.visible_to(actor).filter(code__in=codes)}
    return [_plan(line, known.get(line.texts["code"])) for line in lines]


def _plan(line: ListRow, known: Project | None) -> RowPlan:
    label = f"{line.texts['code']} {line.texts['name']}"
    return _taken_in(line, label) if known is None else _changed(line, label, known)


def project_example(actor: Actor, project: None) -> dict[str, str]:
    """Return a project of the actor's own place, of a number that is free, taken in today. Five queries."""
    near = projects_visible_to(actor).order_by("code").first()
    code = near.township_code if near is not None else first_township(actor.area_code)
    place = asdict(place_of(code)) if code in names_of([code]) else {}
    today = shanghai_day(database_now())
    return {"code": next_code(actor.area_code, on=today), **place, "taken_in_on": today.isoformat()}


def project_claims(project: None) -> Callable[[ListRow], list[Claim]]:
    """Tell of each row which project it is about."""

    def claims(line: ListRow) -> list[Claim]:
        code = line.texts["code"]
        said = {column.header: line.texts[column.name] for column in PROJECT_COLUMNS if column.name != "code"}
        return [Claim((code,), said, "项目编号", "的项目编号相同")] if code else []

    return claims


def _taken_in(line: ListRow, label: str) -> RowPlan:
    texts = without_clearing(line.texts)
    if texts["land"] == "collective":
        return RowPlan((line.row,), label, refusal=COLLECTIVE, header="土地性质")

    def do(actor: Actor) -> RowOutcome:
        words: dict[str, Any] = {name: texts[name] for name in WORDS if texts[name]}
        if texts["sold_on"]:
            words["sold_on"] = date.fromisoformat(texts["sold_on"])
        taken = take_in_project(
            actor=actor,
            code=texts["code"],
            township_code=_digits(texts["township_code"]),
            taken_in_on=date.fromisoformat(texts["taken_in_on"]),
            is_state_owned=True,
            **words,
        )
        return RowOutcome(f"纳入{taken.code} {taken.name}", (ChangedRow(taken.id),))

    return RowPlan((line.row,), label, do)


def _changed(line: ListRow, label: str, known: Project) -> RowPlan:
    texts, rows = line.texts, (line.row,)
    now = _words(known)
    moved = [PROJECT_COLUMNS.by_name(name).header for name in FIXED if _is_other(name, texts[name], now[name])]
    if moved:
        said = (
            f"编号{known.code}已用于另一个项目，或{'、'.join(moved)}与台账不同。请核对编号；地点、纳入日期不由清单改。"
        )
        return RowPlan(rows, label, refusal=said, header="项目编号")
    if texts["land"] == "collective":
        return RowPlan(
            rows, label, refusal="台账里是国有土地上的项目。集体土地上的房屋不在台账范围内，请核对。", header="土地性质"
        )
    wanted = wanted_words(texts, {name: str(now[name] or "") for name in CHANGEABLE})
    if not wanted:
        return RowPlan(rows, label)
    changes: list[Change] = [
        (PROJECT_COLUMNS.by_name(name).header, _shown(name, now[name]), _shown(name, text) or CLEAR)
        for name, text in wanted.items()
    ]

    def do(actor: Actor) -> RowOutcome:
        actor.require(Permission.PROJECT_UPDATE)
        values = typed(wanted)
        change_project(actor=actor, project=known, changes=values, effective_on=shanghai_day(database_now()))
        before = {name: str(now[name] or "") for name in wanted}
        return RowOutcome(changes_in_words(changes), (ChangedRow(known.id, before),))

    return RowPlan(rows, label, do, changes=tuple(changes))


def typed(words: Mapping[str, str]) -> dict[str, Any]:
    """Return words of a project as its fields hold them."""
    return {
        name: (date.fromisoformat(text) if text else None) if name == "sold_on" else text
        for name, text in words.items()
    }


def _words(project: Project) -> dict[str, Any]:
    return {name: getattr(project, name) for name in (*CHANGEABLE, *FIXED)}


def _is_other(name: str, text: str, now: Any) -> bool:
    return bool(text) and (text if name == "taken_in_on" else _digits(text)) != str(now)


def _shown(name: str, value: Any) -> str:
    return str(TYPES.get(value, value) or "") if name == "housing_type" else str(value or "")


def known_projects(actor: Actor) -> list[Known]:
    """Return the projects in reach, a row each. One query."""
    return [
        {
            "code": one.code, "name": one.name, "district_code": one.district_code, "district_name": one.district_name,
            "township_code": one.township_code, "township_name": one.township_name,
            "housing_type": one.get_housing_type_display(), "land": "国有", "sold_on": one.sold_on,
            "location": one.location, "taken_in_on": one.taken_in_on, "officer": one.officer,
        }
        for one in projects_visible_to(actor).order_by("code")
    ]  # fmt: skip


def _take_back(actor: Actor, key: int, before: Before, reason: str) -> None:
    project = Project.objects.get(pk=key)
    if before is not None:
        actor.require(Permission.PROJECT_UPDATE)
        change_project(actor=actor, project=project, changes=typed(before), effective_on=shanghai_day(database_now()))
        return
    project_leaves(project)
    take_out_project(actor=actor, project=project, reason=reason)


PROJECT_LIST: Final = ListKind(
    "projects",
    "项目",
    columns=PROJECT_COLUMNS,
    limits={"code": 20, "name": 80, "district_name": 20, "township_name": 40, "location": 120, "officer": 40},
    example={
        "code": "XM-0001", "name": "某某小区", "district_code": "990101", "district_name": "某某区",
        "township_code": "990101001", "township_name": "某某街道", "housing_type": "商品房",
        "taken_in_on": "2022-01-10",
    },
    rules=(
        "一个项目一行。编号没有的纳入；已有的按填的改名称、类型、坐落、责任人、销售日期，空格不改。",
        "集体土地、超过截止日期的不纳入。",
    ),
    sent_by=Permission.PROJECT_CREATE,
    undone_by=Permission.PROJECT_CREATE,
    of_project=False,
    page="ledger:projects",
    clearable=frozenset({"sold_on", "location", "officer"}),
    claims=project_claims,
    example_in=project_example,
    check=misplaced,
    plan=plan_project_rows,
    known=known_projects,
    take_back=_take_back,
    table="ledger_project",
)  # fmt: skip
