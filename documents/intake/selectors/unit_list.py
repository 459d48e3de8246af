"""The units of a project as a unit list: the same columns as its import, so that what goes out can come back."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from documents.intake.reading.unit_columns import UNIT_COLUMNS
from projects.ledger.models import IN_THE_BOOKS, Project, Unit
from projects.ledger.selectors.certificates import PlacedCertificate, certificates_by_unit
from registry.kernel.authority import Actor
from registry.kernel.stages import Use


def unit_list(actor: Actor, project: Project) -> Iterator[dict[str, str | Decimal | date | None]]:
    """Return each unit by column name, people left out: blank cells change nothing. Two queries, streamed."""
    certified = certificates_by_unit(project)
    units = Unit.objects.visible_to(actor).filter(IN_THE_BOOKS, building__project=project)
    labels = {choice.value: choice.label for choice in UNIT_COLUMNS.by_name("use").choices}
    for unit in units.select_related("building").order_by("building__number_order", "building_id", "id").iterator(2000):
        number = unit.building.number
        yield {
            "project": project.code,
            "building": f"{number}号楼" if number.isdigit() else number,
            "entrance": unit.entrance,
            "floor": unit.floor,
            "room": unit.room,
            "unit_code": unit.unit_code or "",
            "use": labels[Use(unit.use).value],
            "area": unit.area,
            "agreement": unit.agreement_no,
            "certificate_no": "、".join(certificate.number for certificate in certified.get(unit.id, ())),
            "issued_on": _days(certified.get(unit.id, ())),
            "remark": unit.remark,
        }


def _days(certificates: Sequence[PlacedCertificate]) -> date | str | None:
    """The days of a unit's certificates as the import reads them: a date where one says all, else one for each."""
    days = [certificate.issued_on for certificate in certificates]
    if len(set(days)) < 2:
        return next(iter(days), None)
    return "、".join(day.isoformat() if day else "无" for day in days)
