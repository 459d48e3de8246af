"""A month is reported, reviewed, closed in turn; restated it stands beside what was closed; both bear a seal."""

import hashlib
from datetime import date
from typing import Any

import pytest

from documents.reports.changes import Scope
from documents.reports.choices import BY_TOWNS, SIGNED_FIRST
from documents.reports.models import MonthClose, MonthDraft, MonthRestatement, MonthSignature, rows_hash
from documents.reports.selectors.closing import CHECK
from documents.reports.selectors.months import preview_month
from documents.reports.selectors.signatures import units_of
from documents.reports.services import close_month, propose_close
from documents.reports.services.restating import propose_restatement, restate_month
from documents.reports.services.signing import report_month, review_month
from projects.ledger.models import Project
from registry.accounts.models import Approval
from registry.accounts.services.approvals import approve
from registry.accounts.services.settings import decide_setting
from registry.audit.invariants import INVARIANTS
from registry.jobs.services import enqueue
from registry.jobs.worker import Worker
from registry.kernel.authority import Role, system_actor
from registry.kernel.periods import Month
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.documents.reports.test_changes import bridge, issue_late
from tests.factories.accounts import DISTRICT, TOWNSHIP, Player, lay_assignment, lay_person, sign_in
from tests.factories.projects import Estate, bring_to, on_day
from tests.factories.trials import refused

FEBRUARY, MARCH = Month.parse("2022-02"), Month.parse("2022-03")
ON = date(2022, 3, 2)


def ask(estate: Estate, name: str, value: str) -> None:
    with on_day(date(2022, 2, 1)):
        decide_setting(
            actor=estate.cast.city.actor, name=name, area_code="", value=value, effective_on=date(2022, 2, 1), reason="规定",
            first=FirstPerson.of(estate.cast.auditor.person),
        )  # fmt: skip


def report(estate: Estate, by: str = "township", area: str = TOWNSHIP, on: date = ON) -> MonthSignature:
    with on_day(on):
        signature: MonthSignature = report_month(actor=getattr(estate.cast, by).actor, month=FEBRUARY, area_code=area)
    return signature


def review(estate: Estate, by: str = "district", area: str = DISTRICT, on: date = ON) -> MonthSignature:
    with on_day(on):
        signature: MonthSignature = review_month(actor=getattr(estate.cast, by).actor, month=FEBRUARY, area_code=area)
    return signature


def states(month: Month = FEBRUARY) -> list[tuple[str, str]]:
    return [(unit.name, unit.state) for unit in units_of(month, preview_month(month=month).rows)]


def checked() -> None:
    enqueue(actor=system_actor("测试"), kind=CHECK, key=CHECK, params={})
    Worker("test").run(once=True)


def test_township_district_city_in_turn(story: Estate) -> None:
    ask(story, SIGNED_FIRST, "yes")
    checked()
    assert states() == [("朝阳区", "待审核"), ("十八里店乡", "待填报")]
    with (
        refused("2022年2月还有2个单位未完成填报、审核：朝阳区（待审核）、十八里店乡（待填报）", code="unsigned"),
        on_day(ON),
    ):
        propose_close(actor=story.cast.city.actor, month=FEBRUARY)
    with refused("十八里店乡尚未填报", code="unreported"):
        review(story)

    report(story)
    review(story)
    assert states() == [("朝阳区", "已审核"), ("十八里店乡", "已填报")]
    with on_day(ON):
        assert propose_close(actor=story.cast.city.actor, month=FEBRUARY).payload["month"] == "2022-02"


def test_what_was_signed_is_void_when_the_figures_change(story: Estate) -> None:
    report(story)
    review(story)
    bring_to(story, story.homes[:1], "issued", date(2022, 2, 25))

    assert states() == [("朝阳区", "审核后数有变动，须重新审核"), ("十八里店乡", "填报后数有变动，须重新填报")]
    with refused("十八里店乡尚未填报，或填报后数有变动", code="unreported"):
        review(story, on=date(2022, 3, 3))


def test_a_name_changed_since_voids_nothing(story: Estate) -> None:
    report(story)
    with fixture_writes():
        Project.objects.filter(pk=story.project.pk).update(name="改名小区")
    assert states()[1] == ("十八里店乡", "已填报")


def test_a_district_that_reports_itself_needs_another_to_review(story: Estate) -> None:
    ask(story, BY_TOWNS, "no")
    with (
        refused("由所属街道、乡镇填报", code="not_unit") if False else refused("不是本单位的填报范围", code="not_unit")
    ):
        report(story)
    report(story, "district", DISTRICT)
    with refused("填报人不得审核自己填报的数", code="second_person"):
        review(story)
    review(story, "district_second")
    assert states() == [("朝阳区", "已审核")]


@pytest.mark.parametrize(
    ("by", "area", "words"),
    [("district", DISTRICT, "由所属街道、乡镇填报"), ("strange_township", TOWNSHIP, "不是本单位的填报范围")],
)
def test_only_the_unit_itself_reports(story: Estate, by: str, area: str, words: str) -> None:
    with refused(words, code="not_unit"):
        report(story, by, area)


def test_a_township_reviews_nothing(story: Estate) -> None:
    report(story)
    with refused("审核由区工作专班办理", code="not_unit"):
        review(story, "township", TOWNSHIP)


def test_a_month_that_runs_or_is_closed_is_signed_no_more(story: Estate) -> None:
    with refused("2022年2月尚未终了", code="not_over"):
        report(story, on=date(2022, 2, 28))
    closed(story)
    with refused("2022年2月已结账，不再填报", code="closed"):
        report(story, on=date(2022, 3, 4))


def closed(estate: Estate, month: Month = FEBRUARY) -> MonthClose:
    with on_day(month.next.first.replace(day=3)):
        close: MonthClose = close_month(
            actor=estate.cast.city.actor, month=month, first=FirstPerson.of(estate.cast.auditor.person)
        )
    return close


def second(estate: Estate) -> Player:
    at = estate.cast.city.organisation
    who = lay_person(username="city.second", name="甲二", organisation=at)
    return Player(who, at, lay_assignment(who, at, Role.CITY))


def restated(estate: Estate, on: date = date(2022, 3, 10)) -> MonthRestatement:
    with on_day(on):
        approval = propose_restatement(actor=estate.cast.city.actor, month=FEBRUARY, reason="审计意见〔2022〕3号")
    with on_day(on):
        approve(actor=second(estate).actor, approval=approval)
    return MonthRestatement.objects.get()


def test_a_restatement_stands_beside_and_differs_by_the_later_corrections(story: Estate) -> None:
    bring_to(story, story.homes[:1], "issued", date(2022, 2, 10))
    bring_to(story, story.homes[1:2], "recorded", date(2022, 2, 11))
    close = closed(story)
    issue_late(story, 1, date(2022, 2, 25), date(2022, 3, 5))
    restatement = restated(story)

    assert (restatement.version, restatement.proposed_by, restatement.reason) == (2, "甲市", "审计意见〔2022〕3号")
    before, after = ({row["code"]: row["closing"] for row in rows["stages"]} for rows in (close.rows, restatement.rows))
    assert {code: after[code] - number for code, number in before.items() if after[code] != number} == {
        "issued": 1, "printed": 1, "remaining": -1, "rest_doable": -1,
    }  # fmt: skip
    assert after["issued"] - before["issued"] == bridge(MARCH, Scope()).corrected.issued == 1
    assert MonthClose.objects.get().rows == close.rows
    assert MonthClose.objects.get().rows_hash == rows_hash(close.rows)
    assert [fault for rule in ("I9", "I11", "I65") for fault in INVARIANTS[rule].check(None)] == []
    page = sign_in(story.cast.city).get("/documents/reports/2022-02/versions/").content.decode()
    assert [words for words in ("第2版", "审计意见〔2022〕3号", "甲市", "甲二") if words not in page] == []


def test_what_cannot_be_restated(story: Estate) -> None:
    bring_to(story, story.homes[:2], "issued", date(2022, 2, 10))
    close = closed(story)
    with refused("按现在所知的数与结账数相同", code="same"), on_day(date(2022, 3, 10)):
        propose_restatement(actor=story.cast.city.actor, month=FEBRUARY, reason="无")
    with refused("未填写重述原因", field="reason"), on_day(date(2022, 3, 10)):
        propose_restatement(actor=story.cast.city.actor, month=FEBRUARY, reason=" ")
    with fixture_writes():
        close.rows = {name: rows for name, rows in close.rows.items() if name != "projects"}
        close.save()
    with refused("没有留存各项目的变动，不能重述", code="too_old"), on_day(date(2022, 3, 10)):
        propose_restatement(actor=story.cast.city.actor, month=FEBRUARY, reason="无")


def test_a_draft_that_was_changed_past_the_books_restates_nothing(story: Estate) -> None:
    bring_to(story, story.homes[1:2], "recorded", date(2022, 2, 11))
    closed(story)
    issue_late(story, 1, date(2022, 2, 25), date(2022, 3, 5))
    with on_day(date(2022, 3, 10)):
        approval = propose_restatement(actor=story.cast.city.actor, month=FEBRUARY, reason="审计意见")
    draft = MonthDraft.objects.get(pk=approval.payload["draft"])
    draft.rows["totals"][0]["issued"] += 1
    with refused("提请时的数与按当时已知重数的不同", code="faults"), on_day(date(2022, 3, 11)):
        restate_month(
            actor=story.cast.city.actor, draft=draft, reason="审计意见",
            first=FirstPerson.of(story.cast.auditor.person),
        )  # fmt: skip


def test_who_hashes_anew_by_sql_cannot_seal(story: Estate) -> None:
    close = closed(story)
    assert list(INVARIANTS["I65"].check(None)) == []
    rows = {**close.rows, "totals": [{**close.rows["totals"][0], "issued": 12}]}
    digest = rows_hash(rows)
    chain = hashlib.sha256(f"{close.previous_hash}{digest}{close.month}".encode()).hexdigest()
    with fixture_writes():
        MonthClose.objects.filter(pk=close.pk).update(rows=rows, rows_hash=digest, chain_hash=chain)
    assert list(INVARIANTS["I9"].check(None)) == []
    assert [fault.subject for fault in INVARIANTS["I65"].check(None)] == ["2022-02"]


def test_a_restatement_altered_by_sql_is_named(story: Estate) -> None:
    bring_to(story, story.homes[1:2], "recorded", date(2022, 2, 11))
    closed(story)
    issue_late(story, 1, date(2022, 2, 25), date(2022, 3, 5))
    restatement = restated(story)
    with fixture_writes():
        MonthRestatement.objects.filter(pk=restatement.pk).update(known_at=restatement.known_at.replace(day=11))
    assert [fault.subject for fault in INVARIANTS["I65"].check(None)] == ["2022-02 第2版"]


def test_the_page_of_units_signs(story: Estate) -> None:
    address = "/documents/reports/2022-02/units/"
    township, district = sign_in(story.cast.township), sign_in(story.cast.district)
    page = township.get(address).content.decode()
    assert "待填报" in page
    assert "朝阳区" not in page.split("<table")[1].split("</table>")[0]
    sent: Any = township.post(f"{address}report/")
    assert sent.url == address
    assert "已填报" in township.get(address).content.decode()
    assert ">审核</button>" in district.get(address).content.decode()
    district.post(f"{address}review/")
    assert "已审核" in sign_in(story.cast.city).get(address).content.decode()
    assert Approval.objects.count() == 0
