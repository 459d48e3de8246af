"""Who may lift what: an organ lifts by its decisions what it answers for, a township promises for all that is built."""

from commitments.choices import InstrumentKind
from projects.gates.models import Blocker
from projects.gates.selectors.powers import led_elsewhere
from projects.ledger.models import Project
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import DomainError
from registry.kernel.gates import Gate
from registry.store.acts import current_act, within_act


class InstrumentRefused(DomainError):
    """An instrument that can't be drafted, signed or ended so."""


@within_act
def require_led(actor: Actor, project: Project, kind: InstrumentKind, blocker: Blocker) -> None:
    """Refuse an organ that lifts what another organ answers for. Four queries for an organ."""
    if actor.role == Role.TOWNSHIP and kind == InstrumentKind.LETTER:
        return
    on, district = current_act().today, project.district_code
    if lead := led_elsewhere(actor, blocker.type, Gate(blocker.gate), district, on=on):
        raise InstrumentRefused(
            f"{blocker.number}由{lead}牵头，{actor.organisation_name}不能出具{InstrumentKind(kind).label}解除。"
            "请由牵头单位或工作专班起草。",
            code="not_lead",
            field="clauses",
        )
