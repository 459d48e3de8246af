"""The tickets of each township at a glance: not done, late, without a project, of the last days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Case, Count, F, Q, When

from projects.leads.models import Ticket
from projects.leads.selectors.rate_rules import signal_rules_on
from projects.leads.selectors.tickets import NOWHERE
from registry.accounts.selectors.areas import every_name
from registry.kernel.authority import Actor
from registry.kernel.periods import midnight_before
from registry.kernel.tickets import OPEN, TicketState

TOWN: Final = Case(When(project__isnull=False, then=F("project__township_code")), default=F("township_code"))
LEFT: Final = (TicketState.OUT, TicketState.EXCLUDED)


@dataclass(frozen=True)
class TownTile:
    """One township: what is not done of it, and how many came in the last days."""

    code: str
    name: str
    open: int
    late: int
    unmatched: int
    recent: int

    @property
    def asked(self) -> str:
        """What the list is narrowed by to show its tickets."""
        return self.code or NOWHERE


def town_tiles(actor: Actor, *, now: datetime, on: date) -> tuple[list[TownTile], int]:
    """Return the townships in reach that have tickets, those with most late ones first, and the days. Four queries.

    A ticket counts where its project lies, else where it says; one that says no place stands under 未定.
    """
    window = signal_rules_on(on).window
    seen = Ticket.objects.visible_to(actor)
    counts = {
        row["town"]: row
        for row in seen.still_open().alias(town=TOWN).values(town=TOWN).annotate(
            open=Count("id"), late=Count("id", filter=Q(due_at__lt=now, state__in=OPEN[:3])),
            unmatched=Count("id", filter=Q(project__isnull=True)),
        ).order_by()
    }  # fmt: skip
    since = midnight_before(on + timedelta(days=1)) - window
    came = seen.filter(received_at__gte=since).exclude(state__in=LEFT)
    recent = dict(came.values(town=TOWN).annotate(n=Count("id")).order_by().values_list("town", "n"))
    names = every_name()
    tiles = []
    for code in sorted(counts.keys() | recent.keys()):
        row = counts.get(code, {"open": 0, "late": 0, "unmatched": 0})
        name = f"{names.get(code[:6], '')}{names.get(code, code)}" if code else "未定街道、乡镇"
        tiles.append(TownTile(code, name, row["open"], row["late"], row["unmatched"], recent.get(code, 0)))
    return sorted(tiles, key=lambda tile: (-tile.late, -tile.open, tile.code)), window.days
