"""The desk, the bar and the panels."""

from collections.abc import Iterator
from typing import Any

import pytest

from registry.accounts.models import InboxItem
from registry.accounts.services import save_filter
from registry.store.guard import fixture_writes
from registry.web.navigation import current_of
from registry.web.panels import PANELS, Panel, declare_panel, panels_for, shown_panels
from tests.factories.accounts import Cast, Player, assert_asks, sign_in
from tests.web.html import tight

pytestmark = pytest.mark.django_db


@pytest.fixture
def board() -> Iterator[None]:
    kept = dict(PANELS)
    yield
    PANELS.clear()
    PANELS.update(kept)


def lay(title: str, **words: Any) -> None:
    with fixture_writes():
        InboxItem.objects.create(
            source="x:1", verb="复核", title=title, link="/approvals/", created_at="2022-03-01T00:00Z", **words
        )


def entries(player: Player) -> list[tuple[str, int | None]]:
    return [(entry.label, entry.count) for entry in sign_in(player).get("/approvals/").context["nav"]]


def test_the_desk_shows_what_waits_for_me_and_nothing_else(cast: Cast) -> None:
    lay("给本区的", role="district", area_code="110105")
    lay("给外区的", role="district", area_code="110108")

    page = sign_in(cast.district).get("/").content.decode()

    assert "给本区的" in page
    assert "给外区的" not in page
    assert "给外区的" in sign_in(cast.strange_district).get("/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_desk_costs_the_same_however_full(cast: Cast, number: int, board: None) -> None:
    for key in [key for key in PANELS if key[0].startswith("desk")]:
        del PANELS[key]
    for place in range(number):
        lay(f"第{place}件", role="district", area_code="110105")
    client = sign_in(cast.district)

    with assert_asks(3):  # actor, inbox, count of the bar
        assert f"第{number - 1}件" in client.get("/").content.decode()


def test_the_first_word_of_the_bar_carries_the_count(cast: Cast) -> None:
    assert entries(cast.district)[0] == ("我的工作台", 0)
    lay("一件", role="district", area_code="110105")

    assert entries(cast.district)[0] == ("我的工作台", 1)
    assert {count for _, count in entries(cast.district)[1:]} == {None}


def test_the_bar_shows_what_the_actor_may_open(cast: Cast) -> None:
    words = {
        name: {label for label, _ in entries(getattr(cast, name))} for name in ("system_admin", "developer", "auditor")
    }

    assert {"人员", "操作记录"} & words["system_admin"] == {"人员"}
    assert {"人员", "操作记录"} & words["developer"] == set()
    assert {"人员", "操作记录"} & words["auditor"] == {"操作记录"}
    assert all("我的工作台" in found for found in words.values())


@pytest.mark.parametrize(
    ("path", "current"),
    [("/", "/"), ("/projects/P-1/", "/projects/"), ("/documents/reports/2022-03/", "/documents/reports/"),
     ("/documents/papers/1/", "/documents/"), ("/approvals/", ""), ("/projection/", "")],
)  # fmt: skip
def test_one_word_of_the_bar_is_current(path: str, current: str) -> None:
    assert current_of(path, ["/", "/projects/", "/documents/reports/", "/documents/"]) == current


def test_nobody_at_the_door_sees_a_bar(cast: Cast, client: Any) -> None:
    assert list(client.get("/sign-in/").context["nav"]) == []


def test_panels_stand_in_their_order_and_may_stay_away(board: None) -> None:
    def shows(*, actor: object) -> dict[str, object]:
        return {"who": actor}

    def stays_away(*, actor: object) -> None:
        return None

    for place, (name, selector) in enumerate((("乙", shows), ("甲", shows), ("丙", stays_away))):
        declare_panel(Panel("test", 10 if name == "甲" else 20 + place, name, selector, f"{name}.html"))
    declare_panel(panels_for("test")[0])

    assert [panel.name for panel in panels_for("test")] == ["甲", "乙", "丙"]
    assert [(shown.name, shown.content) for shown in shown_panels("test", actor="我")] == [
        ("甲", {"who": "我"}), ("乙", {"who": "我"}),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="two panels"):
        declare_panel(Panel("test", 1, "甲", shows, "other.html"))


def test_filters_are_kept_and_dropped_by_form(cast: Cast) -> None:
    client = sign_in(cast.district)
    words = {"page": "projects", "name": "在办", "query": "status=open", "next": "/approvals/"}

    assert client.post("/filters/save/", words).url == "/approvals/"
    assert client.post("/filters/save/", {**words, "next": "https://example.org/"}).url == "/"
    kept = save_filter(actor=cast.district.actor, page="projects", name="另一个", query="a=1")
    assert sign_in(cast.city).post(f"/filters/{kept.pk}/drop/").status_code == 404
    assert client.post(f"/filters/{kept.pk}/drop/").status_code == 302
    assert client.post("/filters/save/", {**words, "name": ""}).status_code == 422
    assert client.get("/filters/save/").status_code == 405


def test_what_is_opened_less_often_is_folded_at_the_end_of_the_bar(cast: Cast) -> None:
    nav = list(sign_in(cast.district).get("/approvals/").context["nav"])
    folded = [entry.label for entry in nav if entry.is_folded]

    assert folded == [entry.label for entry in nav][-len(folded) :]
    assert "后台任务" in folded
    assert "项目" not in folded
    page = tight(sign_in(cast.district).get("/jobs/").content.decode())
    assert '<summary aria-current="page">更多</summary>' in page
    assert page.count(">后台任务</a>") == 1
