"""The code lists of a new installation: loaded once, what staff changed stays."""

import pytest
from django.core.management import call_command

from projects.casework.models import Holiday
from projects.gates.models import BlockerType, GatePlan
from projects.office.models import ChecklistItem
from registry.store.guard import fixture_writes

pytestmark = pytest.mark.django_db


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
