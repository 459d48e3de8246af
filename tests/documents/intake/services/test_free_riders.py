"""F2 in its own words: held units cannot pass with the crowd, by no path; the faulty share stays in every total."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from documents.render.template_xlsx import write_template
from projects.gates.services import record_steps
from projects.ledger.models import Tally, Unit
from projects.progress.lists import STAGE_COLUMNS
from projects.progress.services import PlacedCertificate, advance_units, change_standing, place_units
from projects.progress.services.stage_list import carry_out_list
from registry.kernel.authority import Actor
from registry.kernel.errors import DomainError
from registry.kernel.gates import Gate, GateTable, StepStatus
from registry.kernel.stages import Feature, Standing, Track
from registry.store.second import FirstPerson
from tests.documents.intake.services.sessions import carried_out, sent, told
from tests.factories.histories import are_all_acts_expected, many_histories, undone
from tests.factories.projects import TODAY, Estate, home, on_day, shop

MORE_HOMES, HELD = 485, 3  # beside the twelve homes and the one shop with a mezzanine that the story has


def lay_crowd(estate: Estate) -> list[Unit]:
    """497 homes that may go and the three shops that may not, in the order of the list."""
    rows = [home("1", str(3 + n // 100), 2 + n % 100, 100 + n) for n in range(MORE_HOMES)]
    rows += [shop("2", f"S1{n}", 900 + n, Feature.MEZZANINE) for n in range(HELD - 1)]
    with on_day(TODAY):
        place_units(actor=estate.cast.district.actor, project=estate.project, rows=rows, placed_on=TODAY, source="补录")
    units = list(Unit.objects.filter(building__project=estate.project).select_related("building").order_by("id"))
    return [unit for unit in units if unit.use == "dwelling" or unit.features]


def workbook(estate: Estate, units: list[Unit]) -> bytes:
    rows = (
        {"project": estate.project.code, "building": f"{unit.building}", "entrance": unit.entrance, "room": unit.room}
        for unit in units
    )
    return write_template(STAGE_COLUMNS, title="清单", sheet_name="清单", rows=rows)


def story_moved(crowd: list[Unit]) -> set[int]:
    keys = [one.id for one in crowd]
    return set(Unit.objects.filter(id__in=keys, certificate="notified").values_list("id", flat=True))


def test_of_five_hundred_rows_of_a_list_three_are_refused_with_the_blocker(story: Estate) -> None:
    crowd = lay_crowd(story)
    held = {one.id for one in crowd if one.features}
    assert (len(crowd), len(held)) == (500, HELD)
    with undone(), on_day(TODAY):  # the same by batch
        outcome = advance_units(
            actor=story.cast.township.actor, project=story.project, unit_ids=[unit.id for unit in crowd],
            track=Track.CERTIFICATE, to="notified", occurred_on=TODAY,
        )  # fmt: skip
        assert (len(outcome.moved), {each.unit_id for each in outcome.refused}) == (497, held)
        assert all("P03-0001" in each.reason for each in outcome.refused)
    words = {"track": Track.CERTIFICATE.value, "to": "notified", "on": TODAY.isoformat()}
    session = sent(story, "stages", workbook(story, crowd), "township", **words)
    found = told(session)
    assert Counter(one.verdict for one in found) == {"changed": 497, "refused": HELD}
    carried_out(story, session, "township")

    assert story_moved(crowd) == {one.id for one in crowd} - held
    assert {one.text.count("P03-0001") > 0 for one in found if one.verdict == "refused"} == {True}
    retail = Tally.objects.filter(building__project=story.project, use="retail", track="certificate")
    assert sum(retail.values_list("count", flat=True)) == 5, "the faulty share stays in the total"


class Rider:
    """Somebody who tries everything to bring the shop with the mezzanine along."""

    def __init__(self, estate: Estate, data: st.DataObject, done: Counter[str]) -> None:
        self.estate, self.data, self.done = estate, data, done
        self.held = estate.shops[1]
        self.day = TODAY

    def tries(self) -> None:
        ways: dict[str, Callable[[], Any]] = {
            "advance": self.advance, "list": self.list, "step": self.step, "stand": self.stand, "wait": self.wait,
            "title": self.title,
        }  # fmt: skip
        name = self.data.draw(st.sampled_from(sorted(ways)))
        with suppress(DomainError), transaction.atomic(), on_day(self.day):
            ways[name]()
            self.done[name] += 1

    def advance(self) -> None:
        track, to, actor = self._move()
        units = [self.held, *self.data.draw(st.lists(st.sampled_from(self.estate.homes), max_size=4, unique=True))]
        advance_units(
            actor=actor, project=self.estate.project, unit_ids=units, track=track, to=to, occurred_on=self.day
        )

    def list(self) -> None:
        track, to, actor = self._move()
        days = {self.held: self.day.isoformat(), self.estate.homes[-1]: self.day.isoformat()}
        carry_out_list(actor=actor, project=self.estate.project, days=days, track=track, to=to, file_name="清单.xlsx")

    def step(self) -> None:
        gate = self.data.draw(st.sampled_from([Gate.PLANNING_VERIFICATION, Gate.FIRST_REGISTRATION, Gate.CADASTRAL]))
        status = self.data.draw(st.sampled_from(StepStatus))
        record_steps(
            actor=self.estate.cast.department.actor, project=self.estate.project, gate=gate, status=status,
            buildings=(), part=None, document_no=f"试{self.day}", organ="规自分局", issued_on=self.day,
            effective_on=self.day,
        )  # fmt: skip

    def stand(self) -> None:
        standing = self.data.draw(st.sampled_from([Standing.HELD, Standing.ACTIVE, Standing.CARRIED]))
        change_standing(
            actor=self.estate.cast.district.actor, project=self.estate.project, unit_ids=[self.held],
            standing=standing, reason="unwilling", evidence="试", on=self.day, review_on=self.day + timedelta(days=90),
            first=FirstPerson.of(self.estate.cast.district_second.person),
        )  # fmt: skip

    def title(self) -> None:
        """State an old certificate for it, with or without the mezzanine."""
        features = self.data.draw(st.sampled_from([Feature.NONE, Feature.MEZZANINE]))
        row = replace(
            shop("1", "S02", 15, features), certificates=(PlacedCertificate("朝全字第1号", True),), remark="无"
        )
        place_units(
            actor=self.estate.cast.district.actor, project=self.estate.project, rows=[row], placed_on=self.day,
            source="旧证",
        )  # fmt: skip

    def wait(self) -> None:
        self.day += timedelta(days=self.data.draw(st.integers(1, 20)))

    def _move(self) -> tuple[Track, str, Actor]:
        track = self.data.draw(st.sampled_from([Track.CERTIFICATE, Track.TAX, Track.FUND]))
        stages = {
            Track.CERTIFICATE: ["notified", "collected", "accepted", "recorded", "printed", "issued"],
            Track.TAX: ["settled"],
            Track.FUND: ["settled"],
        }
        to = self.data.draw(st.sampled_from(stages[track]))
        cast = self.estate.cast
        players = (cast.township, cast.centre, cast.tax, cast.district, cast.city, cast.developer)
        able = [player.actor for player in players if player.actor.may_advance(track, to)]
        return track, to, self.data.draw(st.sampled_from(able))


def stages_reached(estate: Estate) -> tuple[set[str], Counter[str]]:
    reached: set[str] = set()
    done: Counter[str] = Counter()

    @many_histories(seed=1)
    @given(data=st.data())
    def histories(data: st.DataObject) -> None:
        with undone():
            rider = Rider(estate, data, done)
            for _ in range(data.draw(st.integers(4, 10))):
                rider.tries()
            reached.add(Unit.objects.get(pk=rider.held).certificate)

    histories()
    return reached, done


def test_no_path_advances_a_held_unit(story: Estate) -> None:
    reached, done = stages_reached(story)

    assert reached == {"waiting"}
    if are_all_acts_expected():
        assert {"advance", "list", "step", "stand", "title", "wait"} == set(done)


def test_a_path_is_found_when_the_rule_of_the_fault_is_taken_away(
    story: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GateTable, "fault_of", lambda self, unit: None)

    reached, _ = stages_reached(story)

    assert reached > {"waiting"}
