"""Money: what was collected, remitted, advanced by whom; every sum of a building is over the rows of its homes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from projects.office.selectors.payments import money_by_building, payments_of
from projects.office.services.payments import note_payment, remit_payments
from projects.progress.models import Payment, PaymentKind
from registry.accounts.models import Organisation
from registry.kernel.errors import PermissionRefused
from registry.store.guard import fixture_writes
from tests.factories.accounts import assert_asks, sign_in
from tests.factories.projects import Estate, on_day
from tests.factories.trials import refused

DAY = date(2022, 3, 1)
TAX, FUND = PaymentKind.DEED_TAX, PaymentKind.FUND


def pay(estate: Estate, home: int, amount: str, kind: PaymentKind = TAX, **more: Any) -> Payment:
    actor = more.pop("actor", estate.cast.township.actor)
    words = {"document_no": f"票{home}", "on": DAY, **more}
    with on_day(DAY):
        payment: Payment = note_payment(actor=actor, unit=estate.unit(home), kind=kind, amount=Decimal(amount), **words)
    return payment


def money(estate: Estate) -> dict[tuple[str, str], tuple[str, str, str, int, int, int]]:
    return {
        (row.name, each.kind.value): (
            f"{each.collected:.2f}", f"{each.remitted:.2f}", f"{each.held:.2f}", each.paid, each.exempt, each.missing,
        )
        for row in money_by_building(estate.cast.district.actor, estate.project)
        for each in row.kinds
    }  # fmt: skip


def test_the_sums_of_a_building_are_those_of_its_homes(story: Estate) -> None:
    """Two of six homes of building 1 pay, one is exempt; one of building 2 is advanced by the developer."""
    pay(story, 0, "12000.50")
    pay(story, 1, "8000", is_remitted=True)
    pay(story, 2, "0", is_exempt=True)
    pay(story, 6, "9000.25", advanced_by="演示开发公司")
    pay(story, 0, "30000", FUND)

    told = money(story)
    assert told[("1号楼", "deed_tax")] == ("20000.50", "8000.00", "12000.50", 2, 1, 3)
    assert told[("2号楼", "deed_tax")] == ("9000.25", "0.00", "9000.25", 1, 0, 5)
    assert told[("合计", "deed_tax")] == ("29000.75", "8000.00", "21000.75", 3, 1, 8)
    assert told[("1号楼", "fund")] == ("30000.00", "0.00", "30000.00", 1, 0, 5)
    whole = money_by_building(story.cast.district.actor, story.project)[-1]
    assert whole.kinds[0].advanced == {"演示开发公司": Decimal("9000.25")}
    for number, name in (("1", "1号楼"), ("2", "2号楼")):
        rows = payments_of(story.cast.district.actor, story.project, {"building": number, "kind": "deed_tax"})
        assert str(sum(row.amount for row in rows)) == told[(name, "deed_tax")][0]
    with assert_asks(4):
        money_by_building(story.cast.district.actor, story.project)


def test_what_the_office_holds_is_remitted_building_by_building(story: Estate) -> None:
    pay(story, 0, "12000.50")
    pay(story, 6, "9000")
    second = story.buildings[1]
    with fixture_writes():  # the office is called otherwise since
        Organisation.objects.filter(pk=story.cast.township.organisation.pk).update(name="更名后的街道")
    actor = replace(story.cast.township.actor, organisation_name="更名后的街道")
    with on_day(DAY), refused("最后一笔于2022-03-01收取", field="on"):
        remit_payments(actor=actor, project=story.project, kind=TAX, on=date(2022, 2, 1), building=second.pk)
    with on_day(DAY):
        assert remit_payments(actor=actor, project=story.project, kind=TAX, on=DAY, building=second.pk) == 1
    assert money(story)[("合计", "deed_tax")][:3] == ("21000.50", "9000.00", "12000.50")
    with on_day(DAY), refused("本单位没有待上缴的维修资金", field="kind"):
        remit_payments(actor=actor, project=story.project, kind=FUND, on=DAY)


@pytest.mark.parametrize(
    ("words", "field", "said"),
    [
        ({"amount": "0"}, "amount", "金额应大于0"),
        ({"amount": "5", "is_exempt": True}, "amount", "免征的金额应为0"),
        ({"amount": "5", "document_no": " "}, "document_no", "未填写票据编号"),
        ({"amount": "5", "document_no": "票0"}, "document_no", "票据票0已在本户登记"),
        ({"amount": "0", "is_exempt": True, "document_no": "免1"}, "is_exempt", "已登记缴款，不能再登记免征"),
    ],
)
def test_money_that_cannot_be_is_refused_on_its_field(story: Estate, words: Any, field: str, said: str) -> None:
    pay(story, 0, "100")
    with refused(said, field=field):
        pay(story, 0, **words)


def test_who_takes_no_money_notes_none_and_the_page_tells_it(story: Estate) -> None:
    with pytest.raises(PermissionRefused, match="登记中心不收取契税"):
        pay(story, 0, "5", actor=story.cast.centre.actor)
    client, key = sign_in(story.cast.developer), story.homes[0]
    address = reverse("office:note_payment", args=[story.project.code, key])
    words = {
        "kind": "deed_tax",
        "amount": "1234.50",
        "document_no": "票1",
        "on": "2022-03-01",
        "advanced_by": "演示开发公司",
    }
    assert client.post(address, {**words, "amount": "0"}).status_code == 200
    assert client.post(address, words).status_code == 302
    body = client.get(reverse("office:money", args=[story.project.code])).content.decode()
    assert body.count("1,234.50") >= 4
    remit = {"kind": "deed_tax", "building": "", "on": "2022-03-08"}
    assert client.post(reverse("office:remit_payments", args=[story.project.code]), remit).status_code == 302
