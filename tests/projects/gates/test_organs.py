"""What an organ that makes gates is called: in full on screens, by the district's own name on papers of the day."""

from datetime import date

import pytest

from documents.papers.selectors.papers import letter_snapshot
from projects.gates.selectors.organs import organ_names
from registry.kernel.gates import GATES, Organ
from tests.factories.accounts import DISTRICT, lay_setting
from tests.factories.projects import TODAY, Estate

pytestmark = pytest.mark.django_db
FULL = "市规划和自然资源委员会朝阳分局（演示）"


def test_no_organ_is_called_by_a_shorthand() -> None:
    labels = {spec.organ.label for spec in GATES.values()}
    assert labels == {"规划和自然资源部门", "住房和城乡建设部门", "国防动员部门", "不动产登记机构"}


def test_a_letter_has_the_name_that_the_district_set_by_its_day(story: Estate) -> None:
    signed_on = story.letter.signed_on
    lay_setting("organ.planning", "签后才改的名称", area_code=DISTRICT, since=date(2022, 1, 1))
    before = {effect["organ"] for effect in letter_snapshot(instrument=story.letter)["effects"]}
    lay_setting("organ.planning", FULL, area_code=DISTRICT, since=signed_on)
    after = {effect["organ"] for effect in letter_snapshot(instrument=story.letter)["effects"]}

    assert "规划和自然资源部门" in before
    assert FULL in after
    assert "规划和自然资源部门" not in after
    assert organ_names(DISTRICT, on=TODAY)[Organ.PLANNING] == "签后才改的名称"
    assert organ_names("110108", on=TODAY)[Organ.PLANNING] == "规划和自然资源部门"
