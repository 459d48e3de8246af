"""Whose a blocker is, who makes a gate, who answers for a type: the task force keeps all of them, an organ its own.

One resolver, `Powers`: gates, blockers, the instruments that lift them and the maintenance fund ask it alone.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from projects.gates.models import Blocker, BlockerType
from projects.gates.selectors.organ_words import is_called
from projects.gates.selectors.organs import organ_names
from projects.ledger.models import Project
from projects.ledger.selectors.participation import organisations_near
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.audit.selectors import office_of_act
from registry.kernel.authority import Actor, Role
from registry.kernel.gates import Gate, Organ
from registry.store.clock import ledger_today

FORCE: Final = (Role.CITY, Role.DISTRICT)
# The centre surveys the parcels too (权籍调查), which the planning authority answers for.
BY_CENTRE: Final = frozenset({gate for gate in Gate if gate.spec.organ is Organ.REGISTRY} | {Gate.CADASTRAL})
_PARTS: Final = re.compile("[、（）]")


class Powers:
    """What an actor may do on its own account in a district on a day. Two queries for an organ, none for the force.

    An organ is known by the name that the district has set for it. Until it has, by what organisations are called: who
    is called otherwise does nothing for it, and where none bears the name, the task force alone does.
    """

    def __init__(self, actor: Actor, district_code: str, *, on: date) -> None:
        self.actor = actor
        self.has_all = actor.is_system or actor.role in FORCE
        self.names: Mapping[Organ, str] = {} if self.has_all else organ_names(district_code, on=on)
        self._own = None if self.has_all else Organisation.objects.filter(pk=actor.organisation_id or 0).first()

    def is_organ(self, organ: Organ) -> bool:
        """Return whether the actor's organisation is an organ."""
        return self.has_all or means(self._own, organ.label, self.names)

    def makes(self, gate: Gate) -> bool:
        """Return whether the actor records a gate: the centre what the registry makes, a department what it is for."""
        if self.has_all or self.actor.role == Role.REGISTRATION_CENTRE:
            return self.has_all or gate in BY_CENTRE
        return gate.spec.organ is not Organ.REGISTRY and self.is_organ(gate.spec.organ)

    def leads(self, type: BlockerType, gate: Gate) -> bool:
        """Return whether the actor answers for a type of blockers: the table names it, or it makes the gate they shut.

        It says so of what stands in the way and lifts it by decisions of its own.
        """
        return self.makes(gate) or answers_for(self._own, type, gate, self.names)

    def may_raise(self, type: BlockerType, gate: Gate) -> bool:
        """Return whether the actor raises blockers of a type: a township those of any, it goes round the buildings."""
        return self.actor.role == Role.TOWNSHIP or self.leads(type, gate)


def means(organisation: Organisation | None, part: str, names: Mapping[Organ, str]) -> bool:
    """Return whether words for one organ mean an organisation: by the name set for the organ, else by its own."""
    if organisation is None:
        return False
    for organ, stated in names.items():
        if organ.label in part and stated != organ.label:
            return stated in (organisation.name, organisation.short_name)
    return is_called(organisation, part)


def answers_for(organisation: Organisation | None, type: BlockerType, gate: Gate, names: Mapping[Organ, str]) -> bool:
    """Return whether the table names an organisation for a type, to lead or to support, or for the gate it shuts."""
    words = (*_PARTS.split(type.lead), *_PARTS.split(type.support), gate.spec.organ.label)
    return any(means(organisation, part, names) for part in words if part)


def has_in_hand(actor: Actor, blocker: Blocker) -> bool:
    """Return whether a blocker is the actor's to change or to end: theirs who have the ball, or who raised it.

    At most one query.
    """
    if actor.is_system or actor.role in FORCE or (actor.organisation_id or 0) == blocker.responsible_id:
        return True
    return office_of_act(blocker.act_id) == (actor.role.value, actor.organisation_name)


def held_elsewhere(actor: Actor, blocker: Blocker) -> str:
    """Say who has a blocker in hand if it is not the actor's to change or to end; "" if it is. At most one query."""
    if has_in_hand(actor, blocker):
        return ""
    return (
        f"{blocker.number}由{blocker.responsible or '专班'}在办，{actor.organisation_name}不能改它或记它解决。"
        "请由责任单位、登记单位或专班办理。"
    )


def maker_elsewhere(actor: Actor, gate: Gate, district_code: str, *, on: date) -> str:
    """Return who makes a gate if the actor may not record it for them; "" if the actor may. Two queries."""
    powers = Powers(actor, district_code, on=on)
    return "" if powers.makes(gate) else powers.names[gate.spec.organ]


def organ_elsewhere(actor: Actor, organ: Organ, district_code: str, *, on: date) -> str:
    """Return who an organ is if the actor's department is another; "" if it is that one. Two queries."""
    powers = Powers(actor, district_code, on=on)
    return "" if powers.is_organ(organ) else powers.names[organ]


def led_elsewhere(actor: Actor, type: BlockerType, gate: Gate, district_code: str, *, on: date) -> str:
    """Return who answers for a type of blockers if the actor does not; "" if the actor does. Two queries."""
    return "" if Powers(actor, district_code, on=on).leads(type, gate) else lead_of(type, gate)


def lead_of(type: BlockerType, gate: Gate) -> str:
    """Return who leads on a type, in the words of the table."""
    return type.lead or gate.spec.organ.label


def types_raised_by(actor: Actor, types: Iterable[BlockerType], district_code: str, *, on: date) -> list[BlockerType]:
    """Return the types of blockers that the actor may raise. Two queries."""
    powers = Powers(actor, district_code, on=on)
    return [each for each in types if powers.may_raise(each, Gate(each.gate))]


def gates_made_by(actor: Actor, district_code: str, *, on: date) -> list[Gate]:
    """Return the gates of buildings that the actor may record. Two queries."""
    powers = Powers(actor, district_code, on=on)
    return [gate for gate in Gate.building_gates() if powers.makes(gate)]


def may_record(actor: Actor, project: Project) -> bool:
    """Return whether an actor makes any gate: what is no organ is not offered the act. Two queries for a department."""
    if actor.role != Role.DEPARTMENT:
        return True
    return bool(gates_made_by(actor, project.district_code, on=ledger_today()))


def may_raise(actor: Actor, project: Project) -> bool:
    """Return whether an actor may raise blockers of any type. Three queries for a department."""
    if actor.role != Role.DEPARTMENT:
        return True
    types = BlockerType.objects.filter(is_active=True)
    return bool(types_raised_by(actor, types, project.district_code, on=ledger_today()))


def makers_in_words(project: Project, *, on: date) -> str:
    """Say who records the gates of a project, and where that is set. Two queries."""
    names = organ_names(project.district_code, on=on)
    near = list(organisations_near(project).filter(kind=OrganisationKind.DEPARTMENT))
    makers = {
        organ.label: [str(each) for each in near if means(each, organ.label, names)]
        for organ in Organ
        if organ is not Organ.REGISTRY
    }
    said = "；".join(f"{label}：{'、'.join(who) or '尚无，由专班登记'}" for label, who in makers.items())
    return (
        f"环节由办理机关登记，专班凭文件可代记。{said}。机关全称在“设置”的“环节办理机关”设定，未设定的按单位名称认定。"
    )
