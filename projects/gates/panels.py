"""What gates show on the project page: figures, the sentence that they mean, the chain matrix, blockers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from projects.gates.metrics import BY_CODE
from projects.gates.models import GateStep
from projects.gates.selectors.blockers import blockers_visible_to
from projects.gates.selectors.building import blockers_of
from projects.gates.selectors.matrix import matrix_of
from projects.gates.selectors.overview import Overview, overview_of
from projects.gates.selectors.pauses import RunningPause, pauses_on_blocker, running_pauses
from projects.gates.selectors.watchlist import watched_in
from registry.kernel.authority import THROUGH_HOMES, Permission
from registry.kernel.gates.rest import Rest
from registry.kernel.rates import rate_text
from registry.web.changes import News
from registry.web.panels import Panel
from registry.web.subject_pages import page_url

MONTHS = 12
SHOWN = ("due", "cleared_assessed", "registered", "collected", "issued", "remaining", "others")
DESK_PAUSES = 12


def figures_panel(*, project: Any, on: Any, counts: Any, **_: Any) -> Mapping[str, Any]:
    """Return the headline figures from the page's tallies and the spans. One query."""
    row = overview_of(project.id, on=on, counts=counts)
    units = page_url("units", project.code)
    figures = [
        (BY_CODE[code].label, BY_CODE[code].value(row), _split(code, row), f"{units}?figure={code}")
        for code in _shown_of(row)
    ]
    if row.remaining and project.target_on is not None:
        figures.insert(-1, _needed(row.remaining, project.target_on, on))
    return {
        "figures": figures,
        "stages": row.counts.certificate_stages(),
        "sentence": sentence(row),
        "is_slow": row.remaining > 0,
    }


def _needed(remaining: int, target_on: date, on: date) -> tuple[str, int, str, str]:
    """清零须每月发: what is left over the months to the planned day, this one included."""
    months = (target_on.year - on.year) * MONTHS + target_on.month - on.month + 1
    late = "已过计划清零日期" if target_on < on else f"计划{target_on:%Y-%m}清零"
    return "清零须每月发", -(-remaining // max(months, 1)), late, ""


def _shown_of(row: Overview) -> tuple[str, ...]:
    """The headline figures; of a project that nobody has assessed, 未研判 stands in the place of 已打通."""
    return (
        SHOWN
        if not row.unassessed_projects
        else tuple("unassessed" if code == "cleared_assessed" else code for code in SHOWN)
    )


def _split(code: str, row: Overview) -> str:
    if code == "due":
        return f"核减 {row.excluded}，挂账 {row.carried}"
    if code == "remaining":
        return " + ".join(f"{rest.label} {row.rest_of(rest):,}" for rest in Rest if row.rest_of(rest))
    if code == "others":
        return "未研判" if row.unassessed_projects else f"已打通 {row.others_cleared}"
    if code == "unassessed":
        return "没有登记过堵点、记过环节"
    if code == "cleared_assessed":
        return rate_text(row.cleared_assessed, row.assessed)
    return rate_text(BY_CODE[code].value(row), row.due)


def sentence(row: Overview) -> tuple[str, str]:
    """Say what the figures mean, by rules over the same figures."""
    if row.due == 0:
        return "尚未导入房屋清册。", "先导入房屋清册，再登记堵点。"
    if row.remaining == 0:
        return "已全部发证。", f"应办{row.due:,}套都已发证。"
    if row.unassessed_projects:
        return "尚未研判。", f"应办{row.due:,}套。请登记堵点、记录环节，或者变更项目状态。"
    if row.cleared == 0:
        return "尚未打通。", f"{row.due:,}套住宅均受堵点限制，尚无住宅可以办理。"
    if row.cleared < row.due:
        return "部分打通。", f"已打通{row.cleared:,}套，还有{row.due - row.cleared:,}套受堵点限制。"
    if row.registered < row.due:
        return (
            "堵点均已解除，待有关机关办理后续环节。",
            f"已打通{row.cleared:,}套，已首登{row.registered:,}套，可办{row.ready:,}套。",
        )
    waiting = row.reached("collected") - row.reached("accepted")
    if waiting > row.issued:
        return (
            "环节均已办结，受理进度较慢。",
            f"已收材料待受理{waiting:,}套，已发证{row.issued:,}套，剩余{row.remaining:,}套。",
        )
    stages = "、".join(f"{label}{count:,}套" for label, count in row.doable_stages if count)
    doable = f"可办未办{row.rest_of(Rest.DOABLE):,}套{f'（{stages}）' if stages else ''}"
    return "正在办证。", f"{doable}，已发证{row.issued:,}套。"


def chain_panel(*, project: Any, on: Any, buildings: Any, **_: Any) -> Mapping[str, Any]:
    """Return the chain matrix: gates down, buildings across; and how many are watched. Three queries."""
    steps = list(
        GateStep.objects.filter(project=project, revoked_on__isnull=True)
        .select_related("document")
        .order_by("effective_on", "id")
    )
    return {"matrix": matrix_of(project, buildings, steps, on=on), "code": project.code, "watched": watched_in(project)}


def blockers_panel(*, project: Any, on: Any, **_: Any) -> Mapping[str, Any]:
    """Return the live blockers. One query."""
    every = blockers_of(project.id)
    rows = [row for row in every if row.resolved_on is None]
    return {"rows": [(row, (on - row.found_on).days) for row in rows], "resolved": len(every) - len(rows)}


def pauses_panel(*, actor: Any, project: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the running pauses of a project with what stands still. One query, four if there are any."""
    return _pauses(actor, running_pauses(actor, on=on, project=project))


def blocker_pauses_panel(*, actor: Any, blocker: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the running pauses that rest on a blocker or catch its units. One query, seven if there are any."""
    return _pauses(actor, pauses_on_blocker(actor, blocker, on=on))


def desk_pauses_panel(*, actor: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the pauses that run longest in the actor's projects, for who may end them. One query, four if any."""
    if not actor.can(Permission.PAUSE_DECIDE):
        return None
    shown = _pauses(actor, running_pauses(actor, on=on, most=DESK_PAUSES))
    return None if shown is None else {**shown, "is_wide": True, "has_projects": True}


def _pauses(actor: Any, rows: list[RunningPause]) -> Mapping[str, Any] | None:
    return {"rows": rows, "may_end": actor.can(Permission.PAUSE_DECIDE)} if rows else None


def heaviest_panel(*, actor: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the live blockers that catch most units in the actor's projects. One query."""
    if not actor.can(Permission.BLOCKER_READ) or actor.role in THROUGH_HOMES:
        return None
    return {
        "heading": "涉及户数最多的堵点",
        "note": "按涉及户数排列；已凭承诺解除、尚未解决的一并列入",
        "rows": [
            (
                f"{row.number} {row.title}",
                f"{row.units_caught:,}户",
                f"{row.project.name}，受阻环节{row.gate_words}",
                f"{row.type.get_lift_display()}；责任单位：{row.responsible or '未确定'}",
            )
            for row in blockers_visible_to(actor).order_by("-units_caught", "number")[:5]
        ],
        "more": ("全部堵点", reverse("gates:blockers")),
    }


PANELS = (
    Panel("desk", 14, "pauses", desk_pauses_panel, "gates/panels/pauses.html"),
    Panel("desk", 30, "heaviest", heaviest_panel, "web/panels/rank.html"),
    Panel("project.top", 10, "figures", figures_panel, "gates/panels/figures.html"),
    Panel("project.main", 20, "chain", chain_panel, "gates/panels/chain.html"),
    Panel("project.main", 25, "pauses", pauses_panel, "gates/panels/pauses.html"),
    Panel("blocker.main", 5, "pauses", blocker_pauses_panel, "gates/panels/pauses.html"),
    Panel("project.main", 30, "blockers", blockers_panel, "gates/panels/blockers.html"),
)
NEWS = (
    News(30, "新登记、重新打开的堵点", "个", "bad", events=("blocker.raised", "blocker.reopened")),
    News(40, "解决的堵点", "个", "good", events=("blocker.resolved",)),
)
