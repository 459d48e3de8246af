"""剩余 of an area by cause, and the sentence that says what it means: from the classes, never typed."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from projects.gates.selectors.area_rest import area_rest
from registry.kernel.authority import Actor
from registry.kernel.gates.rest import Rest
from registry.kernel.rates import rate_text

CSS: Final[dict[Rest, str]] = {
    Rest.DOABLE: "accent",
    Rest.UNIT_BLOCKED: "red",
    Rest.UNCLEARED: "shut",
    Rest.UNREGISTERED: "amber",
    Rest.PAUSED: "ink",
    Rest.HELD: "held",
    Rest.CARRIED: "line",
    Rest.UNASSESSED: "track",
}  # in the order in which the bar shows them: what can be done first
MATTERS: Final = {  # what a class wants done, after its name and number
    Rest.UNASSESSED: "先研判、登记堵点",
    Rest.UNCLEARED: "先化解楼栋堵点",
    Rest.UNREGISTERED: "推进首次登记",
    Rest.PAUSED: "商有关机关恢复受理",
    Rest.UNIT_BLOCKED: "逐户解决",
    Rest.DOABLE: "抓紧办理各环节",
}


@dataclass(frozen=True)
class Cause:
    """A class of 剩余: its words, its colour, how many, which part of the whole."""

    label: str
    css: str
    count: int
    share: str


@dataclass(frozen=True)
class RestByCause:
    """剩余 and its classes, which add up to it; what weighs most, and what follows."""

    whole: int
    causes: tuple[Cause, ...]
    lead: str
    follows: str

    @property
    def segments(self) -> list[tuple[str, int]]:
        """The classes as one bar."""
        return [(cause.css, cause.count) for cause in self.causes]


def rest_by_cause(actor: Actor, *, on: date) -> RestByCause:
    """Return 剩余 in the actor's reach by class, those that are met. Three queries."""
    area = area_rest(actor, on=on)
    classes = area.classes
    whole = sum(classes.values())
    causes = tuple(
        Cause(rest.label, css, classes[rest], rate_text(classes[rest], whole))
        for rest, css in CSS.items()
        if classes[rest]
    )
    most = max(MATTERS, key=lambda rest: classes[rest])
    if not classes[most]:
        if area.is_empty:
            return RestByCause(whole, causes, "尚无住宅入账", "请先在“项目”里纳入项目，再导入房屋清册")
        return RestByCause(whole, causes, "应办的户已全部发证" if not whole else "剩余均为暂缓、挂账", "")
    share = rate_text(classes[most], whole)
    lead = f"剩余{whole:,}套，最多的是{most.label}{classes[most]:,}套，占{share}"
    doable = classes[Rest.DOABLE]
    stages = "，".join(f"{label}{count:,}套" for label, count in area.doable.items() if count)
    also = f"；可办未办{doable:,}套" if most != Rest.DOABLE and doable else ""
    return RestByCause(whole, causes, lead, f"{MATTERS[most]}{also}{f'：{stages}' if doable else ''}")
