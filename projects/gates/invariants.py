"""Invariants of gates: spans say what the gates say; whoever was accepted had every gate passed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from django.db.models import Max

from projects.gates.models import ReadinessSpan
from projects.gates.selectors.facts import facts_of
from projects.ledger.models import Move, Project
from projects.ledger.selectors.stages import stages_past_acceptance
from registry.audit.invariants import Invariant, Violation
from registry.kernel.gates import FIGURES, ISSUED_UNREADY, ProjectFacts, change_dates, compute_gates, issued_unready
from registry.kernel.gates.rest import StageDays, reached_on, rest_counts

SAMPLE: Final = 25


def _chosen(project: int | None) -> list[int]:
    """The project asked for, or an even sample of all, the largest included."""
    if project:
        return [project]
    keys = list(Project.objects.order_by("id").values_list("id", flat=True))
    return keys[:: max(1, len(keys) // SAMPLE)]


def spans_are_the_gates(project: int | None) -> Iterator[Violation]:
    """Recompute projects on their last day of change and hold the stored spans against it."""
    for key in _chosen(project):
        facts = facts_of([key])[key]
        stages = stages_past_acceptance([key])[key]
        spans = ReadinessSpan.objects.filter(building__project_id=key, known_to__isnull=True)
        last = spans.aggregate(last=Max("from_on"))["last"]
        days = [*change_dates(facts), *([last] if last else [])]
        if days:
            yield from _span_faults(key, facts, stages, max(days))


def _span_faults(key: int, facts: ProjectFacts, stages: StageDays, on: date) -> Iterator[Violation]:
    rows = ReadinessSpan.objects.filter(building__project_id=key, known_to__isnull=True, from_on__lte=on)
    stored: dict[tuple[int, str, str], int] = {}
    for building, use, figure, count in rows.order_by("from_on", "id").values_list(
        "building_id", "use", "figure", "count"
    ):
        stored[(building, use, figure)] = count
    for building, gates in compute_gates(facts, on=on).buildings.items():
        masks = {figure: gates.figure(figure) & gates.counted for figure in FIGURES}
        masks[ISSUED_UNREADY] = issued_unready(gates, facts.issued, on=on)
        masks |= rest_counts(gates, reached_on(gates, stages, on))
        for figure, mask in masks.items():
            for use in set(gates.columns.uses):
                count = (mask & gates.counted & gates.columns.use_mask(use)).bit_count()
                if stored.get((building, use.value, figure), 0) != count:
                    found = stored.get((building, use.value, figure), 0)
                    yield Violation(f"楼栋{building} {use.label} {figure} {on}", str(count), str(found))


def the_accepted_were_passed(project: int | None) -> Iterator[Violation]:
    """Hold every standing acceptance against the steps made by its day, revoked later or not."""
    moves = Move.objects.filter(kind="advance", to_stage="accepted", reversed_by__isnull=True)
    moves = moves.filter(unit__building__project_id__in=_chosen(project))
    by_day: dict[tuple[int, date], list[int]] = defaultdict(list)
    for key, on, unit in moves.values_list("unit__building__project_id", "occurred_on", "unit_id"):
        by_day[(key, on)].append(unit)
    facts: dict[int, ProjectFacts] = {}
    for (key, on), units in by_day.items():
        if key not in facts:
            found = facts_of([key])[key]
            facts[key] = replace(found, steps=tuple(replace(step, revoked_on=None) for step in found.steps))
        yield from _not_passed(facts[key], on, units)


def _not_passed(facts: ProjectFacts, on: date, units: Iterable[int]) -> Iterator[Violation]:
    passed: set[int] = set()
    for gates in compute_gates(facts, on=on).buildings.values():
        mask = gates.columns.everything
        for gate in gates.plan:
            mask &= gates.passed[gate]
        passed.update(gates.columns.units_of(mask))
    for unit in units:
        if unit not in passed:
            yield Violation(f"户{unit}", f"{on}受理时楼栋环节均已办结", "有环节未办结")


INVARIANTS = (
    Invariant("I3", "已受理的户，受理当日楼栋环节均已办结", the_accepted_were_passed),
    Invariant("I6", "打通、可办、首登和剩余各类的数等于按环节和堵点重算的数", spans_are_the_gates),
)
