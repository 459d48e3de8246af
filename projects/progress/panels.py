"""What progress shows on the desk, and on the page of a project's particulars."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from projects.progress.selectors.desk_figures import DeskFigures, Place, desk_figures
from projects.progress.selectors.desk_rest import rest_by_cause
from projects.progress.selectors.pace import reached_since
from projects.progress.selectors.queue_table import SHOWN, own_homes, work_by_project
from projects.progress.selectors.queues import LONG, WHOLE_CITY, QueueState, has_queues, queues_of
from registry.kernel.authority import Permission
from registry.kernel.rates import rate_text
from registry.web.changes import News
from registry.web.lamps import Lamp
from registry.web.panels import Panel


def parts_panel(*, actor: Any, project: Any, **_: Any) -> Mapping[str, Any] | None:
    """Offer to merge the project with another and to part buildings from it. No query."""
    return {"code": project.code} if actor.can(Permission.PROJECT_CREATE) else None


def queues_panel(*, actor: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the steps in which homes wait for the actor's role, or are waited for by it. One query.

    Who sees the whole city fetches them once the desk stands: ages are counted home by home. No query then.
    """
    if not actor.can(Permission.UNIT_READ) or not has_queues(actor):
        return None
    is_late = actor.role in WHOLE_CITY
    states = [] if is_late else queues_of(actor, on=on)
    return {
        "heading": "在办的户",
        "note": "各待办理的户，按到达日期计算；点击数字按项目列出",
        "figures": queue_figures(states),
        "more_url": reverse("progress:pace") if is_late or any(state.count for state in states) else "",
    }


def queue_figures(states: Sequence[QueueState]) -> list[Mapping[str, Any]]:
    """Return queues as figures: how many, who does it, how long the oldest waits."""
    return [_figure(state) for state in states]


def figures_panel(*, actor: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the figures of the area that the actor watches, and of its districts if there are several. Five queries.

    Two for who sees the whole city: 剩余 by cause is summed project by project, and fetched once the desk stands.
    """
    area = desk_figures(actor, on=on) if actor.can(Permission.UNIT_READ) else None
    if area is None:
        return None
    progress, row = reverse("progress:progress"), area.whole
    needed = row.needed(on)
    return {
        "rest": None if actor.role in WHOLE_CITY else rest_by_cause(actor, on=on),
        "rest_url": reverse("progress:rest"),
        "heading": "办证进度",
        "note": f"住宅，套；截至{on:%Y-%m-%d}，本月未结账",
        "figures": [
            {"label": "应办", "value": f"{row.due:,}", "unit": "套", "url": progress},
            {
                "label": "已登簿",
                "value": f"{row.recorded:,}",
                "unit": "套",
                "notes": [f"占应办{rate_text(row.recorded, row.due)}"],
            },
            {
                "label": "已发证",
                "value": f"{row.issued:,}",
                "unit": "套",
                "notes": [f"占应办{rate_text(row.issued, row.due)}"],
            },
            {
                "label": "本月已发证",
                "value": f"{row.issued_this_month:,}",
                "unit": "套",
                "of": f"按年底清零，本月须发{needed:,}",
                "bar": (row.issued_this_month, needed),
                "css_box": "mid",
                "notes": [f"尚差{max(needed - row.issued_this_month, 0):,}套"],
            },
            {
                "label": "剩余",
                "value": f"{row.remaining:,}",
                "unit": "套",
                "notes": [f"占应办{rate_text(row.remaining, row.due)}"],
            },
        ],
        "districts": [_district(place, figures, on) for place, figures in area.districts],
        "sum": _district(Place("", "合计"), row, on),
    }


def _district(place: Place, figures: DeskFigures, on: date) -> tuple[Place, DeskFigures, str, int]:
    return place, figures, rate_text(figures.issued, figures.due), figures.needed(on)


def work_panel(*, actor: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the work of who goes through homes, by project, and where to begin: the longest wait. One query."""
    queues, works = work_by_project(actor, on=on)
    if not works:
        return None
    rows = []
    for work in works[:SHOWN]:
        units = reverse("progress:units", args=[work.code])
        cells = [(work.counts[queue.code], f"{units}?queue={queue.code}") for queue in queues]
        first = next(url for count, url in cells if count)
        lamp = Lamp("long" if work.is_long(on) else "go", f"已等{work.days(on):,}日")
        rows.append((work.name, first, cells, lamp))
    sums = [sum(work.counts[queue.code] for work in works) for queue in queues]
    return {
        "is_wide": True,
        "queues": queues,
        "rows": rows,
        "count": len(works),
        "sums": sums,
        "homes": own_homes(actor, works),
    }


def _figure(state: QueueState) -> Mapping[str, Any]:
    notes = [f"由{state.queue.done_by}办"]
    lamps = []
    if state.count:
        notes.append(f"最久{state.days:,}日")
        lamps.append(Lamp("long", f"超{LONG}日{state.long:,}户") if state.long else Lamp("go", "正常"))
    return {
        "label": state.queue.label,
        "value": f"{state.count:,}",
        "unit": "户",
        "url": reverse("progress:queue", args=[state.queue.code]) if state.count else "",
        "notes": notes,
        "lamps": lamps,
    }


PANELS = (
    Panel("desk.top", 5, "figures", figures_panel, "progress/panels/area.html"),
    Panel("desk", 5, "work", work_panel, "progress/panels/work.html"),
    Panel("desk.top", 10, "queues", queues_panel, "progress/panels/queues.html"),
    Panel("project.particulars", 10, "parts", parts_panel, "progress/panels/parts.html"),
)
NEWS = (
    News(10, "新发证", "套", "good", count=lambda actor, since: reached_since(actor, "issued", since)),
    News(20, "新受理及以后", "户", "good", count=lambda actor, since: reached_since(actor, "accepted", since)),
)
