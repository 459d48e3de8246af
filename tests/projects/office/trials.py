"""Trials of the services of the counter."""

from datetime import date

from projects.office.models import FamilyLink
from projects.office.services.families import join_homes, part_homes, state_facts
from projects.office.services.scans import note_scan
from projects.office.services.visits import receive_family
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import Prepared, Trial

MARCH = date(2022, 3, 1)


def join(estate: Estate) -> Prepared:
    unit, other = estate.unit(), estate.unit(1)
    return lambda actor: join_homes(actor=actor, unit=unit, other=other, reason="户口簿载明夫妻")


def part(estate: Estate) -> Prepared:
    act = join(estate)
    with on_day(MARCH):
        act(estate.cast.township.actor)
    link = FamilyLink.objects.select_related("first__building__project").get()
    return lambda actor: part_homes(actor=actor, link=link, reason="查明不是一家")


def state(estate: Estate) -> Prepared:
    unit = estate.unit()
    return lambda actor: state_facts(actor=actor, unit=unit, facts=["minor"], effective_on=MARCH)


def come(estate: Estate) -> Prepared:
    unit = estate.unit()
    return lambda actor: receive_family(actor=actor, unit=unit, handed={unit.pk: ["户口簿"]}, came_on=TODAY)


def scan(estate: Estate) -> Prepared:
    return lambda actor: note_scan(actor=actor, project=estate.project, code="6901234567892")


def _at_counter(event: str, prepare: object) -> Trial:
    return Trial(event, "township", "strange_township", prepare)  # type: ignore[arg-type]


COUNTER: dict[str, Trial] = {
    "join_homes": _at_counter("family.joined", join),
    "part_homes": _at_counter("family.parted", part),
    "state_facts": _at_counter("family.facts_stated", state),
    "receive_family": _at_counter("visit.recorded", come),
    "note_scan": _at_counter("code.scanned", scan),
}
