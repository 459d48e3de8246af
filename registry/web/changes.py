"""What changed since the last visit: each app names the events that are news, with their words and their tone."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from registry.audit.selectors import counts_of_events
from registry.kernel.authority import Actor

SHOWN: Final = 6
Counted = Callable[[Actor, datetime], int]


@dataclass(frozen=True)
class News:
    """A kind of change: its place, its words, its unit, good or bad, the events that are it or what counts it."""

    order: int
    label: str
    unit: str
    tone: str = ""
    events: tuple[str, ...] = ()
    count: Counted | None = None


NEWS: dict[str, News] = {}


def declare_news(*news: News) -> None:
    """Add kinds of change; each is declared once."""
    for each in news:
        if NEWS.setdefault(each.label, each) != each:
            raise ValueError(f"two kinds of news {each.label}")


def changes_since(actor: Actor, since: datetime) -> Sequence[tuple[str, str, str]]:
    """Return what changed in the actor's reach as (words, signed number, tone), only what did. One query, and one for
    each kind that is counted by itself."""
    every = sorted(NEWS.values(), key=lambda news: news.order)
    events: Counter[str] = counts_of_events(actor, [name for news in every for name in news.events], since=since)
    counted = [
        (news, news.count(actor, since) if news.count else sum(events[name] for name in news.events)) for news in every
    ]
    return [(news.label, f"+{count:,}{news.unit}", news.tone) for news, count in counted if count][:SHOWN]
