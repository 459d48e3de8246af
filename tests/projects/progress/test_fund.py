"""Who pays into the fund is the district's dated setting: track, guard, voucher, notice and telephone ask the same."""

from datetime import date

import pytest

from documents.papers.selectors.papers import notice_snapshot
from projects.gates.selectors.building import explain
from projects.ledger.invariants import INVARIANTS
from projects.ledger.models import Unit
from projects.ledger.selectors.counts import present_counts
from projects.ledger.selectors.fund import fund_rule
from projects.office.selectors.checklists import papers_asked
from projects.progress.services import advance_units, place_units
from projects.progress.services.fund import open_fund_tracks, without_fund
from registry.accounts.services.settings import decide_setting
from registry.kernel.errors import PermissionRefused
from registry.kernel.stages import Track, Use
from registry.store.second import FirstPerson
from tests.factories.accounts import DISTRICT, lay_setting
from tests.factories.projects import PLACED, TODAY, Estate, bring_to, home, moment, move, on_day, shop
from tests.factories.trials import refused

pytestmark = pytest.mark.django_db
SEPTEMBER, APRIL = date(2021, 9, 1), date(2022, 4, 1)
VOUCHER = "维修资金交存凭证"


def decide(estate: Estate, name: str, value: str, on: date = TODAY) -> None:
    with on_day(TODAY):
        decide_setting(
            actor=estate.cast.city.actor, name=name, area_code=DISTRICT, value=value, effective_on=on, reason="纪要",
            first=FirstPerson.of(estate.cast.system_admin.person),
        )  # fmt: skip


def asked(estate: Estate, use: str, on: date = TODAY) -> bool:
    return VOUCHER in [item.name for item in papers_asked(estate.project, use, on=on)]


def test_without_a_setting_dwellings_pay_and_nothing_else(story: Estate) -> None:
    assert fund_rule(DISTRICT).uses(TODAY) == {Use.DWELLING}
    assert [asked(story, use) for use in ("dwelling", "ancillary", "retail", "parking")] == [True, False, False, False]


def test_shops_that_pay_from_a_day_on_are_asked_everywhere(story: Estate) -> None:
    shops = Unit.objects.filter(id__in=story.shops)
    assert {unit.fund for unit in shops} == {""}
    decide(story, "fund.retail", "yes", TODAY)

    assert {unit.fund for unit in shops.all()} == {"unpaid"}, "opened in the act that decides"
    counts = present_counts([story.project.id])[story.project.id]
    assert counts.at("fund", "unpaid", dwelling=False) == 3
    assert [violation for invariant in INVARIANTS for violation in invariant.violations(None)] == []
    assert [asked(story, "retail", day) for day in (date(2022, 3, 7), TODAY)] == [False, True]
    with on_day(TODAY):
        unit = shops.select_related("building__project").order_by("id").first()
        words = notice_snapshot(project=story.project, unit=unit, place="厅", phone="19900000000", issued_on=TODAY)[0]
    assert "住宅专项维修资金" in [fee["name"] for fee in words["fees"]]
    assert VOUCHER in [item["name"] for item in words["materials"]]


def test_a_setting_of_a_day_to_come_is_opened_on_its_night(story: Estate) -> None:
    decide(story, "fund.retail", "yes", APRIL)
    assert without_fund(TODAY) == []
    assert without_fund(APRIL) == [story.project.id]
    with on_day(TODAY), refused("没有需要开设维修资金台账的户", code="nothing_to_open"):
        open_fund_tracks(actor=story.cast.district.actor, project=story.project)
    with on_day(APRIL):
        assert open_fund_tracks(actor=story.cast.district.actor, project=story.project) == 3
    assert {unit.fund for unit in Unit.objects.filter(id__in=story.shops)} == {"unpaid"}


def test_the_guard_of_recording_asks_the_rule_of_the_stated_day(story: Estate) -> None:
    first, second = story.homes[:1], story.homes[1:2]
    bring_to(story, story.homes[:2], "accepted", SEPTEMBER)
    move(story, story.homes[:2], "settled", SEPTEMBER, Track.TAX)
    with refused("维修资金尚未交清，不能登簿"):
        move(story, first, "recorded", SEPTEMBER)
    lay_setting("fund.dwelling", False, area_code=DISTRICT, since=date(2021, 10, 1))

    with refused("维修资金尚未交清，不能登簿"):
        move(story, first, "recorded", date(2021, 9, 30))
    assert move(story, first, "recorded", date(2021, 10, 1)).moved == tuple(first)
    assert "维修资金" not in explain(story.unit(1), on=TODAY).words
    lay_setting("fund.dwelling", True, area_code=DISTRICT, since=date(2021, 11, 1))
    with refused("维修资金尚未交清，不能登簿"):
        move(story, second, "recorded", date(2021, 11, 1))


def test_a_unit_opens_on_the_track_as_the_rule_is_on_its_day(story: Estate) -> None:
    lay_setting("fund.retail", True, area_code=DISTRICT, since=PLACED)
    lay_setting("fund.dwelling", False, area_code=DISTRICT, since=PLACED)
    rows = [home("3", "1", 2, 30), shop("3", "S01", 31)]
    with on_day(TODAY):
        place_units(actor=story.cast.district.actor, project=story.project, rows=rows, placed_on=TODAY, source="补")
    assert dict(Unit.objects.filter(building__number="3").values_list("use", "fund")) == {
        "dwelling": "", "retail": "unpaid",
    }  # fmt: skip


def test_a_unit_that_becomes_a_dwelling_begins_to_pay(story: Estate) -> None:
    was = Unit.objects.get(pk=story.shops[0])
    row = shop(was.building.number, was.room, 14)
    with on_day(TODAY):
        place_units(
            actor=story.cast.district.actor, project=story.project, placed_on=TODAY, source="补",
            rows=[type(row)(row.row, row.building, "", row.floor, 1, row.room, Use.DWELLING)],
        )  # fmt: skip
    unit = Unit.objects.get(pk=was.pk)
    assert (unit.use, unit.fund) == ("dwelling", "unpaid")


def test_the_rule_is_read_as_known(story: Estate) -> None:
    decide(story, "fund.retail", "yes", TODAY)
    assert fund_rule(DISTRICT, known_at=moment(date(2022, 3, 7))).uses(TODAY) == {Use.DWELLING}
    assert fund_rule(DISTRICT).uses(TODAY) == {Use.DWELLING, Use.RETAIL}
    assert fund_rule("110108").uses(TODAY) == {Use.DWELLING}


def test_the_fund_is_kept_by_the_department_that_the_district_has_named(story: Estate) -> None:
    cast, words = story.cast, {"unit_ids": story.homes[:1], "track": Track.FUND, "to": "settled", "occurred_on": TODAY}
    lay_setting("organ.housing", "区住房和城乡建设委员会", area_code=DISTRICT, since=SEPTEMBER)
    with on_day(TODAY), pytest.raises(PermissionRefused, match="维修资金由区住房和城乡建设委员会记"):
        advance_units(actor=cast.department.actor, project=story.project, **words)
    lay_setting("organ.housing", cast.department.organisation.name, area_code=DISTRICT, since=TODAY)
    with on_day(TODAY):
        assert advance_units(actor=cast.department.actor, project=story.project, **words).moved
