"""What the weekly meeting should take up in an actor's area: the moves that free most, and the blockers overdue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.urls import reverse

from projects.casework.choices import HOTLINE_CLOSING
from projects.casework.models import LeverageRun
from projects.casework.selectors.calendar import calendar_of
from projects.casework.selectors.leverage import is_open, last_run, rows_visible_to
from projects.gates.models import Blocker
from registry.accounts.selectors.settings import setting_on
from registry.kernel.authority import Actor
from registry.kernel.periods import Month, Period

READ_AHEAD = 8  # rows of a count read for each item wanted: sets that overlap a better one are passed over


class AgendaKind(StrEnum):
    """Why something stands on the agenda."""

    MOVE = "move"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class AgendaItem:
    """One thing to take up. `numbers` are its blockers; `holder` whoever has to act; `note` says why it is here."""

    kind: AgendaKind
    title: str
    project: str
    project_code: str
    link: str
    homes: int
    others: int
    holder: str
    days: int
    note: str
    numbers: tuple[str, ...]
    project_id: int


def agenda_items(actor: Actor, on: date, limit: int = 10) -> list[AgendaItem]:
    """Return the items of a meeting: up to `limit` moves, then up to `limit` overdue blockers. Six queries.

    Moves come from the last count, each blocker in one of them at most; sets with a blocker that was resolved since
    are left out. A blocker that stands in a move is not told again as overdue.
    """
    moves = moves_on_agenda(actor, last_run(), limit)
    told = {number for item in moves for number in item.numbers}
    return [*moves, *_overdue(actor, on, limit, told)]


def moves_on_agenda(actor: Actor, run: LeverageRun | None, limit: int) -> list[AgendaItem]:
    """Return the moves of a count that free most in the actor's area, no blocker in two. Two queries."""
    found: list[AgendaItem] = []
    taken: set[int] = set()
    for row in rows_visible_to(actor, run)[: limit * READ_AHEAD]:
        blockers = [member.blocker for member in row.members.all()]
        keys = {one.id for one in blockers}
        if not (row.homes or row.others) or keys & taken or any(_is_gone(one) for one in blockers):
            continue
        taken |= keys
        found.append(_move(row, blockers))
        if len(found) == limit:
            break
    return found


def _is_gone(blocker: Any) -> bool:
    return blocker.resolved_on is not None or bool(blocker.withdrawn_reason)


def _move(row: Any, blockers: list[Any]) -> AgendaItem:
    holders = dict.fromkeys(str(one.responsible or "未确定") for one in blockers)
    homes = f"住宅{row.homes:,}套" if row.homes else ""
    others = f"商业和配套{row.others:,}间" if row.others else ""
    worth = "，".join(part for part in (homes, others) if part)
    together = f"{len(blockers)}个一并化解，" if len(blockers) > 1 else "化解后"
    return AgendaItem(
        kind=AgendaKind.MOVE,
        title="；".join(f"{one.number} {one.title}" for one in blockers),
        project=row.project.name,
        project_code=row.project.code,
        link=_link(blockers, row.project.code),
        homes=row.homes,
        others=row.others,
        holder="、".join(holders),
        days=row.days,
        note=f"{together}打通{worth}",
        numbers=tuple(one.number for one in blockers),
        project_id=row.project_id,
    )


def _link(blockers: list[Any], code: str) -> str:
    if len(blockers) == 1:
        return reverse("gates:blocker", args=[blockers[0].number])
    return reverse("ledger:project", args=[code])


def _overdue(actor: Actor, on: date, limit: int, told: set[str]) -> list[AgendaItem]:
    calendar = calendar_of()
    late = [
        (calendar.workdays_between(one.found_on, on) - one.type.limit_days, one) for one in _open_blockers(actor, on)
    ]
    late = [(days, one) for days, one in late if days > 0 and one.number not in told]
    late.sort(key=lambda each: (-each[0], each[1].number))
    return [_overdue_item(days, one) for days, one in late[:limit]]


def _open_blockers(actor: Actor, on: date) -> Iterator[Any]:
    rows = Blocker.objects.visible_to(actor).filter(is_open(on)).select_related("type", "responsible", "project")
    found: Iterator[Any] = rows.order_by("found_on", "number").iterator(chunk_size=2000)
    return found


def _overdue_item(days: int, blocker: Any) -> AgendaItem:
    return AgendaItem(
        kind=AgendaKind.OVERDUE,
        title=f"{blocker.number} {blocker.title}",
        project=blocker.project.name,
        project_code=blocker.project.code,
        link=reverse("gates:blocker", args=[blocker.number]),
        homes=0,
        others=0,
        holder=str(blocker.responsible or "未确定"),
        days=days,
        note=f"办理时限{blocker.type.limit_days}个工作日（{blocker.type.limit_basis}），已逾期{days:,}个工作日",
        numbers=(blocker.number,),
        project_id=blocker.project_id,
    )


def hotline_period(on: date) -> Period:
    """Return the period by which the hotline counts that a day lies in: the dated setting of the city. One query."""
    closing = setting_on(HOTLINE_CLOSING, on=on)
    return Month.of(on, closing_day=closing).period(closing_day=closing)
