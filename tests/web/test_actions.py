"""What a page offers: by the mark of the view, narrowed by the action, in order, addressed by the subject."""

from collections.abc import Iterator
from types import SimpleNamespace as Thing
from typing import Any

import pytest

from registry.kernel.authority import Actor, Permission, Role
from registry.web.actions import ACTIONS, Action, actions_for, declare_actions, menus_for, nothing, primary_for
from registry.web.navigation import ENTRIES, NavEntry, declare_navigation, navigation_for
from registry.web.subject_pages import PAGES, NoPage, declare_pages, page_url

AUDITOR = Actor(1, "辛审", Role.AUDITOR)
DISTRICT = Actor(2, "乙区", Role.DISTRICT, 1, "区专班", "110105")
PROJECT = Thing(code="CY-0137", pk=7)


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    """Start with nothing declared, and put back what was."""
    kept: list[tuple[dict[Any, Any], dict[Any, Any]]] = [(one, dict(one)) for one in (ACTIONS, ENTRIES, PAGES)]
    for registry, _ in kept:
        registry.clear()
    yield
    for registry, before in kept:
        registry.clear()
        registry.update(before)


def test_actions_stand_in_order_with_the_address_of_their_subject() -> None:
    declare_actions(Action("p", 20, "项目资料", "ledger:particulars"), Action("p", 10, "登记进展", "ledger:note"))
    declare_actions(Action("other", 1, "登记堵点", "gates:raise"))

    assert actions_for("p", DISTRICT, PROJECT) == [
        ("登记进展", "/projects/CY-0137/note/"),
        ("项目资料", "/projects/CY-0137/particulars/"),
    ]


def test_the_mark_of_the_view_decides_who_is_offered_it() -> None:
    declare_actions(Action("p", 10, "登记进展", "ledger:note"), Action("p", 20, "清零核对", "progress:zero"))

    assert [label for label, _ in actions_for("p", DISTRICT, PROJECT)] == ["登记进展", "清零核对"]
    assert [label for label, _ in actions_for("p", AUDITOR, PROJECT)] == ["清零核对"]


def test_an_action_may_be_narrower_than_its_view_and_never_wider() -> None:
    declare_actions(Action("p", 10, "办证进度", "progress:units", Permission.UNIT_ADVANCE))
    declare_actions(Action("p", 20, "登记进展", "ledger:note", Permission.PROJECT_READ))

    assert actions_for("p", AUDITOR, PROJECT) == []
    assert [label for label, _ in actions_for("p", DISTRICT, PROJECT)] == ["办证进度", "登记进展"]


def test_an_action_leaves_a_subject_out_or_takes_its_query_from_it() -> None:
    declare_actions(Action("p", 10, "简报", "papers:brief", args=lambda subject: None))
    declare_actions(Action("p", 20, "户", "ledger:projects", args=nothing, query=lambda subject: {"q": subject.code}))

    assert actions_for("p", DISTRICT, PROJECT) == [("户", "/projects/?q=CY-0137")]


def test_a_second_different_declaration_is_refused_and_the_same_one_is_not() -> None:
    once, again = Action("p", 10, "甲", "ledger:note"), Action("p", 20, "乙", "ledger:note")
    declare_actions(once, once)
    declare_navigation(NavEntry(10, "甲", "ledger:projects"))
    declare_pages(unit="progress:unit")

    with pytest.raises(ValueError, match="two actions ledger:note on p"):
        declare_actions(again)
    with pytest.raises(ValueError, match="two entries of the bar for ledger:projects"):
        declare_navigation(NavEntry(20, "乙", "ledger:projects"))
    with pytest.raises(ValueError, match="two pages of unit"):
        declare_pages(unit="progress:units")


def test_the_bar_puts_what_is_folded_last_and_leaves_out_what_is_not_mounted() -> None:
    declare_navigation(NavEntry(10, "政策", "casework:policies", folded=True), NavEntry(20, "项目", "ledger:projects"))
    declare_navigation(NavEntry(30, "别处", "nowhere:page"), NavEntry(40, "堵点", "gates:blockers", count=lambda _: 3))

    links = navigation_for(DISTRICT, "/projects/CY-0137/")

    assert [(link.label, link.is_folded, link.is_current, link.count) for link in links] == [
        ("项目", False, True, None),
        ("堵点", False, False, 3),
        ("政策", True, False, None),
    ]


def test_the_page_of_a_thing_is_the_one_declared() -> None:
    declare_pages(unit="progress:unit")

    assert page_url("unit", "CY-0137", 7) == "/progress/CY-0137/units/7/"
    with pytest.raises(NoPage, match="garage"):
        page_url("garage", 1)


def test_acts_are_folded_by_menu_and_one_comes_next_in_each_state() -> None:
    declare_actions(
        Action("p", 30, "清零核对", "progress:zero", menu="文书", leads=("zeroed",)),
        Action("p", 10, "记一条进展", "ledger:note", menu="登记"),
        Action("p", 20, "项目资料", "ledger:particulars", menu="登记", leads=("taken_in", "zeroed")),
        Action("p", 40, "办证进度", "progress:units"),
    )

    menus = [(menu, [label for label, _ in offers]) for menu, offers in menus_for("p", DISTRICT, PROJECT)]
    assert menus == [("登记", ["记一条进展", "项目资料"]), ("文书", ["清零核对"])]
    assert primary_for("p", DISTRICT, PROJECT, "zeroed") == ("项目资料", "/projects/CY-0137/particulars/")
    assert primary_for("p", AUDITOR, PROJECT, "zeroed") == ("清零核对", "/progress/CY-0137/zero/"), "what one may do"
    assert primary_for("p", DISTRICT, PROJECT, "issuing") is None
