"""Custody: who holds a home's papers on a day, who may see a bag on its way, what the invariants name."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from projects.office.models import CustodyItem, CustodyMove, Manifest, ManifestLine
from projects.office.selectors.custody import holder_counts, items_of, manifests_of, moves_of, who_held
from projects.office.services.custody import fill_bags, return_bag
from projects.office.services.manifests import list_items, send_manifest
from registry.audit.invariants import INVARIANTS
from registry.kernel.errors import PermissionRefused
from tests.factories.accounts import assert_asks
from tests.factories.projects import Estate, on_day
from tests.factories.tampering import undone_unchecked
from tests.factories.trials import refused
from tests.projects.office.custody import BACK, FILLED, GOT, SENT, ManifestPurpose, codes, draft, lay_bags, send, take

MODELS = (CustodyMove, CustodyItem, Manifest, ManifestLine)


def holders(estate: Estate, key: int, on: date) -> list[str]:
    unit = estate.unit(estate.homes.index(key))
    return [held.holder for held in who_held(estate.cast.district.actor, unit, on=on)]


def faults(code: str) -> list[str]:
    return [f"{fault.subject}：{fault.found}" for fault in INVARIANTS[code].violations(None)]


def test_who_held_the_papers_of_a_home_on_a_day_is_one_query(story: Estate) -> None:
    cast, [bag, *_] = story.cast, lay_bags(story)
    take(cast.tax, send(story, cast.township, cast.tax, [bag]), [bag])
    take(cast.township, send(story, cast.tax, cast.township, [bag], ManifestPurpose.GIVE_BACK, BACK), [bag], BACK)
    key, unit = story.homes[0], story.unit(0)

    days = [FILLED - timedelta(1), FILLED, SENT, GOT, BACK]
    assert [holders(story, key, on) for on in days] == [
        [],
        ["十八里店乡"],
        ["十八里店乡"],
        ["区税务局"],
        ["十八里店乡"],
    ]
    with assert_asks(1):
        [held] = who_held(cast.district.actor, unit, on=GOT)
    assert (held.since, held.basis) == (GOT, "CY-9001-YJ-0001")
    assert [(count.name, count.bags) for count in holder_counts(cast.district.actor, story.project)] == [
        ("十八里店乡", 4)
    ]


def test_bags_are_filled_once_for_homes_whose_papers_are_in(story: Estate) -> None:
    lay_bags(story, 2)
    with on_day(FILLED), refused("已有材料袋，不能再装一袋"):
        fill_bags(actor=story.cast.township.actor, project=story.project, unit_ids=story.homes[:1], on=FILLED)
    with on_day(FILLED), refused("现在是“待办”，没有在办的材料。请先收材料"):
        fill_bags(actor=story.cast.township.actor, project=story.project, unit_ids=story.homes[3:4], on=FILLED)
    with on_day(FILLED), refused("原件数不能多于份数", field="originals"):
        fill_bags(
            actor=story.cast.township.actor, project=story.project, unit_ids=story.homes[3:4], on=FILLED,
            copies=1, originals=2,
        )  # fmt: skip
    with on_day(FILLED), pytest.raises(PermissionRefused, match="登记中心不收材料，不能装袋"):
        fill_bags(actor=story.cast.centre.actor, project=story.project, unit_ids=story.homes[:1], on=FILLED)
    with on_day(FILLED), pytest.raises(PermissionRefused, match="规自分局不保管办证材料"):
        fill_bags(actor=story.cast.department.actor, project=story.project, unit_ids=story.homes[:1], on=FILLED)


def test_a_bag_goes_back_to_its_owner_on_signature_and_its_chain_ends(story: Estate) -> None:
    [bag, other, *_] = lay_bags(story)
    cast = story.cast
    with on_day(SENT), refused("未填写签收凭证", field="basis"):
        return_bag(actor=cast.township.actor, item=bag, on=SENT, basis=" ")
    with on_day(SENT), refused("不在演示开发公司手里，不能退还"):
        return_bag(actor=cast.developer.actor, item=bag, on=SENT, basis="签收1号")
    with on_day(SENT):
        return_bag(actor=cast.township.actor, item=bag, on=SENT, basis="签收1号")
    with on_day(SENT), refused("已交还权利人|不在十八里店乡手里"):
        return_bag(actor=cast.township.actor, item=bag, on=SENT, basis="签收1号")
    send(story, cast.township, cast.tax, [other])
    with on_day(SENT), refused("已列入移交清单CY-9001-YJ-0001，尚未接收", code="listed"):
        return_bag(actor=cast.township.actor, item=other, on=SENT, basis="签收1号")

    assert holders(story, story.homes[0], SENT) == ["权利人"]
    assert lay_bags(story, 1) != [bag], "papers handed in anew lie in a new bag"
    assert [faults(code) for code in ("I54", "I55", "I56")] == [[], [], []]


def test_a_bag_on_its_way_is_seen_by_both_sides_and_whoever_watches_the_area(story: Estate, stranger: Estate) -> None:
    """Until it is sent the tax office sees nothing; the planning branch and the other district never do."""
    cast, [bag, *_] = story.cast, lay_bags(story)
    manifest = draft(story, cast.township, cast.tax, ManifestPurpose.TAX, is_lent=True, due_on=date(2022, 3, 31))

    def seen() -> dict[str, tuple[int, int]]:
        players = ("city", "district", "township", "developer", "tax", "centre", "department", "auditor")
        strangers = ("strange_district", "strange_township", "strange_developer", "strange_department")
        return {
            name: (items_of(getattr(cast, name).actor).filter(pk=bag.pk).count(), manifests_of(getattr(cast, name).actor).count())
            for name in (*players, *strangers)
        }  # fmt: skip

    everybody = {"city", "district", "township", "developer", "auditor"}
    assert {name for name, (bags, _) in seen().items() if bags} == everybody
    assert {name for name, (_, lists) in seen().items() if lists} == everybody
    with on_day(SENT, 11):
        list_items(actor=cast.township.actor, manifest=manifest, codes=codes([bag]))
        send_manifest(actor=cast.township.actor, manifest=manifest, on=SENT)
    assert {name for name, counts in seen().items() if counts == (1, 1)} == everybody | {"tax"}
    assert {name for name, counts in seen().items() if counts not in ((1, 1), (0, 0))} == set()


def test_the_database_takes_no_move_by_one_hand(story: Estate) -> None:
    """Between organisations: a line, two persons, two organisations, or the row is refused by the database."""
    cast, [bag, *_] = story.cast, lay_bags(story)
    manifest = send(story, cast.township, cast.tax, [bag])
    take(cast.tax, manifest, [bag])
    move = CustodyMove.objects.filter(item=bag).order_by("-position").first()
    assert move is not None
    for column, value in (
        ("taken_by_id", move.given_by_id), ("line_id", None), ("given_by_id", None),
        ("from_organisation_id", move.to_organisation_id), ("to_organisation_id", None),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE office_custodymove SET {column} = %s WHERE id = %s", [value, move.pk])


@pytest.mark.parametrize(
    ("sql", "code", "said"),
    [
        ("DELETE FROM office_custodymove WHERE position = 1", "I54", "第1次移交"),
        ("DELETE FROM office_custodymove", "I54", "没有保管记录"),
        ("UPDATE office_custodymove SET from_organisation_id = to_organisation_id WHERE position = 2", "I54", "不在移交方手里"),
        ("UPDATE office_custodymove SET position = position + 9", "I54", "次序有缺"),
        ('UPDATE office_custodymove SET "on" = \'2020-01-01\' WHERE position = 2', "I54", "不得早于该日"),
        ("UPDATE office_custodyitem SET ended_act_id = 1", "I54", "仍在保管"),
        ("UPDATE office_manifest SET taken = taken - 1", "I55", "记为0项"),
        ("UPDATE office_manifest SET listed = listed + 1, taken = taken + 1", "I55", "记为2项"),
        ("UPDATE office_manifestline SET taken_act_id = NULL", "I55", "记为1项"),
        ("UPDATE office_custodymove SET line_id = NULL WHERE position = 2", "I56", "没有"),
        ("UPDATE office_custodymove SET given_by_id = taken_by_id WHERE position = 2", "I56", "不符"),
    ],
)  # fmt: skip
def test_what_is_changed_behind_the_back_is_named(story: Estate, sql: str, code: str, said: str) -> None:
    cast, [bag, *_] = story.cast, lay_bags(story, 1)
    take(cast.tax, send(story, cast.township, cast.tax, [bag]), [bag])
    assert [faults(each) for each in ("I54", "I55", "I56")] == [[], [], []]
    model = next(each for each in MODELS if each._meta.db_table in sql.split())
    with undone_unchecked(model):
        with connection.cursor() as cursor:
            cursor.execute(sql)
        assert any(said in fault for fault in faults(code)), faults(code)


def test_chains_are_read_in_portions(story: Estate) -> None:
    bags = lay_bags(story)
    with assert_asks(1):
        assert {key: len(chain) for key, chain in moves_of([bag.pk for bag in bags]).items()} == dict.fromkeys(
            [bag.pk for bag in bags], 1
        )
