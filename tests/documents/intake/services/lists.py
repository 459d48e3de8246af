"""Unit lists of the estate as people send them, and the ways to take them in."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from documents.intake.models import ImportSession
from documents.intake.services.new_buildings import agree_buildings, held_buildings
from documents.intake.services.sessions import accept_session, commit_session, submit_session
from documents.intake.services.uploads import stage_upload
from projects.ledger.models import Move, Tally, Unit, UnitHolder
from registry.kernel.authority import Actor
from tests.documents.intake.reading.files import Row, home, workbook
from tests.factories.projects import Estate, on_day

DAY = date(2022, 2, 1)
LATER = date(2022, 2, 8)


def listed(estate: Estate, count: int = 3, **changed: Row) -> list[Row]:
    """Good rows of building 9, which the estate does not have; `r2={...}` changes the first."""
    code = estate.project.code
    return [home(n, project=code, **changed.get(f"r{n + 1}", {})) for n in range(1, count + 1)]


def staged(
    estate: Estate, rows: Iterable[Row] | bytes, *, by: str = "district", name: str = "清册.xlsx", ticked: bool = True
) -> ImportSession:
    """Stage a list; bytes are taken as the file itself. Its new buildings are ticked unless `ticked` says otherwise."""
    content = rows if isinstance(rows, bytes) else workbook(rows)
    actor = getattr(estate.cast, by).actor
    with on_day(DAY):
        session: ImportSession = stage_upload(actor=actor, project=estate.project, content=content, file_name=name)
        return with_buildings(actor, session) if ticked else session


def with_buildings(actor: Actor, session: ImportSession) -> ImportSession:
    """Agree to every building that a staged list would lay."""
    waiting = [number for number, _ in held_buildings(session)]
    return agree_buildings(actor=actor, session=session, numbers=waiting) if waiting else session


def written(estate: Estate, rows: Iterable[Row] | bytes, **more: Any) -> ImportSession:
    """Stage and write a list by one person of the district."""
    session = staged(estate, rows, **more)
    with on_day(DAY):
        return commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)


def written_by_two(estate: Estate, rows: Iterable[Row] | bytes) -> ImportSession:
    """The developer stages and submits, the district accepts."""
    session = staged(estate, rows, by="developer")
    with on_day(DAY):
        submit_session(actor=estate.cast.developer.actor, session=session)
        return accept_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)


def ledger_of(estate: Estate) -> dict[str, Any]:
    """What the books of a project say now: units on an account, their holders, the tallies that are not nought."""
    units = Unit.objects.filter(building__project=estate.project, certificate__gt="")
    holders = UnitHolder.objects.filter(unit__in=units, ended_act_id__isnull=True)
    tallies = Tally.objects.filter(building__project=estate.project).exclude(count=0)
    return {
        "units": sorted(
            units.values_list(
                "building__number", "entrance", "floor", "room", "use", "features", "certificate", "tax", "fund",
                "unit_code", "area", "agreement_no", "holders_masked", "remark", "standing",
            ),
            key=str,
        ),
        "holders": sorted(holders.values_list("unit_id", "holder__name_masked", "position")),
        "tallies": sorted(tallies.values_list("building__number", "use", "standing", "track", "stage", "count")),
    }  # fmt: skip


def moves_of(estate: Estate) -> int:
    """How many moves the project has."""
    return int(Move.objects.filter(unit__building__project=estate.project).count())
