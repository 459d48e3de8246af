"""The list of projects: each row is taken in by the same service as the form, or changed as the row says."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from documents.intake.list_columns import PROJECT_COLUMNS
from projects.ledger.choices import HOUSING_TYPES
from projects.ledger.models import Project
from projects.ledger.selectors.projects import projects_visible_to
from projects.ledger.services.projects import change_project, take_in_project
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import DistrictCode
from registry.lists.rows import Change, Check, Deed, Done, Fault, Known, ListRow, Made, told
from registry.store.clock import database_now, shanghai_day

WORDS: Final = ("name", "district_name", "township_name", "housing_type", "location", "officer")
CHANGEABLE: Final = ("name", "housing_type", "location", "officer", "sold_on")
FIXED: Final = ("district_code", "township_code", "taken_in_on")
TYPES: Final = dict(HOUSING_TYPES)


def misplaced(project: None) -> Check:
    """Say which of a row's codes of districts are none. No query."""

    def check(line: ListRow) -> list[Fault]:
        wrong = []
        for name in ("district_code", "township_code"):
            try:
                if line.texts[name]:
                    DistrictCode.parse(line.texts[name])
            except DomainError as error:
                wrong.append(Fault("RULE", error.message, PROJECT_COLUMNS.by_name(name).header))
        return wrong

    return check


def project_deeds(actor: Actor, project: None, lines: Sequence[ListRow]) -> list[Deed]:
    """Take in the projects that are not there, and change those in reach whose words differ. One query.

    A number in use by a project of another place is refused: it is more likely a wrong number than a change. Of one out
    of reach nothing is told but that its number is taken.
    """
    codes = [line.texts["code"] for line in lines]
    known = {one.code: one for one in Project.objects.visible_to(actor).filter(code__in=codes)}
    first: dict[str, int] = {}
    return [_deed(line, known.get(line.texts["code"]), first) for line in lines]


def _deed(line: ListRow, known: Project | None, first: dict[str, int]) -> Deed:
    texts, rows = line.texts, (line.row,)
    label = f"{texts['code']} {texts['name']}"
    same = first.setdefault(texts["code"], line.row)
    if same != line.row:
        return Deed(rows, label, refusal=f"与第 {same} 行的项目编号相同。请只留一行，或改正编号。")
    return _taken_in(line, label) if known is None else _changed(line, label, known)


def _taken_in(line: ListRow, label: str) -> Deed:
    texts = line.texts

    def do(actor: Actor) -> Done:
        words: dict[str, Any] = {name: texts[name] for name in WORDS if texts[name]}
        if texts["sold_on"]:
            words["sold_on"] = date.fromisoformat(texts["sold_on"])
        taken = take_in_project(
            actor=actor,
            code=texts["code"],
            district_code=DistrictCode.parse(texts["district_code"]).format(),
            township_code=DistrictCode.parse(texts["township_code"]).format(),
            taken_in_on=date.fromisoformat(texts["taken_in_on"]),
            is_state_owned=texts["land"] != "collective",
            **words,
        )
        return Done(f"纳入{taken.code} {taken.name}", (Made(taken.id),))

    return Deed((line.row,), label, do)


def _changed(line: ListRow, label: str, known: Project) -> Deed:
    texts, rows = line.texts, (line.row,)
    now = _words(known)
    moved = [PROJECT_COLUMNS.by_name(name).header for name in FIXED if _place(name, texts[name]) != str(now[name])]
    if moved:
        said = (
            f"编号{known.code}已用于另一个项目，或{'、'.join(moved)}与台账不同。请核对编号；地点、纳入日期不由清单改。"
        )
        return Deed(rows, label, refusal=said)
    if texts["land"] == "collective":
        return Deed(rows, label, refusal="台账里是国有土地上的项目。集体土地上的房屋不在台账范围内，请核对。")
    wanted = {name: texts[name] for name in CHANGEABLE if texts[name] and texts[name] != str(now[name] or "")}
    if not wanted:
        return Deed(rows, label)
    changes: list[Change] = [
        (PROJECT_COLUMNS.by_name(name).header, _shown(name, now[name]), _shown(name, text))
        for name, text in wanted.items()
    ]

    def do(actor: Actor) -> Done:
        actor.require(Permission.PROJECT_UPDATE)
        values = typed(wanted)
        change_project(actor=actor, project=known, changes=values, effective_on=shanghai_day(database_now()))
        before = {name: str(now[name] or "") for name in wanted}
        return Done(told(changes), (Made(known.id, before),))

    return Deed(rows, label, do, changes=tuple(changes))


def typed(words: Mapping[str, str]) -> dict[str, Any]:
    """Return words of a project as its fields hold them."""
    return {
        name: (date.fromisoformat(text) if text else None) if name == "sold_on" else text
        for name, text in words.items()
    }


def _words(project: Project) -> dict[str, Any]:
    return {name: getattr(project, name) for name in (*CHANGEABLE, *FIXED)}


def _place(name: str, text: str) -> str:
    return text if name == "taken_in_on" else DistrictCode.parse(text).format()


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
