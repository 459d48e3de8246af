"""F1 and F2 in their own words: 36 buildings, 7,899 homes, 60 shops; nobody goes with the crowd."""

from dataclasses import replace
from datetime import date

from projects.gates.models import Blocker, BlockerType, StepLeftOut
from projects.gates.selectors.building import explain
from projects.gates.selectors.facts import facts_of
from projects.gates.services import raise_blocker, record_steps
from projects.ledger.models import Unit
from projects.ledger.selectors.counts import present_counts
from projects.progress.services import PlacedUnit, place_units
from registry.kernel.gates import Gate, StepStatus, compute_gates
from registry.kernel.scope import scope_of
from registry.kernel.stages import Feature, Use
from registry.store.guard import fixture_writes
from tests.factories.projects import PLACED, TODAY, Estate, lay_blocker, move, on_day
from tests.factories.trials import refused

HOMES, SHOPS, FAULTY = 7_899, 60, 23
MEZZANINES = scope_of(uses={Use.RETAIL}, features=Feature.MEZZANINE)


def big_list() -> list[PlacedUnit]:
    """36 more buildings, 11 to 46: the homes spread over them, the shops in the first ones."""
    rows = []
    for n in range(HOMES - 12):
        building, place = str(11 + n % 36), n // 36
        rows.append(PlacedUnit(n, building, str(place // 60 + 1), str(place % 60 // 4 + 2), place % 60 // 4 + 2,
                               f"{place % 60 // 4 + 2}{place % 4 + 1:02d}", Use.DWELLING))  # fmt: skip
    for n in range(SHOPS - 3):
        features = Feature.MEZZANINE if n < FAULTY - 1 else Feature.NONE
        rows.append(PlacedUnit(HOMES + n, str(11 + n % 36), "", "1", 1, f"S{n // 36 + 1:02d}", Use.RETAIL, features))
    return rows


def test_f1_a_scope_shuts_exactly_the_faulty_shops(estate: Estate) -> None:
    actor = estate.cast.district.actor
    with on_day(TODAY):
        place_units(actor=actor, project=estate.project, rows=big_list(), placed_on=PLACED, source="清册")
        blocker = raise_blocker(
            actor=actor, project=estate.project, type=BlockerType.objects.get(code="P03"), title="底商夹层",
            scope=MEZZANINES, at_fault=MEZZANINES, found_on=TODAY,
        )  # fmt: skip

    def shut() -> set[int]:
        table = compute_gates(facts_of([estate.project.id])[estate.project.id], on=TODAY)
        return {
            key
            for gates in table.buildings.values()
            for key in gates.columns.units_of(gates.columns.everything & ~gates.passable(Gate.PLANNING_VERIFICATION))
        }

    units = Unit.objects.filter(building__project=estate.project)
    assert (units.filter(use="dwelling").count(), units.filter(use="retail").count()) == (HOMES, SHOPS)
    faulty = set(units.filter(use="retail", features=Feature.MEZZANINE.value).values_list("id", flat=True))
    assert (blocker.units_caught, len(faulty), shut()) == (FAULTY, FAULTY, faulty)

    one = Unit.objects.select_related("building__project").get(pk=min(faulty))
    texts = " ".join(line.text for line in explain(one, on=TODAY).lines)
    assert blocker.number in texts
    assert "商业，有夹层" in texts
    with fixture_writes():
        Unit.objects.filter(pk=one.pk).update(use="ancillary")
    assert shut() == faulty - {one.pk}, "one row flips"


def test_f2_bulk_moves_take_the_others_and_name_those_at_fault(story: Estate) -> None:
    outcome = move(story, [*story.homes, story.shops[1]], "notified", TODAY)

    assert outcome.moved == tuple(story.homes)
    assert [one.unit_id for one in outcome.refused] == [story.shops[1]]
    assert Blocker.objects.get().number in outcome.refused[0].reason
    assert present_counts([story.project.id])[story.project.id].due(dwelling=False) == 3, "it stays in the total"


def test_f2_a_step_for_everybody_leaves_those_at_fault_behind(story: Estate) -> None:
    for gate in (Gate.PLANNING_VERIFICATION, Gate.COMPLETION_FILING, Gate.SURVEY_REVIEW, Gate.CADASTRAL):
        with on_day(TODAY):
            record_steps(
                actor=story.cast.district.actor, project=story.project, gate=gate, status=StepStatus.PASSED,
                buildings=(), part=None, document_no=f"全部{gate.label}", organ="规自分局", issued_on=TODAY,
                effective_on=TODAY,
            )  # fmt: skip
    facts = facts_of([story.project.id])[story.project.id]
    table = compute_gates(facts, on=TODAY)

    fault = story.shops[1]
    gates = next(one for one in table.buildings.values() if one.columns.bit(fault))
    assert not gates.passed[Gate.PLANNING_VERIFICATION] & gates.columns.bit(fault)
    left = StepLeftOut.objects.filter(unit_id=fault).values_list("step__gate", flat=True)
    assert set(left) == {"planning_verification", "completion_filing", "survey_review", "cadastral"}
    with refused("P03-0001"):
        move(story, [fault], "notified", TODAY)


def test_f2_not_applicable_further_on_opens_nothing_before(story: Estate) -> None:
    blocker = lay_blocker(story, "P05", on=date(2022, 2, 1))
    facts = facts_of([story.project.id])[story.project.id]
    only = [
        replace(one, status=StepStatus.NOT_APPLICABLE) for one in facts.steps if one.gate == Gate.FIRST_REGISTRATION
    ]
    table = compute_gates(replace(facts, steps=tuple(only)), on=TODAY)

    assert blocker.units_caught == 15
    assert table.count("passed:planning_verification") == 0
    assert table.count("ready") == 0
