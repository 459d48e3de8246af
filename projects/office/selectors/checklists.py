"""Reading checklists: what is asked for on a day."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from projects.ledger.models import Project, Unit
from projects.ledger.selectors.fund import fund_rule
from projects.office.choices import (
    COUNTER_FACTS,
    SETTINGS_OF_OFFICE,
    PaperForm,
    ScanOutcome,
    Supplier,
    TicketStep,
    checklist_code,
)
from projects.office.models import ChecklistItem, HomeFact, QueueEvent, Scan
from registry.accounts.models import Person
from registry.accounts.selectors.settings import settings_on
from registry.kernel.gates import Desk
from registry.kernel.stages import Use
from registry.store.clock import SHANGHAI

DISTRICT_DIGITS: Final = 6


def counter_reveals(*, person_id: int, on: date) -> int:
    """Answer the port: each family that kept its appointment with this person, or whose paper was scanned, accounts for
    one; a dated setting of the person's district adds to that. Four queries."""
    began = datetime.combine(on, time.min, SHANGHAI)
    scanned = Scan.objects.filter(
        person_id=person_id, outcome=ScanOutcome.FOUND, scanned_at__gte=began, scanned_at__lt=began + timedelta(1)
    )
    served = QueueEvent.objects.filter(
        person_id=person_id, step=TicketStep.STARTED, ticket__booking__isnull=False, ticket__queue__day=on
    )
    area = Person.objects.filter(pk=person_id).values_list("organisation__area_code", flat=True).first() or ""
    more = office_settings(area[:DISTRICT_DIGITS], on=on)["office.reveals"]
    return scanned.values("visit_id").distinct().count() + served.values("ticket_id").distinct().count() + int(more)


def desk_of(unit: Unit, *, on: date) -> Desk:
    """Answer the port: where the district receives families, by what number, and the papers asked of this home."""
    project = unit.building.project
    stated = office_settings(project.district_code, on=on)
    return Desk(
        place=stated["office.place"],
        phone=stated["office.phone"],
        hours=f"工作日{stated['office.hours']}" if stated["office.hours"] else "",
        papers=tuple(item.name for item in papers_asked(project, unit.use, on=on) if not item.condition),
        callback=stated["office.callback"],
    )


def office_settings(district: str, *, on: date) -> dict[str, Any]:
    """Return what a district has set for its office on a day: fees, hours, days. One query."""
    return settings_on([spec.name for spec in SETTINGS_OF_OFFICE], district, on=on)


def checklist_of(code: str, *, on: date) -> list[ChecklistItem]:
    """List the papers that a checklist asks for on a day, in order: of each the last line by then, unless
    that ends it. One query."""
    lines = ChecklistItem.objects.filter(applies_to=code, effective_on__lte=on).order_by("effective_on")
    last = {line.name: line for line in lines}
    return sorted((line for line in last.values() if line.is_active), key=lambda one: (one.ordinal, one.name))


ON_SITE: Final = frozenset(
    {Supplier.TAX.value, Supplier.FUND.value}
)  # settled before 登簿, not before papers are taken


def asked_of_homes(project: Project, units: Sequence[Unit], *, on: date) -> dict[int, list[tuple[ChecklistItem, bool]]]:
    """List, by home, the lines of its checklist on a day, each with whether it is settled on the spot, not handed in.

    Two queries for each list that the homes have between them.
    """
    lists: dict[str, list[tuple[ChecklistItem, bool]]] = {}
    for unit in units:
        if unit.use not in lists:
            lists[unit.use] = [
                (item, item.supplier in ON_SITE and item.form == PaperForm.SEEN)
                for item in papers_asked(project, unit.use, on=on, at_counter=True)
            ]
    return {unit.pk: lists[unit.use] for unit in units}


def facts_of(unit_ids: Sequence[int], *, on: date) -> dict[int, dict[str, str]]:
    """Return what is so of the people of homes on a day: code and words of each fact. One query."""
    rows = HomeFact.objects.filter(unit__in=unit_ids, effective_on__lte=on, ended_act_id__isnull=True).order_by("id")
    facts: dict[int, dict[str, str]] = {}
    for row in rows:
        facts.setdefault(row.unit_id, {})[row.fact] = row.get_fact_display()
    return facts


def papers_asked(project: Project, use: str, *, on: date, at_counter: bool = False) -> list[ChecklistItem]:
    """List the papers that a unit of a project hands in on a day: its checklist, and the fund's voucher if, and only
    if, its use pays into the fund that day, for then 登簿 asks for it too. Lines of what is asked about at the counter
    alone are for the counter. Two queries; empty: there is no list."""
    items = checklist_of(checklist_code(project.housing_type, use), on=on)
    if not at_counter:
        items = [item for item in items if item.fact not in COUNTER_FACTS]
    if Use(use) not in fund_rule(project.district_code).uses(on):
        return [item for item in items if item.supplier != Supplier.FUND]
    if not items or any(item.supplier == Supplier.FUND for item in items):
        return items
    voucher = ChecklistItem(
        applies_to=checklist_code(project.housing_type, use), ordinal=items[-1].ordinal, name="维修资金交存凭证",
        form=PaperForm.SEEN, copies=0, supplier=Supplier.FUND, note="可现场交存", effective_on=on,
    )  # fmt: skip
    return [*items, voucher]
