"""check_ledger holds on a generated city, and names what was tampered with: one negative control an invariant."""

import io
import json
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from documents.papers.models import NumberSeries
from documents.reports.models import MonthClose
from documents.reports.services import close_month
from documents.setup.city import CityPlan, generate
from documents.setup.reference import load_reference
from projects.gates.models import GateStep, ReadinessSpan
from projects.ledger.models import Move, Project, Tally, Unit, UnitCertificate
from registry.audit.models import Act
from registry.kernel.authority import system_actor
from registry.kernel.periods import Month
from registry.store.guard import fixture_writes
from tests.factories.laid import laid

pytestmark = pytest.mark.django_db
PLAN = CityPlan(projects=4, units=160, months=18, seed=7)


def lay_city():
    """Lay four projects of the synthetic city, with a closed month."""
    load_reference()
    projects = list(generate(PLAN))
    close_month(actor=system_actor("测试"), month=Month.parse("2022-03"))
    return projects


@pytest.fixture
def city(db):
    return laid("a synthetic city with a closed month", lay_city)


def violated() -> dict[str, list[dict[str, str]]]:
    """The invariants that do not hold, by code."""
    out = io.StringIO()
    with suppress(SystemExit):
        call_command("check_ledger", "--json", stdout=out)
    facts = json.loads(out.getvalue())
    return {one["code"]: one["violations"] for one in facts["invariants"] if one["violations"]}


def test_city_is_the_size_that_was_asked_for_and_holds(city):
    assert [project.code for project in city] == ["CS-0001", "CS-0002", "CS-0003", "CS-0004"]
    assert Unit.objects.count() == PLAN.units
    assert violated() == {}


def test_city_goes_on_where_it_stopped(city):
    assert list(generate(PLAN)) == []


def test_same_seed_makes_the_same_city(city):
    before = list(Unit.objects.order_by("building__project__code", "id").values_list("room", "certificate", "standing"))
    assert PLAN.sizes() == CityPlan(4, 160, 18, 7).sizes()
    assert len(before) == 160


def tamper_stage() -> None:
    first = Unit.objects.exclude(certificate="printed").order_by("id").first()
    Unit.objects.filter(pk=first.pk).update(certificate="printed")


def tamper_tally() -> None:
    Tally.objects.filter(pk=Tally.objects.filter(count__gt=0).first().pk).update(count=F("count") + 1)


def tamper_edge() -> None:
    move = Move.objects.filter(kind="advance", to_stage="collected").first()
    Move.objects.filter(pk=move.pk).update(from_stage="printed")


def tamper_step() -> None:
    GateStep.objects.filter(gate="first_registration").update(effective_on=date(2022, 3, 30))


def tamper_span() -> None:
    ReadinessSpan.objects.filter(known_to__isnull=True, figure="cleared").update(count=F("count") + 1)


def tamper_series() -> None:
    NumberSeries.objects.create(prefix="XX", year=2022, last=3)


def tamper_close() -> None:
    close = MonthClose.objects.get()
    close.rows["ledger"][0]["issued"] += 1
    close.save(update_fields=["rows"])


def tamper_act() -> None:
    act = Act.objects.filter(chain=Project.objects.first().id).order_by("seq")[1]
    Act.objects.filter(pk=act.pk).update(actor_name="别人")


def tamper_time() -> None:
    move = Move.objects.filter(kind="advance").order_by("-id").first()
    Move.objects.filter(pk=move.pk).update(occurred_on=move.recorded_at.date() + timedelta(days=40))


def tamper_opening() -> None:
    unit = Unit.objects.order_by("-id").first()
    unit.pk = None
    unit.room, unit.unit_code = "9999", None
    unit.save(force_insert=True)


def tamper_certificate() -> None:
    unit = Unit.objects.filter(certificate="waiting").first()
    UnitCertificate.objects.create(unit=unit, number="朝全字第1号", act_id=1)


@pytest.mark.parametrize(
    ("code", "tamper"),
    [
        ("I1", tamper_stage),
        ("I2", tamper_tally),
        ("I3", tamper_step),
        ("I4", tamper_edge),
        ("I6", tamper_span),
        ("I7", tamper_series),
        ("I9", tamper_close),
        ("I13", tamper_act),
        ("I16", tamper_opening),
        ("I21", tamper_time),
        ("I33", tamper_certificate),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_tampering_is_named(city, code, tamper):
    with fixture_writes():
        tamper()

    assert code in violated()


def test_a_closed_month_that_can_not_be_made_again_is_named(city):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_move SET occurred_on = '2022-04-15' WHERE to_stage = 'issued'")

    assert "I11" in violated()
