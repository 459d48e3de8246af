"""The code lists of a new installation: loaded once, what staff changed stays."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from documents.setup.reference import load_demo_areas
from projects.casework.models import Holiday
from projects.gates.models import BlockerType, GatePlan
from projects.ledger.models import Project
from projects.office.models import ChecklistItem
from registry.accounts.models import Area, Person
from registry.accounts.services import create_first_admins
from registry.kernel.authority import system_actor
from registry.store.guard import fixture_writes
from registry.store.models import DemoClock
from tests.factories.projects import TAKEN_IN, Estate

pytestmark = pytest.mark.django_db


def test_no_city_s_districts_are_laid_but_the_demo_s_are_with_source_and_day() -> None:
    call_command("load_reference")
    assert not Area.objects.exists(), "each city loads its own table, on the page, two persons"

    load_demo_areas()

    district, town = (Area.objects.get(code=code) for code in ("110105", "110105028"))
    assert (district.name, district.as_of) == ("朝阳区", date(2022, 12, 31))
    assert (town.name, town.as_of) == ("十八里店地区", date(2023, 6, 30))
    assert ("民政部" in district.source, "国家统计局" in town.source) == (True, True)
    assert Area.objects.count() == 16 + 349


def test_codes_of_projects_taken_in_before_there_was_a_table_stay_in_use(estate: Estate) -> None:
    with fixture_writes():
        Area.objects.all().delete()
        Area.objects.create(code="110105", name="朝阳区", source="民政部", as_of=date(2022, 12, 31))

    call_command("load_reference")

    town = Area.objects.exclude(code="110105").get()
    assert (town.code, town.name, town.as_of) == ("110105027", "十八里店乡", TAKEN_IN)
    assert town.source == "台账里项目登记的名称"


def test_what_is_missing_is_loaded_and_what_was_changed_stays(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_reference")
    assert "堵点类型" in capsys.readouterr().out
    counts = [model.objects.count() for model in (BlockerType, GatePlan, Holiday, ChecklistItem)]
    assert min(counts) > 5
    with fixture_writes():
        BlockerType.objects.filter(code="P03").update(label="改过的名称")
        BlockerType.objects.filter(code="F01").delete()

    call_command("load_reference")

    assert BlockerType.objects.get(code="P03").label == "改过的名称"
    assert BlockerType.objects.filter(code="F01").exists()
    assert [model.objects.count() for model in (BlockerType, GatePlan, Holiday, ChecklistItem)] == counts
    call_command("load_reference")
    assert capsys.readouterr().out.count("已装入") == 1


def test_no_demo_is_laid_where_people_are_even_before_the_first_project(capsys: pytest.CaptureFixture[str]) -> None:
    """A start that forgets DEMO=0 puts no known passwords into an installation that was begun in earnest."""
    create_first_admins(
        actor=system_actor("x"), organisation_name="运维", system_admin=("aaa", "甲"), security_admin=("bbb", "乙")
    )

    call_command("load_demo", if_empty=True)
    with pytest.raises(CommandError, match="已有项目或人员，演示数据只装入空库"):
        call_command("load_demo")

    assert (Person.objects.count(), Project.objects.exists(), DemoClock.objects.exists()) == (2, False, False)
