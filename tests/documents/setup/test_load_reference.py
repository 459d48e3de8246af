"""The code lists of a new installation: loaded once, what staff changed stays."""

from datetime import date

import pytest
from django.core.management import call_command

from projects.casework.models import Holiday
from projects.gates.models import BlockerType, GatePlan
from projects.office.models import ChecklistItem
from registry.accounts.models import Area
from registry.store.guard import fixture_writes

pytestmark = pytest.mark.django_db


def test_the_districts_are_there_with_their_source_and_another_city_keeps_its_own() -> None:
    call_command("load_reference")
    chaoyang = Area.objects.get(code="110105")
    assert (chaoyang.name, chaoyang.as_of) == ("朝阳区", date(2022, 12, 31))
    assert chaoyang.source.startswith("中华人民共和国县以上行政区划代码")
    with fixture_writes():
        Area.objects.all().delete()
        Area.objects.create(code="440305", name="南山区", source="民政部", as_of=date(2022, 12, 31))

    call_command("load_reference")

    assert [area.code for area in Area.objects.all()] == ["440305"]


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
