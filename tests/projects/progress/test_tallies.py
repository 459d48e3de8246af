"""Tallies are the moves counted, whatever is done in whatever order."""

import random
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest

from projects.ledger.models import Move, Tally, Unit
from projects.ledger.selectors.counts import counts_as_of, present_counts
from projects.progress.services import PlacedCertificate, change_standing, correct_unit, place_units
from registry.kernel.errors import DomainError
from registry.kernel.stages import STAGES, Standing, Track, Use
from registry.store.second import FirstPerson
from tests.factories.projects import Estate, home, moment, move, on_day

START = date(2021, 8, 2)
STEPS = 60


def recount() -> Counter[tuple[Any, ...]]:
    """Every account, counted from the moves."""
    found: Counter[tuple[Any, ...]] = Counter()
    for side, sign in (("to", 1), ("from", -1)):
        names = (f"{side}_building_id", f"{side}_use", f"{side}_standing", "track", f"{side}_stage")
        for account in Move.objects.filter(**{f"{side}_building__isnull": False}).values_list(*names):
            found[account] += sign
    return found


def counted() -> Counter[tuple[Any, ...]]:
    """Every account, counted from the units as they stand."""
    found: Counter[tuple[Any, ...]] = Counter()
    for unit in Unit.objects.all():
        for track in Track:
            if getattr(unit, track.value):
                found[(unit.building_id, unit.use, unit.standing, track.value, getattr(unit, track.value))] += 1
    return found


def tallies() -> Counter[tuple[Any, ...]]:
    """Every account as kept."""
    rows = Tally.objects.values_list("building_id", "use", "standing", "track", "stage", "count")
    return Counter({row[:5]: row[5] for row in rows if row[5]})


def act(estate: Estate, rng: random.Random, day: date) -> None:
    """One act of someone, on some units; many are refused."""
    units = rng.sample([*estate.homes, *estate.shops], rng.randint(1, 4))
    district = estate.cast.district.actor
    kind = rng.choice(("move", "move", "move", "move", "hold", "restore", "correct", "place", "certify"))
    if kind == "move":
        track = rng.choice((Track.CERTIFICATE, Track.CERTIFICATE, Track.TAX, Track.FUND))
        choices = [stage.code for stage in STAGES[track][1:] if stage.code != "printed"]
        move(estate, units, rng.choice(choices), day, track)
        return
    with on_day(day):
        if kind == "hold":
            change_standing(
                actor=district, project=estate.project, unit_ids=units, reason="dispute", evidence="诉讼", on=day,
                standing=rng.choice((Standing.HELD, Standing.CARRIED)), review_on=day + timedelta(days=90),
                first=FirstPerson.of(estate.cast.district_second.person),
            )  # fmt: skip
        elif kind == "restore":
            change_standing(
                actor=district, project=estate.project, unit_ids=units, standing=Standing.ACTIVE, reason="",
                evidence="已解决", on=day,
            )  # fmt: skip
        elif kind == "correct":
            unit = Unit.objects.select_related("building").get(pk=units[0])
            correct_unit(
                actor=district,
                unit=unit,
                track=rng.choice(list(Track)),
                on=day,
                reason="录错",
                first=FirstPerson(0, "某人"),
            )
        else:
            number = rng.randint(2, 13)
            row = home(str(1 + (number - 2) // 6), "12"[(number - 2) % 6 // 3], 2 + (number - 2) % 3, number)
            use = rng.choice((Use.DWELLING, Use.STORAGE)) if kind == "place" else Unit.objects.get(pk=units[0]).use
            titles = [PlacedCertificate(f"朝全字第{number}号", True, rng.choice((None, day, date(2005, 6, 30))))]
            place_units(
                actor=district, project=estate.project, placed_on=day, source="补录",
                rows=[
                    home(
                        row.building, row.entrance, row.floor_order, number, use=Use(use),
                        certificates=tuple(titles if kind == "certify" else ()),
                    )
                ],
            )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_tallies_units_and_moves_agree_after_a_random_sequence(story: Estate, seed: int) -> None:
    rng, day, done = random.Random(seed), START, 0
    for _ in range(STEPS):
        with suppress(DomainError):
            act(story, rng, day)
            done += 1
        day += timedelta(days=rng.randint(0, 3))

    assert done > STEPS // 4, "enough went through to mean something"
    assert tallies() == +recount() == counted()
    last = date(2022, 3, 8)
    known = counts_as_of(on=last, known_at=moment(last))[story.project.id]
    assert known.by_place == present_counts([story.project.id])[story.project.id].by_place
    for back in range(0, (last - START).days, 7):
        on = START + timedelta(days=back)
        then = counts_as_of(on=on, known_at=moment(last))[story.project.id]
        homes_and_others = then.total(dwelling=True) + then.total(dwelling=False)
        assert (on, homes_and_others) == (on, 15), "units neither vanish nor double on any day"
