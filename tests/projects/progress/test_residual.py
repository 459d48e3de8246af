"""F11 in its own words: a project cannot be 清零 while one unit lacks issue or a valid residual; a residual past its
review date returns to stock; a move into residual in the last five days of a month is flagged.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from projects.ledger.choices import ProjectStatus
from projects.ledger.models import ProjectVersion
from projects.progress.models import Residual
from projects.progress.selectors.zero import projects_with_lapsed, residuals_of, zero_count
from projects.progress.services import change_standing
from projects.progress.services.residual import (
    close_out,
    propose_residual,
    return_lapsed_residuals,
    sign_residuals,
)
from registry.accounts.models import Approval
from registry.accounts.services.approvals import approve
from registry.kernel.stages import Standing
from registry.store.second import FirstPerson
from registry.web.attachments.selectors import attachments_of
from registry.web.attachments.services import Upload
from tests.factories.accounts import sign_in
from tests.factories.laid import laid
from tests.factories.projects import TODAY, Estate, bring_to, on_day
from tests.factories.trials import refused

REVIEW = date(2022, 6, 1)
PROOF = [Upload("三次送达回证.pdf", b"%PDF-1.7 proof")]
ISSUED = date(2022, 2, 1)


def propose(estate: Estate, units: Any, on: date = TODAY, **more: Any) -> Approval:
    words = {"reason": "unreachable", "evidence": "三次送达无人", "review_on": REVIEW, "uploads": PROOF, **more}
    with on_day(on):
        found: Approval = propose_residual(
            actor=estate.cast.district.actor, project=estate.project, unit_ids=units, **words
        )
    return found


def leave(estate: Estate, units: Any, on: date = TODAY, **more: Any) -> None:
    approval = propose(estate, units, on, **more)
    with on_day(on, 15):
        approve(actor=estate.cast.district_second.actor, approval=approval)


def declare(estate: Estate, status: ProjectStatus = ProjectStatus.ZEROED, on: date = TODAY) -> Any:
    with on_day(on):
        return close_out(actor=estate.cast.district.actor, project=estate.project, status=status, on=on)


def lay_nearly(story: Estate) -> Estate:
    """All homes but two are issued; the three shops are carried off the books as out of scope."""
    bring_to(story, story.homes[:10], "issued", ISSUED)
    with on_day(TODAY):
        change_standing(
            actor=story.cast.district.actor, project=story.project, unit_ids=story.shops, standing=Standing.EXCLUDED,
            reason="out_of_scope", evidence="商业另办", on=TODAY, first=FirstPerson.of(story.cast.district_second.person),
        )  # fmt: skip
    return story


@pytest.fixture
def nearly(story: Estate) -> Estate:
    made: Estate = laid("test_residual.nearly", lay_nearly, story)
    return made


def test_a_project_cannot_be_zero_while_one_unit_lacks_issue_or_a_valid_residual(nearly: Estate) -> None:
    with refused("还有2户未发证且无有效余户记录（2号楼2单元301、2号楼2单元401等）", code="not_zero"):
        declare(nearly)

    leave(nearly, nearly.homes[10:11])
    with refused("还有1户未发证且无有效余户记录（2号楼2单元401等）", code="not_zero"):
        declare(nearly)

    bring_to(nearly, nearly.homes[11:], "issued", TODAY)
    assert declare(nearly).status == "zeroed"
    closed = declare(nearly, ProjectStatus.CLOSED)
    assert (closed.status, closed.closed_on) == ("closed", TODAY)
    count = zero_count(nearly.project.id, on=TODAY)
    assert (count.total, count.issued, count.left_over, count.unexplained) == (12, 11, 1, 0)


def test_a_residual_past_its_review_returns_to_stock_and_opens_the_project(nearly: Estate) -> None:
    leave(nearly, nearly.homes[10:])
    declare(nearly)

    with on_day(REVIEW), refused("截至2022-06-01，无复查逾期的余户", code="nothing_lapsed"):
        return_lapsed_residuals(actor=nearly.cast.district.actor, project=nearly.project, on=REVIEW)
    after = date(2022, 6, 2)
    assert zero_count(nearly.project.id, on=after).unexplained == 2
    with on_day(after):
        call_command("return_residuals", "--on", "2022-06-02")

    assert set(Residual.objects.values_list("ends", "ended_why")) == {(after, "复查逾期")}
    assert nearly.unit(10).standing == "active"
    assert ProjectVersion.objects.order_by("id").last().status == "issuing"
    with refused("还有2户未发证且", code="not_zero"):
        declare(nearly, on=after)


def test_the_day_of_review_is_the_last_on_which_a_residual_explains(nearly: Estate) -> None:
    """Not a day more or less: at the proposal, at the second signature, in the count, in the return to stock."""
    tomorrow, after = TODAY + timedelta(days=1), TODAY + timedelta(days=2)
    with refused("复查日期要晚于2022-03-08", field="review_on"):
        propose(nearly, nearly.homes[10:], review_on=TODAY)
    approval = propose(nearly, nearly.homes[10:], review_on=tomorrow)
    with on_day(tomorrow), refused("复查日期2022-03-09已到"):
        approve(actor=nearly.cast.district_second.actor, approval=approval)
    with on_day(TODAY):
        approve(actor=nearly.cast.district_second.actor, approval=approval)

    assert [zero_count(nearly.project.id, on=day).left_over for day in (TODAY, tomorrow, after)] == [2, 2, 0]
    assert [one.is_late for one in residuals_of(nearly.project.id, on=tomorrow)] == [False, False]
    assert [one.is_late for one in residuals_of(nearly.project.id, on=after)] == [True, True]
    assert [projects_with_lapsed(day) for day in (tomorrow, after)] == [[], [nearly.project.id]]
    with on_day(tomorrow), refused("无复查逾期的余户", code="nothing_lapsed"):
        return_lapsed_residuals(actor=nearly.cast.district.actor, project=nearly.project, on=tomorrow)
    with on_day(after):
        assert return_lapsed_residuals(actor=nearly.cast.district.actor, project=nearly.project, on=after) == 2


@pytest.mark.parametrize(("day", "flag"), [(26, False), (27, True), (31, True)])
def test_a_move_into_residual_in_the_last_five_days_is_flagged(nearly: Estate, day: int, flag: bool) -> None:
    leave(nearly, nearly.homes[10:11], date(2022, 3, day))

    assert Residual.objects.get().is_month_end is flag


def test_a_residual_counts_only_with_the_second_signature(nearly: Estate) -> None:
    approval = propose(nearly, nearly.homes[10:])
    assert zero_count(nearly.project.id, on=TODAY).left_over == 0
    with on_day(TODAY), refused("须由两人办理", code="second_person"):
        approve(actor=nearly.cast.district.actor, approval=approval)
    keys = list(Residual.objects.values_list("id", flat=True))
    with on_day(TODAY), refused("须由两人办理", code="second_person"):
        sign_residuals(actor=nearly.cast.district.actor, project=nearly.project, residual_ids=keys)

    with on_day(TODAY):
        approve(actor=nearly.cast.district_second.actor, approval=approval)
    assert zero_count(nearly.project.id, on=TODAY).left_over == 2
    assert [one.file_name for one in attachments_of(Residual.objects.order_by("id")[0])] == ["三次送达回证.pdf"]


def test_homes_proposed_anew_take_the_first_proposal_back(nearly: Estate) -> None:
    first = propose(nearly, nearly.homes[10:])
    again = propose(nearly, nearly.homes[10:11])

    first.refresh_from_db()
    assert (first.status, first.remark, again.status) == ("withdrawn", "其中的户已重新提请", "waiting")


def test_a_unit_restored_by_hand_is_no_longer_explained(nearly: Estate) -> None:
    leave(nearly, nearly.homes[10:])
    with on_day(TODAY, 18):
        change_standing(
            actor=nearly.cast.district.actor, project=nearly.project, unit_ids=nearly.homes[10:11],
            standing=Standing.ACTIVE, reason="", evidence="已联系上", on=TODAY,
        )  # fmt: skip

    assert zero_count(nearly.project.id, on=TODAY).unexplained == 1


@pytest.mark.parametrize(
    ("words", "message", "field"),
    [
        ({"reason": "illegal"}, "原因不在余户原因清单内", "reason"),
        ({"evidence": " "}, "未填写依据", "evidence"),
        ({"uploads": []}, "没有附证明材料", "uploads"),
        ({"review_on": TODAY}, "复查日期要晚于2022-03-08", "review_on"),
    ],
)
def test_a_residual_without_ground_is_refused(nearly: Estate, words: dict[str, Any], message: str, field: str) -> None:
    with refused(message, field=field):
        propose(nearly, nearly.homes[10:], **words)


def test_units_that_cannot_be_left_over_are_refused(nearly: Estate) -> None:
    with refused("1号楼1单元201已发证，无需列为余户"):
        propose(nearly, nearly.homes[:1])
    with refused("S01是“核减”，不能列为余户"):
        propose(nearly, nearly.shops[:1])
    leave(nearly, nearly.homes[10:11])
    with refused("2号楼2单元301已是余户，2022-06-01复查"):
        propose(nearly, nearly.homes[10:11])


def test_the_page_says_what_is_missing_and_takes_a_proposal(nearly: Estate, settings: Any) -> None:
    client = sign_in(nearly.cast.district)
    address = reverse("progress:zero", args=[nearly.project.code])
    page = client.get(address).content.decode()
    assert "未清2" in page

    assert client.get(reverse("progress:residual", args=[nearly.project.code])).status_code == 200
    page = client.post(
        reverse("progress:close", args=[nearly.project.code]), {"status": "zeroed", "on": "2022-03-08"}
    ).content.decode()
    assert "还有2户未发证且" in page
