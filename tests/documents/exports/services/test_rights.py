"""Who takes everybody's clear names and numbers out, and with what reason: city and district alone."""

import pytest

from documents.exports.models import ExportFile
from documents.exports.services.export_jobs import propose_personal
from registry.accounts.models import Approval
from registry.accounts.services.approvals import approve
from registry.kernel.errors import PermissionRefused
from registry.store.guard import fixture_writes
from tests.factories.projects import Estate
from tests.factories.trials import refused


@pytest.mark.parametrize("reason", ["1", "核对", "啊啊啊啊啊啊", "111111", "用用用用"])
def test_people_in_clear_need_a_reason_that_says_something(estate: Estate, reason: str) -> None:
    with refused("未填写用途，或过于简单。请写明个人信息的用途和使用单位，至少4个汉字", field="reason"):
        propose_personal(actor=estate.cast.district.actor, words={}, filters="全部", reason=reason)


@pytest.mark.parametrize("player", ["auditor", "system_admin", "township", "department", "centre", "tax", "developer"])
def test_people_in_clear_are_taken_out_by_city_and_district_alone(estate: Estate, player: str) -> None:
    """To see one family at the counter is less than to take out everybody: the clerk of a developer does the first."""
    with pytest.raises(PermissionRefused):
        propose_personal(actor=getattr(estate.cast, player).actor, words={}, filters="全部", reason="核对身份")


def test_what_was_made_for_who_has_lost_the_right_is_not_fetched(estate: Estate) -> None:
    approval = propose_personal(actor=estate.cast.district.actor, words={}, filters="全部", reason="核对身份")
    with fixture_writes():
        Approval.objects.filter(pk=approval.pk).update(proposed_by=estate.cast.township.person)

    with pytest.raises(PermissionRefused):
        approve(actor=estate.cast.district_second.actor, approval=approval)
    assert not ExportFile.objects.exists()
