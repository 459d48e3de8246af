"""Which parking places are registered is the district's dated setting: gates, guards and notices ask it as of a day."""

from datetime import date

import pytest

from documents.intake.reading.unit_rows import features_of
from documents.papers.powers import notice_state
from projects.gates.selectors.bars import bars_of
from projects.gates.selectors.building import explain
from projects.gates.selectors.facts import facts_of
from projects.gates.selectors.spans import readiness_counts
from projects.ledger.models import Unit
from projects.progress.services import place_units
from projects.progress.services.compare import PlacedUnit
from registry.accounts.services.settings import decide_setting
from registry.kernel.gates import compute_gates
from registry.kernel.names import Floor
from registry.kernel.stages import Feature, Part, Use
from registry.store.second import FirstPerson
from tests.factories.accounts import DISTRICT, lay_setting
from tests.factories.projects import DWELLING_STEPS, PLACED, TODAY, Estate, lay_step, moment, move, on_day
from tests.factories.trials import refused

pytestmark = pytest.mark.django_db
SEPTEMBER, APRIL = date(2021, 9, 1), date(2022, 4, 1)


@pytest.fixture
def places(estate: Estate) -> list[Unit]:
    """A parking place and one in the civil defence work, in a building whose gates are all passed."""
    rows = [
        PlacedUnit(30, "3", "", "-1", -1, "C01", Use.PARKING, Feature.NONE),
        PlacedUnit(31, "3", "", "-1", -1, "C02", Use.PARKING, Feature.CIVIL_DEFENCE),
    ]
    with on_day(PLACED):
        place_units(actor=estate.cast.district.actor, project=estate.project, rows=rows, placed_on=PLACED, source="补")
    for gate, on, _ in DWELLING_STEPS:
        lay_step(estate, gate, on, part=Part.NON_DWELLING, buildings=[estate.buildings[-1]])
    return list(Unit.objects.filter(use="parking").order_by("id").select_related("building__project"))


def ready(estate: Estate, unit: Unit, on: date) -> bool:
    return compute_gates(facts_of([estate.project.id])[estate.project.id], on=on).is_ready(unit.id)


def counted(estate: Estate, on: date) -> int:
    return readiness_counts([estate.project.id], on=on)[estate.project.id]["ready", "parking"]


def decide(estate: Estate, name: str, value: str, on: date = TODAY) -> None:
    with on_day(TODAY):
        decide_setting(
            actor=estate.cast.city.actor, name=name, area_code=DISTRICT, value=value, effective_on=on, reason="纪要",
            first=FirstPerson.of(estate.cast.system_admin.person),
        )  # fmt: skip


def test_a_place_of_civil_defence_is_not_registered_and_says_so_everywhere(estate: Estate, places: list[Unit]) -> None:
    plain, barred = places
    assert [ready(estate, unit, SEPTEMBER) for unit in places] == [True, False]
    assert counted(estate, SEPTEMBER) == 1

    with refused("3号楼C02不能办理：按本区设置，人防车位不办理转移登记，本户不受理。"):
        move(estate, [barred.id], "collected", SEPTEMBER)
    move(estate, [plain.id], "collected", SEPTEMBER)
    with refused("按本区设置，人防车位不办理转移登记，不出具办证通知书。", code="state"):
        notice_state(barred, TODAY)
    assert notice_state(plain, TODAY) == {"code": "ready"}
    told = explain(barred, on=TODAY)
    assert told.words.startswith("按本区现行规定，您的车位不办理转移登记，暂不能办证")
    assert [line.text for line in told.lines][-1] == "按本区设置，人防车位不办理转移登记，本户不受理。"


def test_the_setting_holds_from_its_day_and_figures_follow_at_once(estate: Estate, places: list[Unit]) -> None:
    decide(estate, "register.parking_defence", "yes", TODAY)
    decide(estate, "register.parking", "no", APRIL)

    assert [ready(estate, unit, date(2022, 3, 7)) for unit in places] == [True, False]
    assert [ready(estate, unit, TODAY) for unit in places] == [True, True]
    assert [ready(estate, unit, APRIL) for unit in places] == [False, True]
    days = (date(2022, 3, 7), TODAY, APRIL)
    assert [counted(estate, day) for day in days] == [1, 2, 1], "spans are counted in the act, for days to come too"


def test_a_setting_is_that_of_the_district_and_as_known(estate: Estate, places: list[Unit]) -> None:
    lay_setting("register.parking", False, area_code="110108", since=SEPTEMBER)
    assert ready(estate, places[0], TODAY), "another district's is its own"
    decide(estate, "register.parking", "no", TODAY)

    known = bars_of([estate.project.id], known_at=moment(date(2022, 3, 7)))[estate.project.id]
    assert [bar.label for bar in known if bar.is_in_force(TODAY)] == [
        "按本区设置，人防车位不办理转移登记", "按本区设置，人防储藏间不办理转移登记",
    ]  # fmt: skip
    assert len(bars_of([estate.project.id])[estate.project.id]) == 3


def test_what_is_accepted_runs_on(estate: Estate, places: list[Unit]) -> None:
    for stage in ("collected", "accepted"):
        move(estate, [places[0].id], stage, SEPTEMBER)
    decide(estate, "register.parking", "no", TODAY)
    unit = Unit.objects.select_related("building__project").get(pk=places[0].pk)
    assert "不办理转移登记" not in explain(unit, on=TODAY).words


@pytest.mark.parametrize(
    ("remark", "is_defence"), [("人防车位", True), ("在人防区内", True), ("人防验收未办", False), ("非人防车位", False)]
)
def test_the_remark_of_a_list_says_what_lies_in_the_defence_work(remark: str, is_defence: bool) -> None:
    assert (Feature.CIVIL_DEFENCE in features_of(remark, Floor("-1", -1))) is is_defence
