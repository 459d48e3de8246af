"""A list of acts on gates reads the homes once and counts once: with the same figures as acts one by one."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from projects.gates.models import BlockerType, ChainMarks, ReadinessSpan
from projects.gates.selectors.facts import facts_of
from projects.gates.selectors.reckoning import buildings_of, one_reckoning, reckoning
from projects.gates.services import raise_blocker
from registry.audit.recording import stored_together
from registry.kernel.scope import NOTHING, scope_of
from registry.lists.kinds import LISTS
from registry.lists.rows import ListInput, ListRow
from tests.factories.projects import TODAY, Estate, on_day

PER_ROW = {"blockers": 8, "steps": 8}


def rows_of(kind: str, estate: Estate, count: int) -> list[ListRow]:
    blank = dict.fromkeys(LISTS[kind].columns.names, "") | {"project": estate.project.code}
    own: Callable[[int], dict[str, Any]] = {
        "blockers": lambda n: {"type": "P03", "title": f"甲{n}", "buildings": str(n % 2 + 1), "found_on": f"2021-01-{n + 1:02d}"},
        "steps": lambda n: {"gate": "land_supply", "status": "passed", "buildings": str(n % 2 + 1), "document_no": f"文{n}",
                            "organ": "乙", "issued_on": f"2021-02-{n + 1:02d}"},
    }[kind]  # fmt: skip
    return [ListRow(n + 2, {**blank, **own(n)}) for n in range(count)]


def figures(estate: Estate) -> tuple[list[Any], list[Any]]:
    spans = ReadinessSpan.objects.filter(building__project=estate.project, known_to__isnull=True)
    marks = ChainMarks.objects.filter(building__project=estate.project)
    return (
        sorted(spans.values_list("building", "use", "figure", "from_on", "count")),
        sorted(marks.values_list("building", "part", "marks", "from_on")),
    )


def carry_out(kind: str, estate: Estate, count: int) -> None:
    player = estate.cast.department if kind == "steps" else estate.cast.district
    with on_day(TODAY):
        outcomes = LISTS[kind].carry_out(
            ListInput(player.actor, estate.project, rows_of(kind, estate, count)), is_trial=False
        )
    assert {outcome.verdict for outcome in outcomes} == {"added"}


@pytest.mark.parametrize("kind", ["blockers", "steps"])
def test_homes_are_read_once_for_all_rows(kind: str, estate: Estate) -> None:
    asked: dict[int, list[str]] = {}
    for count in (2, 6):
        with transaction.atomic(), LISTS[kind].during(), CaptureQueriesContext(connection) as captured:
            carry_out(kind, estate, count)
            transaction.set_rollback(True)
        asked[count] = [query["sql"] for query in captured]
    of_homes = {
        count: sum('"opened_on"' in sql and 'FROM "ledger_unit"' in sql for sql in queries)
        for count, queries in asked.items()
    }
    assert of_homes == {2: 1, 6: 1}
    assert (len(asked[6]) - len(asked[2])) / 4 < 30, "queries of a row"


@pytest.mark.parametrize("kind", ["blockers", "steps"])
def test_a_row_of_a_list_asks_for_itself_alone(kind: str, estate: Estate) -> None:
    """The clock, reach, two savepoints and two rows; what is on record of it is stored with the others'."""
    asked = {}
    for count in (2, 6):
        with CaptureQueriesContext(connection) as captured, transaction.atomic():
            with LISTS[kind].during(), stored_together():
                carry_out(kind, estate, count)
            transaction.set_rollback(True)
        asked[count] = len(captured)
    assert (asked[6] - asked[2]) / 4 == PER_ROW[kind]


def test_a_step_taken_back_stands_no_more_for_the_acts_after_it(estate: Estate) -> None:
    plans = {count: rows_of("steps", estate, count) for count in (1, 2)}
    plan = LISTS["steps"].plan
    assert plan is not None
    actor = estate.cast.department.actor

    def known() -> list[str]:
        return [step.document for step in facts_of([estate.project.id])[estate.project.id].steps]

    with on_day(TODAY), transaction.atomic(), LISTS["steps"].during():
        before = known()
        with transaction.atomic():
            for each in plan(actor, estate.project, plans[1]):
                assert each.do is not None
                each.do(actor)
            assert known() == [*before, "文0"]
            transaction.set_rollback(True)
        assert known() == before
        for each in plan(actor, estate.project, plans[2]):
            assert each.do is not None
            each.do(actor)
        kept = known()
    assert kept == [*before, "文0", "文1"] == known()


def test_outside_a_list_each_act_counts_at_once(estate: Estate) -> None:
    before = figures(estate)
    with on_day(TODAY):
        raise_blocker(
            actor=estate.cast.district.actor, project=estate.project, type=BlockerType.objects.get(code="P03"), title="",
            scope=scope_of(buildings={estate.buildings[0].id}), at_fault=NOTHING, found_on=date(2021, 1, 1),
        )  # fmt: skip
    assert figures(estate) != before
    assert reckoning() is None


def test_building_alone_is_that_building_of_the_project(estate: Estate) -> None:
    first = estate.buildings[0].id
    plain = buildings_of([estate.project.id], first)
    with one_reckoning():
        kept = buildings_of([estate.project.id], first)
    assert [each.columns.id for each in kept[estate.project.id]] == [first]
    assert [each.columns for each in kept[estate.project.id]] == [each.columns for each in plain[estate.project.id]]
