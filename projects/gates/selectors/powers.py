"""Whose a blocker is, and who makes a gate: the task force keeps all of them, an organ its own."""

from datetime import date
from typing import Final

from projects.gates.models import Blocker
from projects.gates.selectors.organs import organ_names
from registry.accounts.models import Organisation
from registry.audit.selectors import office_of_act
from registry.kernel.authority import Actor, Role
from registry.kernel.gates import Gate, Organ

FORCE: Final = (Role.CITY, Role.DISTRICT)
# The centre surveys the parcels too (权籍调查), which the planning authority answers for.
BY_CENTRE: Final = frozenset({gate for gate in Gate if gate.spec.organ is Organ.REGISTRY} | {Gate.CADASTRAL})


def has_in_hand(actor: Actor, blocker: Blocker) -> bool:
    """Return whether a blocker is the actor's to change or to end: theirs who have the ball, or who raised it.

    At most one query.
    """
    if actor.is_system or actor.role in FORCE or (actor.organisation_id or 0) == blocker.responsible_id:
        return True
    return office_of_act(blocker.act_id) == (actor.role.value, actor.organisation_name)


def maker_elsewhere(actor: Actor, gate: Gate, district_code: str, *, on: date) -> str:
    """Return who makes a gate if the actor may not record it for them; "" if the actor may.

    The centre records what the registry makes, a department what another than the registry makes: which of them, where
    the district has set the name of the organ. One query for a department.
    """
    if actor.is_system or actor.role in FORCE:
        return ""
    organ = gate.spec.organ
    if actor.role == Role.REGISTRATION_CENTRE or organ is Organ.REGISTRY:
        return "" if actor.role == Role.REGISTRATION_CENTRE and gate in BY_CENTRE else organ.label
    return organ_elsewhere(actor, organ, district_code, on=on)


def organ_elsewhere(actor: Actor, organ: Organ, district_code: str, *, on: date) -> str:
    """Return what the district calls an organ if the actor's department is another; "" if it is that, or none is set.

    Two queries.
    """
    stated = organ_names(district_code, on=on)[organ]
    return "" if stated in (organ.label, actor.organisation_name, *_own_names(actor)) else stated


def _own_names(actor: Actor) -> tuple[str, ...]:
    """The full and the short name of the actor's organisation. One query."""
    names = Organisation.objects.filter(pk=actor.organisation_id or 0).values_list("name", "short_name").first()
    return tuple(name for name in names or () if name)
