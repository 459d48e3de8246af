"""F22 in its own words: the same project found twice, phases split: identity moves, sums do not.

Sequences of splits and merges keep unit count, issued count and document count; every old number still resolves.
"""

from collections import Counter
from datetime import date
from random import Random
from typing import Any

import pytest
from django.urls import reverse

from documents.reports.services import close_month
from projects.gates.models import BasisDocument, Blocker
from projects.gates.selectors.spans import readiness_counts
from projects.ledger.models import Building, BuildingPlacement, Move, Project, Tally, Unit
from projects.ledger.selectors.projects import project_by_code
from projects.ledger.services.projects import take_in_project
from projects.progress.services import place_units
from projects.progress.services.merge import merge_projects
from projects.progress.services.split import split_project
from registry.kernel.errors import NotFound
from registry.kernel.periods import Month
from registry.kernel.scope import EVERYTHING
from registry.store.second import FirstPerson
from tests.factories.accounts import sign_in
from tests.factories.books import faults_in_the_books
from tests.factories.projects import (
    PLACED,
    TODAY,
    Estate,
    bring_to,
    home,
    lay_strange_estate,
    move,
    on_day,
    project_words,
)
from tests.factories.trials import digest, refused

ISSUED = date(2022, 2, 1)


def sums() -> tuple[Any, ...]:
    """What no split and no merge may change."""
    stages: Counter[tuple[str, str]] = Counter()
    for track, stage, count in Tally.objects.values_list("track", "stage", "count"):
        stages[(track, stage)] += count
    issued = Unit.objects.filter(certificate="issued").count()
    return Unit.objects.count(), issued, Move.objects.count(), +stages


def ready() -> Counter[tuple[str, str]]:
    total: Counter[tuple[str, str]] = Counter()
    for counts in readiness_counts(list(Project.objects.values_list("id", flat=True)), on=TODAY).values():
        total.update(counts)
    return +total


def twin(estate: Estate, code: str = "CY-9002", number: str = "7") -> Project:
    """The same project found again under another name, with a building of its own."""
    with on_day(PLACED):
        found: Project = take_in_project(
            actor=estate.cast.district.actor, **project_words(estate.cast, code=code, name="演示佳苑")
        )
        rows = [home(number, "1", floor, 300 + floor) for floor in (2, 3)]
        place_units(actor=estate.cast.district.actor, project=found, rows=rows, placed_on=PLACED, source="清册")
    return found


def merge(estate: Estate, absorbed: Project, into: Project | None = None, **more: Any) -> Project:
    words = {"on": TODAY, "reason": "同一项目", **more}
    with on_day(TODAY):
        made: Project = merge_projects(
            actor=estate.cast.district.actor, project=into or estate.project, absorbed=absorbed, **words
        )
    return made


def split(estate: Estate, buildings: Any, of: Project | None = None, **more: Any) -> Project:
    words = {"code": "CY-9003", "name": "演示小区二期", "on": TODAY, "reason": "分期", **more}
    with on_day(TODAY):
        made: Project = split_project(
            actor=estate.cast.district.actor, project=of or estate.project, building_ids=buildings, **words
        )
    return made


def test_fifty_splits_and_merges_keep_every_sum_and_every_number_resolves(story: Estate) -> None:
    bring_to(story, story.homes[:5], "issued", ISSUED)
    twin(story)
    before, able, dice = sums(), ready(), Random(22)
    documents = set(BasisDocument.objects.values_list("number", flat=True))
    for turn in range(50):
        alive = list(Project.objects.filter(merged_into__isnull=True).order_by("id"))
        wide = [one for one in alive if Building.objects.filter(project=one).count() > 1]
        if wide and (len(alive) < 2 or dice.random() < 0.5):
            source = dice.choice(wide)
            keys = list(Building.objects.filter(project=source).order_by("id").values_list("id", flat=True))
            split(story, keys[: dice.randint(1, len(keys) - 1)], source, code=f"CY-8{turn:03d}")
        else:
            into, absorbed = dice.sample(alive, 2)
            merge(story, absorbed, into)
        assert sums() == before, turn
    assert ready() == able
    assert set(BasisDocument.objects.values_list("number", flat=True)) == documents
    assert faults_in_the_books() == []
    for code in Project.objects.values_list("code", flat=True):
        assert project_by_code(story.cast.district.actor, code).merged_into_id is None


def test_the_moved_buildings_are_placed_from_a_day_and_the_old_code_redirects_with_a_note(story: Estate) -> None:
    absorbed = twin(story)
    merge(story, absorbed)

    moved = Building.objects.get(number="7")
    assert list(BuildingPlacement.objects.filter(building=moved).order_by("id").values_list("project_id", "number")) == [
        (absorbed.id, "7"), (story.project.id, ""),
    ]  # fmt: skip
    page = sign_in(story.cast.district).get(reverse("ledger:project", args=["CY-9002"]), follow=True)
    assert page.redirect_chain == [(reverse("ledger:project", args=["CY-9001"]), 302)]
    assert "CY-9002已并入CY-9001 演示小区" in page.content.decode()


def test_nothing_of_either_begins_to_hold_for_the_other(story: Estate) -> None:
    absorbed = twin(story)
    before = ready()
    merge(story, absorbed)

    assert ready() == before
    assert Blocker.objects.get().units_caught == 15


def test_a_split_keeps_its_homes_ready_by_the_letter_of_the_origin(story: Estate) -> None:
    before = ready()
    made = split(story, [story.buildings[1].id])

    assert ready() == before
    assert readiness_counts([made.id], on=TODAY)[made.id][("ready", "dwelling")] == 6
    copy = Blocker.objects.get(project=made)
    assert (copy.origin_id, copy.number, copy.units_caught) == (story.blocker.id, "P03-0002", 7)
    unit = Unit.objects.filter(building__project=made).order_by("id").first()
    bought = Estate(story.cast, made)
    move(bought, [unit.id], "collected", TODAY)
    assert faults_in_the_books() == []


def test_a_closed_month_is_as_it_was(story: Estate) -> None:
    bring_to(story, story.homes[:3], "issued", ISSUED)
    with on_day(date(2022, 3, 1)):
        closed = close_month(
            actor=story.cast.city.actor, month=Month.parse("2022-02"), first=FirstPerson.of(story.cast.auditor.person)
        )
    frozen = (closed.rows, closed.rows_hash)
    merge(story, twin(story))
    split(story, [story.buildings[0].id])

    closed.refresh_from_db()
    assert (closed.rows, closed.rows_hash) == frozen


@pytest.mark.parametrize(
    ("words", "message", "field"),
    [
        ({"reason": " "}, "未填写合并原因", "reason"),
        ({"on": date(2022, 3, 9)}, "日期2022-03-09尚未到来", "on"),
        ({"on": date(2019, 1, 1)}, "合并日期不得早于纳入日期2019-10-10", "on"),
    ],
)
def test_a_merge_without_ground_is_refused(estate: Estate, words: Any, message: str, field: str) -> None:
    absorbed = twin(estate)
    with refused(message, field=field):
        merge(estate, absorbed, **words)


def test_a_merge_into_itself_or_twice_is_refused(estate: Estate) -> None:
    with refused("不能把项目并入它自己", field="absorbed"):
        merge(estate, estate.project)
    absorbed = twin(estate)
    merge(estate, absorbed)
    with refused("CY-9002已并入另一个项目", field="absorbed"):
        merge(estate, absorbed)


def test_a_merge_is_of_one_district_and_in_reach(estate: Estate) -> None:
    """The absorbed project is no subject of the act: its reach is asked for apart."""
    elsewhere = lay_strange_estate(estate.cast).project
    before = digest()
    with on_day(TODAY), pytest.raises(NotFound, match="未找到"):
        merge_projects(
            actor=estate.cast.district.actor, project=estate.project, absorbed=elsewhere, on=TODAY, reason="同名"
        )
    assert digest() == before
    with on_day(TODAY), refused("两个项目不在同一区", field="absorbed"):
        merge_projects(
            actor=estate.cast.city.actor, project=estate.project, absorbed=elsewhere, on=TODAY, reason="同名"
        )


def test_buildings_of_one_number_need_another_and_the_old_one_is_kept(estate: Estate) -> None:
    absorbed = twin(estate, number="1")
    with refused("两个项目都有1号楼", code="numbers_clash", field="numbers"):
        merge(estate, absorbed)
    key = Building.objects.get(project=absorbed).id
    merge(estate, absorbed, numbers={key: "31"})

    assert (Building.objects.get(pk=key).number, BuildingPlacement.objects.filter(building=key, number="1").count()) == (
        "31", 1,
    )  # fmt: skip


def test_a_split_that_loses_a_unit_is_refused(estate: Estate) -> None:
    other = lay_strange_estate(estate.cast)
    for buildings in ([], [other.buildings[0].id], [estate.buildings[0].id, other.buildings[0].id]):
        with refused("未选择楼栋，或所选楼栋不属于本项目", field="building_ids"):
            split(estate, buildings)
    with refused("不能拆分全部楼栋", field="building_ids"):
        split(estate, [one.id for one in estate.buildings])


def test_everything_is_what_the_blocker_said(story: Estate) -> None:
    assert story.blocker.versions.get().scope == EVERYTHING.to_data()
