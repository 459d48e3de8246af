"""Who works at the counter: the office alone, on every path; what an organ does of money is its own kind."""

from decimal import Decimal

import pytest
from django.urls import reverse

from projects.office.services.payments import kinds_for, note_payment
from projects.office.services.powers import is_at_counter
from projects.progress.models import PaymentKind
from registry.kernel.errors import PermissionRefused
from registry.web.actions import actions_for
from tests.factories.accounts import Player, sign_in
from tests.factories.projects import TODAY, Estate, on_day
from tests.projects.office.custody import FILLED
from tests.projects.office.trials import COUNTER

AT_COUNTER = ("township", "developer", "district")
BESIDE_IT = ("department", "centre", "tax")
PAGES = ("counter", "queue", "calls", "order", "sheet", "shut", "screen")


@pytest.mark.parametrize("role", BESIDE_IT)
@pytest.mark.parametrize("name", sorted(COUNTER))
def test_an_organ_that_papers_go_to_does_nothing_at_the_counter(story: Estate, name: str, role: str) -> None:
    """It has the permission, for its own steps, and the project is in its reach: the office's acts are not its own."""
    act = COUNTER[name].prepare(story)

    with (
        on_day(TODAY),
        pytest.raises(PermissionRefused, match=r"请由驻场办证服务点、乡镇人民政府或街道办事处办理|不能登记来访"),
    ):
        act(getattr(story.cast, role).actor)


@pytest.mark.parametrize("role", [*AT_COUNTER, *BESIDE_IT])
def test_the_pages_of_the_counter_open_to_who_serves_families_and_are_offered_to_nobody_else(
    story: Estate, role: str
) -> None:
    player = getattr(story.cast, role)
    client, serves = sign_in(player), role in AT_COUNTER

    assert is_at_counter(player.actor) is serves
    assert {client.get(reverse(f"office:{page}", args=["CY-9001"])).status_code for page in PAGES} == {
        200 if serves else 403
    }
    offered = dict(actions_for("project_tabs", player.actor, story.project))
    assert ("办证窗口" in offered, "办证看板" in offered) == (serves, not serves)
    board = client.get(reverse("office:board", args=["CY-9001"])).content.decode()
    assert ("停网登记表" in board) is serves


def pay(estate: Estate, player: Player, kind: PaymentKind) -> None:
    with on_day(FILLED):
        note_payment(
            actor=player.actor, unit=estate.unit(0), kind=kind, amount=Decimal(100), on=FILLED, document_no=kind.value
        )


def test_tax_is_noted_by_the_tax_office_the_fund_by_who_keeps_it(story: Estate) -> None:
    cast = story.cast

    assert [kinds_for(each.actor) for each in (cast.township, cast.tax, cast.department, cast.centre, cast.city)] == [
        list(PaymentKind), [PaymentKind.DEED_TAX], [PaymentKind.FUND], [], [],
    ]  # fmt: skip
    for player, kind in (
        (cast.tax, PaymentKind.FUND), (cast.tax, PaymentKind.FEE), (cast.department, PaymentKind.DEED_TAX),
        (cast.centre, PaymentKind.FEE),
    ):  # fmt: skip
        with pytest.raises(PermissionRefused, match=f"不收取{kind.label}"):
            pay(story, player, kind)
    pay(story, cast.tax, PaymentKind.DEED_TAX)
    with pytest.raises(PermissionRefused, match=r"维修资金由.*记，规自分局不能代记"):
        pay(story, cast.department, PaymentKind.FUND)
