"""A fault found later: who was accepted or issued before goes on the watch list, a pause is proposed for the rest."""

from collections.abc import Collection

from django.db.models import QuerySet

from projects.gates.models import Blocker, WatchedUnit
from projects.gates.selectors.facts import facts_of
from projects.gates.selectors.reckoning import columns_of, reckoning
from projects.ledger.models import Unit
from registry.accounts.services.approvals import propose
from registry.kernel.authority import Actor
from registry.kernel.gates import Gate, ProjectFacts, compute_gates
from registry.kernel.scope import Scope
from registry.kernel.stages import Standing
from registry.store.acts import current_act, within_act
from registry.store.bulk import insert_rows

PAUSE = "gates.pause"
PORTION = 900
PAST = ("accepted", "recorded", "printed", "issued")
FIELDS = ("blocker_id", "unit_id", "stage", "stage_on", "is_at_fault", "listed_on", "recorded_at", "act_id")


@within_act
def watch_units_made_before(*, actor: Actor, blocker: Blocker, scope: Scope, at_fault: Scope) -> int:
    """List the accepted and issued homes that a fault catches, and propose a pause for those it can't stop.

    Changes no home. Runs inside the act that raised, widened or reopened the blocker; gives the number newly listed.
    """
    opened, key = reckoning(), blocker.project_id
    if opened is not None and key not in opened.past:
        opened.past[key] = _past(Unit.objects.filter(building__project=key))
    if opened is not None and not opened.past[key]:
        return 0  # no home of the project is so far
    homes = columns_of(key)
    caught = {unit for columns in homes for unit in columns.units_of(scope.mask(columns))}
    past = _past_of(caught) if opened is None else opened.past[key]
    if not past:
        return 0
    listed = set(WatchedUnit.objects.filter(blocker=blocker).values_list("unit_id", flat=True))
    faulty = {unit for columns in homes for unit in columns.units_of(at_fault.mask(columns))}
    act = current_act()
    fresh = sorted((caught & past.keys()) - listed)
    insert_rows(
        WatchedUnit,
        FIELDS,
        ((blocker.pk, key, *past[key], key in faulty, act.today, act.recorded_at, act.id) for key in fresh),
    )
    if not fresh or actor.is_system:
        return len(fresh)
    facts = facts_of([blocker.project_id])[blocker.project_id]
    running = _running(facts, blocker, caught - past.keys())
    if running:
        _propose_pause(actor, blocker, scope, len(running), len(fresh))
    return len(fresh)


def _past_of(units: Collection[int]) -> dict[int, tuple[str, object]]:
    keys = sorted(units)
    past: dict[int, tuple[str, object]] = {}
    for start in range(0, len(keys), PORTION):
        past |= _past(Unit.objects.filter(id__in=keys[start : start + PORTION]))
    return past


def _past(homes: "QuerySet[Unit]") -> dict[int, tuple[str, object]]:
    """Those of the homes that are accepted or further, with their stage and its day. One query."""
    rows = homes.filter(certificate__in=PAST)
    return {key: (stage, on) for key, stage, on in rows.values_list("id", "certificate", "certificate_on")}


def _running(facts: ProjectFacts, blocker: Blocker, units: set[int]) -> list[int]:
    """The active units not yet accepted whose gate was made before: the blocker itself does not stop them."""
    gate = Gate(blocker.gate)
    today = current_act().today
    table = compute_gates(facts, on=today)
    found: list[int] = []
    for columns, standings, _ in facts.states(today):
        passed = table.buildings[columns.id].passed.get(gate, 0)
        active = {key for key, one in zip(columns.unit_ids, standings, strict=True) if one == Standing.ACTIVE}
        found += [key for key in columns.units_of(passed) if key in units and key in active]
    return found


def _propose_pause(actor: Actor, blocker: Blocker, scope: Scope, running: int, watched: int) -> None:
    project = blocker.project
    propose.within(
        actor=actor,
        kind=PAUSE,
        title=f"暂停受理：{blocker.number} {blocker.title}，未受理{running}户",
        payload={"blocker": blocker.pk, "scope": scope.to_data(), "running": running, "watched": watched},
        reason=f"{blocker.number}发现前已受理、发证{watched}户，“{blocker.gate_words}”已办结，其余户不受本堵点限制",
        subject=project,
        project_key=project.pk,
        project_name=project.name,
        area_code=project.district_code,
    )
