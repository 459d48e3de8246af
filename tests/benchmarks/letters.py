"""A letter of 7,899 homes comes into force, is breached, is revoked: the whole act, gates computed anew included."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction

from commitments.models import Instrument
from commitments.services import approve_instrument, sign_instrument
from commitments.services.ending import declare_breach, revoke_instrument
from documents.setup.reference import load_reference
from projects.ledger.models import Tally
from projects.ledger.services.projects import take_in_project
from projects.progress.services import place_units
from registry.store.second import FirstPerson
from tests.benchmarks.ledger import database, homes
from tests.benchmarks.measure import Result, timed
from tests.factories.accounts import lay_cast
from tests.factories.projects import (
    DUE,
    FOUND,
    PLACED,
    SIGNED,
    Estate,
    draft_letter,
    lay_blocker,
    on_day,
    project_words,
)

HOMES: Final = 7_899
BUDGET: Final = 1.0
LATE: Final = DUE + timedelta(days=3)


def run() -> list[Result]:
    """Each act in a transaction that is rolled back."""
    with database():
        estate = _estate()
        blocker = lay_blocker(estate, on=FOUND)
        if blocker.units_caught != HOMES or not Tally.objects.exists():
            raise RuntimeError("the benchmark is wrong")
        actors = estate.cast
        with on_day(SIGNED):
            letter = draft_letter(estate, blocker)
            sign_instrument(
                actor=actors.township.actor, instrument=letter, number="×政函〔2021〕18号", signed_on=SIGNED
            )

        def approve() -> None:
            approve_instrument(actor=actors.district.actor, instrument=letter, effective_on=SIGNED)

        found = [Result(f"a letter of {HOMES} homes comes into force", _rolled_back(approve, SIGNED), "s", BUDGET)]
        with on_day(SIGNED):
            approve()
        words: dict[str, Any] = {"actor": actors.district.actor, "instrument": Instrument.objects.get(pk=letter.pk)}
        ends: tuple[tuple[str, Callable[[], object]], ...] = (
            ("breached", lambda: declare_breach(on=LATE, reason="测速", **words)),
            (
                "revoked",
                lambda: revoke_instrument(on=LATE, reason="测速", first=FirstPerson.of(actors.city.person), **words),
            ),
        )
        for name, act in ends:
            found.append(Result(f"a letter of {HOMES} homes is {name}", _rolled_back(act, LATE), "s", BUDGET))
        return found


def _estate() -> Estate:
    load_reference()
    cast = lay_cast()
    with on_day(PLACED):
        project = take_in_project(actor=cast.district.actor, **project_words(cast))
        place_units(actor=cast.district.actor, project=project, rows=homes(HOMES, 220), placed_on=PLACED, source="测速")
    return Estate(cast, project)


def _rolled_back(act: Callable[[], object], day: date) -> float:
    def once() -> None:
        with on_day(day), transaction.atomic():
            act()
            transaction.set_rollback(True)

    return timed(once)
