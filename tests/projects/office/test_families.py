"""A family: homes of one agreement, of one person's number, or joined by hand; found by one field."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.ledger.models import Agreement, Unit
from projects.office.models import FamilyLink
from projects.office.selectors.families import AGREEMENT, BY_HAND, OWN, PERSON, family_card, family_keys
from projects.office.services.families import join_homes, part_homes, state_facts
from projects.office.services.finding import find_families
from registry.audit.models import Act
from registry.kernel.errors import NotFound
from registry.kernel.identifiers import synthetic_phone
from tests.factories.accounts import assert_asks, sign_in
from tests.factories.projects import TODAY, Estate, holder_name, on_day
from tests.factories.trials import refused
from tests.projects.office.families import lay_family, unit_of

CARD = 22  # queries of a card whose homes lie in one building


def find(estate: Estate, text: str, by: str = "township") -> Any:
    with on_day(TODAY):
        return find_families(actor=getattr(estate.cast, by).actor, project=estate.project, text=text)


def test_a_family_is_one_agreement_or_one_person(story: Estate) -> None:
    first, agreed, own, parking = lay_family(story)

    assert family_keys(unit_of(first)) == {
        first: (OWN, None), agreed: (AGREEMENT, None), own: (PERSON, None), parking: (PERSON, None),
    }  # fmt: skip


def test_a_family_is_one_step_and_not_closed(story: Estate) -> None:
    """The agreed home's own people hold nothing else: from there neither the third home nor the place is reached."""
    first, agreed, *_ = lay_family(story)

    assert set(family_keys(unit_of(agreed))) == {agreed, first}


def test_the_same_person_in_another_project_is_no_family_here(estate: Estate, stranger: Estate) -> None:
    assert set(family_keys(estate.unit())) == {estate.homes[0]}


def test_homes_are_joined_by_hand_and_parted_again(story: Estate) -> None:
    a, b, c = (unit_of(key) for key in story.homes[:3])
    actor = story.cast.township.actor
    with on_day(TODAY):
        join_homes(actor=actor, unit=b, other=c, reason="户口簿载明夫妻")
        link = join_homes(actor=actor, unit=b, other=a, reason="户口簿载明父子")

    assert family_keys(b) == {b.pk: (OWN, None), c.pk: (BY_HAND, link.pk - 1), a.pk: (BY_HAND, link.pk)}
    assert set(family_keys(a)) == {a.pk, b.pk}, "what the other is joined to does not follow"
    with on_day(TODAY), refused("已经合并为一家", code="joined", field="other"):
        join_homes(actor=actor, unit=a, other=b, reason="户口簿载明父子")

    with on_day(TODAY):
        part_homes(actor=actor, link=link, reason="查明不是一家")
    assert set(family_keys(a)) == {a.pk}
    assert FamilyLink.objects.get(pk=link.pk).reason == "户口簿载明父子", "what was stated stays"
    with on_day(TODAY), refused("已经撤销", code="parted"):
        part_homes(actor=actor, link=link, reason="查明不是一家")
    with on_day(TODAY):
        join_homes(actor=actor, unit=a, other=b, reason="再次查明父子")


def test_what_can_not_be_joined_is_refused(story: Estate, stranger: Estate) -> None:
    actor, unit = story.cast.township.actor, story.unit()
    with on_day(TODAY):
        with refused("请写明合并的依据", field="reason"):
            join_homes(actor=actor, unit=unit, other=story.unit(1), reason="同")
        with refused("这是同一户", field="other"):
            join_homes(actor=actor, unit=unit, other=unit, reason="户口簿载明夫妻")
        with refused("不在本项目内", field="other"):
            join_homes(actor=actor, unit=unit, other=stranger.unit(), reason="户口簿载明夫妻")


@pytest.mark.parametrize(
    ("text", "what", "count"),
    [
        ("1-1-201", "户号", 1),
        ("1号楼1单元201", "户号", 1),
        (f"AZ-{2:04d}", "合同、协议号", 2),
        (synthetic_phone(2)[-4:], "电话末四位", 3),
        (synthetic_phone(2), "电话", 3),
        (holder_name(2), "姓名", 4),
        ("CW-0118", "合同、协议号", 1),
    ],
)
def test_one_field_finds_a_family(story: Estate, text: str, what: str, count: int) -> None:
    lay_family(story)

    answer = find(story, text)

    assert (answer.what, len(answer.homes), answer.is_one) == (what, count, True)


def test_homes_of_several_families_are_listed(story: Estate) -> None:
    answer = find(story, "201")

    assert (answer.what, len(answer.homes), answer.is_one) == ("户号", 4, False)


@pytest.mark.parametrize("text", ["9-9-999", "没有这人", "5599", "81000000000017", "6901234567892"])
def test_what_is_not_there_is_said_with_what_to_type_instead(story: Estate, text: str) -> None:
    answer = find(story, text)

    assert (answer.homes, answer.what) == ((), "")
    assert answer.hint.endswith("。")


def test_another_project_is_never_found(estate: Estate, stranger: Estate) -> None:
    Agreement.objects.filter(project=stranger.project).count()
    strange = stranger.unit()

    answer = find(estate, f"{strange.building.number}-{strange.entrance}-{strange.room}")
    assert [home.building.project_id for home in answer.homes] == [estate.project.pk]
    with pytest.raises(NotFound), on_day(TODAY):
        find_families(actor=estate.cast.developer.actor, project=stranger.project, text=synthetic_phone(2))
    assert (
        sign_in(estate.cast.strange_developer).get(reverse("office:counter", args=[estate.project.code])).status_code
        == 404
    )


def test_looking_for_people_is_kept_and_looking_for_rooms_is_not(story: Estate) -> None:
    before = Act.objects.count()
    find(story, "1-1-201")
    assert Act.objects.count() == before

    find(story, synthetic_phone(2)[-4:])
    assert Act.objects.latest("id").event == "person.sought"


def test_finding_asks_as_often_for_a_large_project_as_for_a_small_one(story: Estate) -> None:
    with assert_asks(2):
        find(story, "1-1-201")
    lay_family(story)
    with assert_asks(2):
        find(story, "1-1-201")


def test_the_card_says_what_lacks_and_what_comes_next(story: Estate) -> None:
    first, *_, parking = lay_family(story)

    card = family_card(unit_of(first), on=TODAY)

    assert [line.next for line in card] == ["收材料"] * 4
    assert [paper.name for paper in card[0].lacks] == [
        "权利人身份证明", "户口簿", "安置补偿协议、选房确认单", "房款及差价票据",
    ]  # fmt: skip
    assert [paper.name for paper in card[-1].lacks] == [
        "权利人身份证明",
        "车位、车库买卖合同",
        "购买车位、车库的发票",
        "本小区房屋的权属证书或合同",
    ]
    assert card[-1].unit.pk == parking
    assert "车" not in card[0].reasons


def test_the_card_asks_by_buildings_and_not_by_homes(story: Estate) -> None:
    with on_day(TODAY):
        join_homes(actor=story.cast.township.actor, unit=story.unit(), other=story.unit(1), reason="户口簿载明夫妻")
    unit = story.unit()
    with assert_asks(CARD):
        family_card(unit, on=TODAY)
    with on_day(TODAY):
        for key in story.homes[2:6]:
            join_homes(actor=story.cast.township.actor, unit=story.unit(), other=unit_of(key), reason="户口簿载明夫妻")

    with assert_asks(CARD):
        assert len(family_card(unit, on=TODAY)) == 6


def test_facts_choose_the_papers(story: Estate) -> None:
    unit = story.unit()

    def names() -> set[str]:
        return {paper.name for paper in family_card(unit, on=TODAY)[0].asked}

    assert "监护关系证明" not in names()
    with on_day(TODAY):
        state_facts(actor=story.cast.township.actor, unit=unit, facts=["minor", "unnotarised"], effective_on=TODAY)
    assert {"监护关系证明", "亲属关系材料、具结书", "继承材料（可不公证）"} <= names()
    with on_day(TODAY), refused("没有变动", code="same", field="facts"):
        state_facts(actor=story.cast.township.actor, unit=unit, facts=["unnotarised", "minor"], effective_on=TODAY)
    with on_day(TODAY), refused("继承只能是一种", field="facts"):
        state_facts(actor=story.cast.township.actor, unit=unit, facts=["inherited", "unnotarised"], effective_on=TODAY)
    with on_day(TODAY):
        state_facts(actor=story.cast.township.actor, unit=unit, facts=["proxy"], effective_on=TODAY)
    assert "监护关系证明" not in names()
    assert "授权委托书" in names()
    assert Unit.objects.get(pk=unit.pk).certificate == "waiting"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a table of fifteen rows whole")
def test_a_room_is_found_by_the_index_over_room_and_building(story: Estate) -> None:
    """By the room alone the index gives the homes of every project: 46 ms at 239,562 homes, 0.05 ms by both."""
    with CaptureQueriesContext(connection) as asked:
        answer = find(story, "1-1-201")
    assert len(answer.homes) == 1
    [sought] = [query["sql"] for query in asked if '"room" = ' in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sought}")
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())

    assert "unit_by_room (room=? AND building_id=?)" in plan
