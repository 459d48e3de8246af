"""The life of a ticket in stretches: one state, one organisation that answers for it, at every moment."""

from typing import Final

from projects.leads.models import Ticket, TicketSpan
from registry.accounts.models import Organisation
from registry.kernel.tickets import TicketEvent, TicketState, next_state
from registry.store.acts import Row, current_act, values_of, within_act

TOLD: Final = ("state", "holder_id", "due_at")  # of a ticket, in the trail


@within_act
def begin_life(ticket: Ticket) -> None:
    """Lay the first stretch of a ticket that has just been taken in: waiting, or kept out, with its holder."""
    TicketSpan.objects.create(
        ticket=ticket, ordinal=1, state=ticket.state, holder=ticket.holder, starts_at=ticket.recorded_at,
        act_id=current_act().id,
    )  # fmt: skip


@within_act
def go_on(ticket: Ticket, event: TicketEvent, holder: Organisation | None = None) -> list[Row]:
    """Lead a locked ticket on by an event: its stretch ends where the next begins. Returns what the trail keeps.

    Without a `holder` it stays with the one it has. Refused: an event that cannot happen as it stands.
    """
    before, act = values_of(ticket, TOLD), current_act()
    state = next_state(TicketState(ticket.state), event, before=state_before(ticket))
    last = ticket.spans.filter(ended_at__isnull=True).get()
    to = holder or ticket.holder
    if (state, to.pk) != (last.state, last.holder_id):
        last.ended_at = max(act.recorded_at, last.starts_at)
        last.save(update_fields=["ended_at"])
        TicketSpan.objects.create(
            ticket=ticket, ordinal=last.ordinal + 1, state=state, holder=to, starts_at=last.ended_at, act_id=act.id
        )
        ticket.state, ticket.holder = state.value, to
        ticket.save(update_fields=["state", "holder"])
    return Row.if_changed(ticket, before)


def state_before(ticket: Ticket) -> TicketState | None:
    """Return the state that an excluded ticket had before; None for any other. One query at most."""
    if ticket.state != TicketState.EXCLUDED:
        return None
    earlier = ticket.spans.exclude(state=TicketState.EXCLUDED).order_by("-ordinal").first()
    return TicketState(earlier.state) if earlier is not None else None
