"""Where the office stands in the bar, what it offers on the card of a home."""

from typing import Any

from projects.office.services.payments import may_collect
from projects.office.services.powers import is_at_counter
from registry.kernel.authority import Actor
from registry.web.actions import Action, nothing
from registry.web.navigation import NavEntry


def _of_unit(unit: Any) -> dict[str, str]:
    return {"of": unit.building.project.housing_type, "use": unit.use}


def _of_home(unit: Any) -> tuple[str, int]:
    return unit.building.project.code, unit.pk


def _project_of(unit: Any) -> tuple[str]:
    return (unit.building.project.code,)


def _may_collect(actor: Actor, unit: Any) -> bool:
    return may_collect(actor)


def _at_counter(actor: Actor, subject: Any) -> bool:
    return is_at_counter(actor)


def _beside_counter(actor: Actor, subject: Any) -> bool:
    return not is_at_counter(actor)


def _card_of(unit: Any) -> tuple[str, int]:
    return unit.building.project.code, unit.pk


def _room_of(unit: Any) -> dict[str, str]:
    return {"room": "-".join(filter(None, (unit.building.number, unit.entrance, unit.room)))}


NAVIGATION = (
    NavEntry(130, "材料清单", "office:checklists", folded=True),
    NavEntry(126, "待领证书", "office:waiting_certificates", folded=True),
    NavEntry(127, "空白证书", "office:blanks", folded=True),
    NavEntry(125, "移交清单", "office:manifests", folded=True),
)
ACTIONS = (
    Action("unit", 5, "办证窗口", "office:family", args=_of_home, allows=_at_counter),
    Action("project_tabs", 35, "办证窗口", "office:counter", allows=_at_counter),
    Action("project_tabs", 35, "办证看板", "office:board", allows=_beside_counter),
    Action("unit", 10, "应交材料", "office:checklists", args=nothing, query=_of_unit),
    Action("unit", 20, "证书", "office:certificates", args=_card_of),
    Action("unit", 40, "登记缴费", "office:note_payment", args=_card_of, allows=_may_collect),
    Action("project", 97, "税费收缴", "office:money", menu="登记"),
    Action("unit", 30, "材料保管", "office:custody", args=_project_of, query=_room_of),
    Action("project", 95, "材料和证书保管", "office:custody", menu="登记"),
)
