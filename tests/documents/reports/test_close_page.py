"""Closing a month says in numbers what is frozen, and is asked for once more."""

import pytest
from django.urls import reverse

from documents.reports.selectors.closing import CHECK
from registry.accounts.models import Approval
from registry.jobs.services import enqueue
from registry.jobs.worker import Worker
from registry.kernel.authority import system_actor
from registry.kernel.periods import Month
from registry.store.clock import ledger_today
from tests.factories.accounts import Cast, sign_in
from tests.factories.projects import Estate


def test_the_month_is_proposed_only_when_the_number_of_projects_is_typed(story: Estate) -> None:
    enqueue(actor=system_actor("测试"), kind=CHECK, key=CHECK, params={})
    Worker("test").run(once=True)
    client, month = sign_in(story.cast.city), Month.of(ledger_today()).previous
    address = reverse("reports:close", args=[str(month)])

    page = client.get(address).content.decode()
    assert f"1个项目的{month.label}数字冻结：应办{len(story.homes)}套，累计发证0套，剩余{len(story.homes)}套" in page
    assert "结过的账不能撤回" in page
    assert all(words in page for words in ("按现行设置，结账不以填报、审核为前提", "待填报", "待审核"))
    assert "应为1" in client.post(address, {"count": "2"}).content.decode()
    assert not Approval.objects.exists()
    assert client.post(address, {"count": "1"}).status_code == 302
    assert Approval.objects.get().payload["month"] == str(month)


def test_a_month_that_cannot_be_closed_is_refused_before_the_question(story: Estate) -> None:
    this = Month.of(ledger_today())
    refused = sign_in(story.cast.city).get(reverse("reports:close", args=[str(this)]))

    assert refused.status_code == 422
    assert "尚未终了" in refused.content.decode()


def test_only_who_closes_is_asked(story: Estate) -> None:
    address = reverse("reports:close", args=["2022-02"])

    assert sign_in(story.cast.district).get(address).status_code == 403


@pytest.mark.parametrize(
    ("month", "words"),
    [("2099-01", "2099年1月尚未开始，没有数字。"), ("1901-01", "1901年1月早于1990年1月，没有数字。")],
)
@pytest.mark.parametrize("page", ["", "workbook/", "close/", "units/", "ranking/", "versions/"])
def test_a_month_ahead_or_before_all_records_has_no_page(cast: Cast, page: str, month: str, words: str) -> None:
    answer = sign_in(cast.city).get(f"/documents/reports/{month}/{page}")

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
