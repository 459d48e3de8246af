"""What casework shows on the desk and on the project page."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.urls import reverse

from projects.casework.models import LiftProposal, ProposalState
from projects.casework.selectors.agenda import moves_on_agenda
from projects.casework.selectors.clock import Ball, ClockSegment, balls_of, clock_of, may_move
from projects.casework.selectors.leverage import last_run
from registry.kernel.authority import THROUGH_HOMES, Permission, Role
from registry.kernel.lateness import how_late
from registry.web.panels import Panel

DESK = 5
DESK_BALLS = 12


def leverage_panel(*, actor: Any, project: Any, **_: Any) -> Mapping[str, Any] | None:
    """Say where the ranking is fetched from, once the page stands: it reads every unit. No query."""
    if not actor.can(Permission.BLOCKER_READ):
        return None
    return {"url": reverse("casework:project_leverage", args=[project.code])}


def best_moves_panel(*, actor: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the moves that free most in the actor's projects, as last counted. Three queries."""
    if not actor.can(Permission.BLOCKER_READ) or actor.role in THROUGH_HOMES:
        return None
    run = last_run()
    if run is None:
        return None
    return {
        "heading": "优先化解次序",
        "note": f"截至{run.as_of:%Y-%m-%d}，按可打通住宅套数排列",
        "rows": [
            (item.title, f"{item.homes:,}套" if item.homes else f"{item.others:,}间", item.project, item.note)
            for item in moves_on_agenda(actor, run, DESK)
        ],
        "more": ("全部排名", reverse("casework:leverage")),
    }


def balls_panel(*, actor: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the blockers whose ball the actor's organisation has, most urgent first. Three queries."""
    if not actor.can(Permission.BALL_MOVE) or actor.role == Role.DEPARTMENT:
        return None
    return _balls(balls_of(actor, on))


def own_balls_panel(*, actor: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return to a department, above all else, its blockers in figures and by name. Three queries."""
    if not actor.can(Permission.BALL_MOVE) or actor.role != Role.DEPARTMENT:
        return None
    balls = balls_of(actor, on)
    late = [ball.late for ball in balls if ball.late]
    caught = sum(ball.blocker.units_caught for ball in balls)
    long = f"最久{how_late(max(late), working=True)}" if late else ""
    figures = [
        {"label": "本单位负责的堵点", "value": f"{len(balls):,}", "unit": "件"},
        {"label": "涉及", "value": f"{caught:,}", "unit": "户", "notes": ["同一户涉及多个堵点的，按堵点分别计"]},
        {"label": "超时限", "value": f"{len(late):,}", "unit": "件", "notes": [long] if long else []},
    ]
    return {**_balls(balls), "figures": figures if balls else []}


def _balls(balls: list[Ball]) -> Mapping[str, Any]:
    return {
        "is_wide": True,
        "count": len(balls),
        "late": sum(1 for ball in balls if ball.late),
        "rows": balls[:DESK_BALLS],
    }


def clock_panel(*, actor: Any, blocker: Any, on: Any, **_: Any) -> Mapping[str, Any]:
    """Return the life of a blocker without gap, its whistles, and what the actor may do. Three queries."""
    clock = clock_of(blocker, on)
    moves = may_move(actor, blocker)
    running = clock.running
    is_held = running is not None and running.turn.holder_id is not None
    return {
        "clock": clock,
        "segments": [part for place, one in enumerate(clock.segments) for part in _parts(place, one) if part[1]],
        "whistles": list(blocker.whistles.select_related("called_by").order_by("-id")),
        "blocker": blocker,
        "may_hand": moves,
        "may_return": moves and is_held and len(clock.segments) > 1,
        "may_pause": is_held and may_move(actor, blocker, pausing=True),
        "may_resume": running is not None
        and not is_held
        and len(clock.segments) > 1
        and may_move(actor, blocker, True),
        "may_blow": running is not None and actor.can(Permission.WHISTLE_BLOW),
    }


def _parts(place: int, one: ClockSegment) -> tuple[tuple[str, int], ...]:
    """Working days: within the limit, two holders beside each other unlike, then late in red; a pause is empty."""
    if one.turn.holder_id is None:
        return (("track", one.workdays),)
    return ((("accent", "line")[place % 2], one.workdays - one.late), ("red", one.late))


def lifts_panel(*, actor: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the district the policies that wait for its answer on blockers. Two queries."""
    if not actor.can(Permission.LIFT_DECLINE):
        return None
    is_open = {"blocker__resolved_on__isnull": True, "blocker__withdrawn_reason": ""}
    waiting = LiftProposal.objects.visible_to(actor).filter(state=ProposalState.WAITING, **is_open).order_by()
    rows = waiting.values("policy__code", "policy__number", "policy__title").annotate(count=Count("id"))
    if not rows:
        return None
    return {"rows": list(rows.order_by("policy__code")[:DESK])}


PANELS = (
    Panel("desk", 32, "lifts", lifts_panel, "casework/panels/lifts.html"),
    Panel("desk.top", 15, "own_balls", own_balls_panel, "casework/panels/balls.html"),
    Panel("desk", 15, "balls", balls_panel, "casework/panels/balls.html"),
    Panel("blocker.main", 10, "clock", clock_panel, "casework/panels/clock.html"),
    Panel("desk", 29, "best_moves", best_moves_panel, "web/panels/rank.html"),
    Panel("project.main", 28, "leverage", leverage_panel, "casework/panels/leverage.html"),
)
