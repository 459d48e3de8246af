"""挂账 and 核减, and their 恢复, take two: the page proposes and moves nothing; 暂缓 and its end are done at once."""

import inspect
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from projects.progress.models import Hold
from projects.progress.services import change_standing
from registry.accounts.models import Approval
from registry.accounts.services.approvals import approve
from registry.kernel.errors import DomainError
from registry.kernel.stages import Standing
from registry.store.second import FirstPerson
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import last_act, refused

REVIEW = date(2022, 9, 1)
TAKES_TWO = (Standing.CARRIED, Standing.EXCLUDED)
IS_RULE_OF_THE_SERVICE = "first" in inspect.signature(change_standing).parameters


def posted(estate: Estate, standing: Standing, **more: str) -> HttpResponse:
    address = reverse("progress:standing", args=[estate.project.code, estate.homes[0]])
    words = {"standing": standing.value, "reason": "duplicate", "evidence": "与2号楼重复", "on": f"{TODAY}", **more}
    with on_day(TODAY):
        response: HttpResponse = sign_in(estate.cast.district).post(address, words)
    return response


@pytest.mark.parametrize("standing", TAKES_TWO)
def test_the_page_lays_it_before_a_second_person_and_moves_nothing(story: Estate, standing: Standing) -> None:
    response = posted(story, standing)

    approval = Approval.objects.get()
    assert response.status_code == 302
    assert (approval.kind, approval.status, approval.proposed_by) == (
        "unit.standing", "waiting", story.cast.district.person,
    )  # fmt: skip
    assert (story.unit().standing, Hold.objects.count(), last_act().event) == ("active", 0, "approval.proposed")
    with on_day(TODAY), pytest.raises(DomainError, match=r"同一人|另一人|自己"):
        approve(actor=story.cast.district.actor, approval=approval)

    with on_day(TODAY):
        approve(actor=story.cast.district_second.actor, approval=approval)
    assert story.unit().standing == standing.value


def test_the_page_holds_at_once_and_asks_nobody(story: Estate) -> None:
    response = posted(story, Standing.HELD, reason="unreachable", review_on=f"{REVIEW}")

    assert (response.status_code, story.unit().standing, Approval.objects.count()) == (302, "held", 0)


@pytest.mark.parametrize("standing", TAKES_TWO)
@pytest.mark.parametrize("to", [Standing.ACTIVE, Standing.HELD])
def test_what_two_persons_took_out_one_does_not_bring_back(story: Estate, standing: Standing, to: Standing) -> None:
    words: dict[str, Any] = {
        "project": story.project, "unit_ids": story.homes[:1], "reason": "duplicate", "evidence": "与2号楼重复",
        "on": TODAY, "review_on": REVIEW,
    }  # fmt: skip
    first = FirstPerson(story.cast.district.person.pk, "乙区")
    with on_day(TODAY):
        change_standing(actor=story.cast.district_second.actor, standing=standing, first=first, **words)

    with on_day(TODAY), refused("挂账、核减及其恢复须由两人办理", code="second_person"):
        change_standing(actor=story.cast.district.actor, standing=to, first=None, **words)
    with on_day(TODAY), refused("须由两人办理", code="second_person"):
        change_standing(actor=story.cast.district.actor, standing=to, first=first, **words)
    response = posted(story, to, reason="dispute", review_on=f"{REVIEW}")
    assert (response.status_code, story.unit().standing) == (302, standing.value)
    with on_day(TODAY):
        approve(actor=story.cast.district_second.actor, approval=Approval.objects.get())
    assert story.unit().standing == to.value


@pytest.mark.skipif(not IS_RULE_OF_THE_SERVICE, reason="the service is not told the first person: the page keeps it")
@pytest.mark.parametrize("standing", TAKES_TWO)
def test_the_service_takes_it_from_nobody_alone(story: Estate, standing: Standing) -> None:
    with on_day(TODAY), refused(".", code="second_person"):
        change_standing(
            actor=story.cast.district.actor, project=story.project, unit_ids=story.homes[:1], standing=standing,
            reason="duplicate", evidence="与2号楼重复", on=TODAY, first=None,
        )  # fmt: skip

    assert story.unit().standing == "active"
