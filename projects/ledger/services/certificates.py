"""Certificates of units: added, ended and put back by the set. The unit's joined text is kept in step."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from projects.ledger.models import Unit, UnitCertificate
from projects.ledger.selectors.certificates import CHUNK, PlacedCertificate, standing
from registry.store.acts import current_act, within_act
from registry.store.bulk import insert_rows, update_rows

FIELDS: Final = ("unit_id", "number", "is_legacy", "issued_on", "position", "ended_act_id", "act_id")


@dataclass(frozen=True)
class CertificateWrite:
    """The certificates that a unit is to have beside those it has."""

    unit_id: int
    stated: Sequence[PlacedCertificate]


def merged(before: Sequence[PlacedCertificate], stated: Iterable[PlacedCertificate]) -> tuple[PlacedCertificate, ...]:
    """Add what is stated to what stands: a new number at the end, another day in its place, no loss."""
    found = {one.number: one for one in before}
    for one in stated:
        known = found.get(one.number)
        if known is None or (one.issued_on is not None and one.issued_on != known.issued_on):
            found[one.number] = one
    return tuple(found.values())


@within_act
def write_certificates(units: Sequence[CertificateWrite]) -> None:
    """Return units the certificates stated: one that stands stays, one of another day is ended and restated.

    The unit's joined text is the caller's to write with its other columns. Inside an open act.
    """
    wanted = [one for one in units if one.stated]
    if not wanted:
        return
    act = current_act()
    before = _rows_of([one.unit_id for one in wanted])
    ended: list[int] = []
    fresh: list[tuple[object, ...]] = []
    for one in wanted:
        rows = before.get(one.unit_id, {})
        known = [PlacedCertificate(row.number, row.is_legacy, row.issued_on) for row in rows.values()]
        for position, after in enumerate(merged(known, one.stated)):
            row = rows.get(after.number)
            if row is not None and row.issued_on == after.issued_on:
                continue
            if row is not None:
                ended.append(row.id)
            fresh.append((one.unit_id, after.number, after.is_legacy, after.issued_on, position, None, act.id))
    update_rows(UnitCertificate, ("ended_act_id",), ((act.id, key) for key in ended))
    insert_rows(UnitCertificate, FIELDS, fresh)


def _rows_of(units: Sequence[int]) -> Mapping[int, dict[str, UnitCertificate]]:
    found: dict[int, dict[str, UnitCertificate]] = defaultdict(dict)
    for start in range(0, len(units), CHUNK):
        for row in standing(units[start : start + CHUNK]):
            found[row.unit_id][row.number] = row
    return found


@within_act
def end_certificates(unit_ids: Sequence[int]) -> list[str]:
    """End every certificate of units whose issue is taken back; gives the numbers ended. Inside an act."""
    rows = standing(list(unit_ids))
    numbers = list(rows.values_list("number", flat=True))
    rows.order_by().update(ended_act_id=current_act().id)
    if numbers:
        Unit.objects.filter(id__in=list(unit_ids)).update(certificate_no="")
    return numbers


@within_act
def restore_certificates(unit_ids: Sequence[int], *, act_id: int) -> None:
    """End the certificates that an act brought; those that it ended stand again, by rows of their own.

    Inside the act that undoes; the caller writes the units' joined text back.
    """
    act = current_act()
    for start in range(0, len(unit_ids), CHUNK):
        of_units = UnitCertificate.objects.filter(unit_id__in=unit_ids[start : start + CHUNK])
        of_units.filter(act_id=act_id, ended_act_id__isnull=True).update(ended_act_id=act.id)
        former = of_units.filter(ended_act_id=act_id).order_by("unit_id", "position", "id")
        rows = former.values_list("unit_id", "number", "is_legacy", "issued_on", "position")
        insert_rows(UnitCertificate, FIELDS, ((*row, None, act.id) for row in list(rows)))
