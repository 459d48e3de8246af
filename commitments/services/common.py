"""What every service of instruments needs: its state, what waits on its desk."""

from typing import Final

from commitments.choices import InstrumentState
from commitments.models import Instrument, Obligation
from commitments.services.powers import InstrumentRefused
from registry.accounts.services.approvals import end_proposals
from registry.kernel.authority import Actor
from registry.store.acts import within_act

TABLE = "commitments_instrument"
EXTEND: Final = "obligation.extend"
REVOKE: Final = "instrument.revoke"
WAIVER: Final = "credit.waiver"


def source_of(instrument: Instrument) -> str:
    """Return the name under which an instrument waits on desks."""
    return f"{TABLE}:{instrument.pk}"


def require_state(instrument: Instrument, *states: InstrumentState) -> None:
    """Refuse an instrument in any other state."""
    if instrument.state not in states:
        raise InstrumentRefused(
            f"{instrument}现在是“{instrument.get_state_display()}”，不能办理该操作。请刷新页面后查看。"
        )


def require_issuer(actor: Actor, instrument: Instrument, what: str) -> None:
    """Refuse what only those whose paper it is may do: "撤回起草"."""
    if actor.organisation_id != instrument.issuer_id and not actor.is_system:
        raise InstrumentRefused(f"{instrument}由{instrument.issuer}出具，只能由它的人{what}。", code="not_promisor")


@within_act
def end_proposals_of(instrument: Instrument, *, actor: Actor, why: str) -> None:
    """Take back what waits about an instrument that ended: to extend its promises, to revoke it."""
    end_proposals(actor=actor, kinds=[REVOKE], about=[instrument.pk], why=why)
    for promise in Obligation.objects.filter(letter__instrument=instrument).order_by("pk"):
        end_proposals(actor=actor, kinds=[EXTEND], about=[promise.pk], why=why)
