"""What the desk is made of: what waits, by kind and by light; what I began; what I did this week."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from registry.accounts.models import Approval
from registry.accounts.selectors import own_proposals, status_label
from registry.accounts.selectors.waiting import Desk, Waiting
from registry.audit.selectors import Happening, acts_by
from registry.kernel.authority import Actor
from registry.store.clock import SHANGHAI
from registry.web.lamps import GROUPS, Lamp, group_of, lamp_of

TABS: Final = (("", "待办"), ("mine", "我发起"), ("done", "已办"))
DONE_SHOWN: Final = 30


@dataclass(frozen=True)
class Kind:
    """A kind of work on a desk: what it asks, how many, how many late and soon."""

    verb: str
    count: int
    late: int
    soon: int
    is_current: bool


@dataclass(frozen=True)
class LitGroup:
    """The things under one light."""

    label: str
    rows: Sequence[tuple[Waiting, Lamp]]


def kinds_of(desk: Desk, *, on: date, chosen: str) -> list[Kind]:
    """Count what waits by what it asks, most first. No query."""
    lights = [(item.verb, group_of(lamp_of(item.due_on, on))) for item in desk.items]
    counts, lit = Counter(verb for verb, _ in lights), Counter(lights)
    kinds = [Kind(verb, count, lit[verb, "late"], lit[verb, "soon"], verb == chosen) for verb, count in counts.items()]
    kinds.sort(key=lambda kind: (-kind.late, -kind.count, kind.verb))
    late, soon = (sum(group == name for _, group in lights) for name in ("late", "soon"))
    whole = Kind("", len(lights), late, soon, not any(kind.is_current for kind in kinds))
    return [whole, *kinds] if len(kinds) > 1 else []


def lit_groups(desk: Desk, *, on: date, verb: str = "") -> list[LitGroup]:
    """Lay what waits under its lights, the late first, each in the order of its day. No query."""
    rows = [(item, lamp_of(item.due_on, on)) for item in desk.items if not verb or item.verb == verb]
    return [
        LitGroup(label, lit)
        for name, label in GROUPS
        if (lit := [(item, lamp) for item, lamp in rows if group_of(lamp) == name])
    ]


def begun_by(actor: Actor, *, on: date) -> list[tuple[Approval, str, int]]:
    """Return what the actor proposed, newest first, how it stands, and for how many days. One query."""
    return [
        (approval, status_label(approval), max((on - approval.proposed_at.astimezone(SHANGHAI).date()).days, 0))
        for approval in own_proposals(actor, limit=20)
    ]


def done_by(actor: Actor, *, on: date) -> list[Happening]:
    """Return what the actor did this week, newest first. One query."""
    monday = datetime.combine(on - timedelta(days=on.weekday()), time(), tzinfo=SHANGHAI)
    return acts_by(actor, since=monday, limit=DONE_SHOWN)
