"""Projects taken in twice are found with a reason, no pair twice, and judged by a person."""

from typing import Any

import pytest
from django.urls import reverse

from projects.ledger.choices import AliasKind
from projects.ledger.models import Project
from projects.ledger.services.particulars import add_alias, set_developer
from projects.ledger.services.projects import take_in_project
from projects.progress.selectors.duplicate_candidates import marked_distinct, plain_name, possible_duplicates
from projects.progress.services.distinct_projects import ApartRefused, mark_distinct, unmark_distinct
from tests.factories.accounts import Cast, sign_in
from tests.factories.projects import PLACED, on_day, project_words, strange_words


def take_in(cast: Cast, code: str, name: str, **more: Any) -> Project:
    with on_day(PLACED):
        project: Project = take_in_project(
            actor=cast.district.actor, **project_words(cast, code=code, name=name, **more)
        )
    return project


def found(cast: Cast, who: str = "district") -> list[tuple[str, str, int]]:
    pairs = possible_duplicates(getattr(cast, who).actor)
    return [(pair.one.code, pair.other.code, pair.score) for pair in pairs]


@pytest.mark.parametrize(
    ("text", "plain"),
    [("周庄嘉园（三期）", "周庄嘉园"), ("周庄嘉园三期", "周庄嘉园3期"), ("阳光 小区", "阳光"), ("小区", "小区")],
)
def test_a_name_is_stripped_of_what_clerks_write_differently(text: str, plain: str) -> None:
    assert plain_name(text) == plain


def test_the_same_name_or_alias_or_address_is_found_once(cast: Cast) -> None:
    first = take_in(cast, "CY-1", "阳光家园小区")
    second = take_in(cast, "CY-2", "旭日嘉苑")
    third = take_in(cast, "CY-3", "河畔新村")
    with on_day(PLACED):
        words = {"actor": cast.district.actor}
        add_alias(project=second, kind=AliasKind.MARKETING, text="阳光家园", **words)
        add_alias(project=second, kind=AliasKind.ADDRESS, text="甲路1—9号", **words)
        add_alias(project=third, kind=AliasKind.ADDRESS, text="甲路1—9号", **words)
        add_alias(project=first, kind=AliasKind.ADDRESS, text="甲路1—9号", **words)

    assert found(cast) == [("CY-1", "CY-2", 95), ("CY-1", "CY-3", 90), ("CY-2", "CY-3", 90)]
    assert found(cast, "strange_district") == []


def test_phases_of_one_estate_are_not_taken_for_one(cast: Cast) -> None:
    one, other = take_in(cast, "CY-1", "周庄嘉园二期"), take_in(cast, "CY-2", "周庄嘉园三期")
    third = take_in(cast, "CY-3", "周庄佳园3期")
    with on_day(PLACED):
        for project in (one, other, third):
            set_developer(actor=cast.district.actor, project=project, name="演示置业", condition="operating")

    assert found(cast) == [("CY-2", "CY-3", 80)]


def test_projects_of_two_districts_are_not_compared(cast: Cast) -> None:
    take_in(cast, "CY-1", "阳光家园")
    with on_day(PLACED):
        take_in_project(actor=cast.strange_district.actor, **strange_words(cast) | {"name": "阳光家园", "code": "HD-1"})
    assert found(cast, "city") == []


def test_the_page_gives_the_reason_and_the_way_to_merge(cast: Cast) -> None:
    take_in(cast, "CY-1", "阳光家园")
    take_in(cast, "CY-2", "阳光家园（一期）")
    shown = sign_in(cast.district).get(reverse("progress:duplicates")).content.decode()
    assert "名称相同：阳光家园" in shown
    assert f"{reverse('progress:merge', args=['CY-1'])}?absorbed=CY-2" in shown
    assert sign_in(cast.township).get(reverse("progress:duplicates")).status_code == 403


def test_a_pair_judged_apart_is_found_no_more_until_the_judgement_is_taken_back(cast: Cast) -> None:
    first, second = take_in(cast, "CY-1", "阳光家园小区"), take_in(cast, "CY-2", "阳光家园")
    assert found(cast) == [("CY-1", "CY-2", 95)]
    client = sign_in(cast.district)
    address = reverse("progress:apart", args=[second.code, first.code])

    blank = client.post(address, {"reason": " "}).content.decode()
    assert "理由" in blank
    assert found(cast) == [("CY-1", "CY-2", 95)]
    with pytest.raises(ApartRefused, match="请选两个不同的项目"):
        mark_distinct(actor=cast.district.actor, project=first, other=first, reason="一样")
    client.post(address, {"reason": "两宗地，分别立项"})
    assert found(cast) == []
    with pytest.raises(ApartRefused, match="CY-1和CY-2已判定为不同项目"):
        mark_distinct(actor=cast.district.actor, project=first, other=second, reason="再判")
    judged = marked_distinct(cast.district.actor)
    assert [(one.one.code, one.other.code, one.reason) for one in judged] == [("CY-1", "CY-2", "两宗地，分别立项")]
    assert marked_distinct(cast.strange_district.actor) == []

    page = client.get(reverse("progress:duplicates")).content.decode()
    assert "两宗地，分别立项" in page
    assert "未发现疑似重复的项目" in page
    client.post(reverse("progress:take_back_apart", args=[judged[0].pk]), {"reason": "查明是一宗地"})
    assert found(cast) == [("CY-1", "CY-2", 95)]
    with pytest.raises(ApartRefused, match="已撤销"):
        unmark_distinct(actor=cast.district.actor, apart=judged[0], reason="再收")
