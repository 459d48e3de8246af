"""F8: a signer's exposure is the homes issued on promises not yet kept; caps and breaches hold new letters back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.choices import WaiverKind
from commitments.models import CreditWaiver, ExposurePoint, ExposureRun, Instrument, Obligation
from commitments.selectors.exposure import (
    exposure_now,
    exposure_of,
    exposure_trend,
    last_exposure,
    letters_in_force,
    standings_by_developer,
    standings_by_signer,
    whole_standing,
)
from commitments.services import (
    count_exposure,
    declare_breach,
    extend_obligation,
    grant_waiver,
    report_obligation,
    set_exposure_cap,
    sign_instrument,
    verify_obligation,
)
from projects.ledger.models import Developer, Project
from registry.accounts.models import Approval
from registry.kernel.scope import scope_of
from registry.kernel.stages import Use
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.commitments.test_pages import TODAY as NOW
from tests.commitments.test_pages import agree, page, post
from tests.factories.projects import (
    DUE,
    SIGNED,
    TODAY,
    Estate,
    bring_into_force,
    bring_to,
    draft_letter,
    lay_blocker,
    letter_draft,
    on_day,
    photo,
    promise,
)
from tests.factories.trials import last_act, refused

ISSUED = date(2021, 9, 1)


def keep(estate: Estate, ordinal: int, on: date) -> None:
    one, cast = Obligation.objects.get(ordinal=ordinal), estate.cast
    with on_day(on):
        report_obligation(actor=cast.township.actor, obligation=one, on=on, text="已拆除", is_done=True)
        verify_obligation(
            actor=cast.department.actor, obligation=one, on=on, evidence="照片", passed=True, **photo(on, str(ordinal))
        )


def points(day: date) -> Any:
    return next(found[0] for _, found in exposure_of(list(letters_in_force()), [day]))


def count(on: date) -> ExposureRun:
    with on_day(on):
        return count_exposure(on)


def cap(estate: Estate, homes: int | None, **more: Any) -> Any:
    with on_day(TODAY):
        return set_exposure_cap(
            **{
                "actor": estate.cast.city.actor, "organisation": estate.cast.township.organisation, "homes": homes,
                "effective_on": TODAY, "reason": "市专班会议纪要", "first": FirstPerson.of(estate.cast.district.person), **more,
            }
        )  # fmt: skip


def next_letter(estate: Estate, on: date = TODAY) -> Instrument:
    """A second letter of the same township, for another blocker."""
    blocker = lay_blocker(estate, "L05")
    with on_day(on):
        return draft_letter(estate, blocker)


def sign(estate: Estate, letter: Instrument, on: date = TODAY) -> Instrument:
    with on_day(on):
        return sign_instrument(
            actor=estate.cast.township.actor, instrument=letter, number="×政函〔2022〕6号", signed_on=on
        )


@pytest.fixture
def five(story: Estate) -> Estate:
    """The story's letter with five promises, two of them past their day on TODAY."""
    dues = (date(2021, 12, 31), date(2022, 2, 28), DUE, DUE, date(2022, 9, 30))
    assert story.letter is not None
    with fixture_writes():
        first = Obligation.objects.get()
        backs = first.backs.get()
        for ordinal, due in enumerate(dues, start=1):
            first.pk = first.pk if ordinal == 1 else None
            first.ordinal, first.due_on, first.original_due_on = ordinal, due, due
            first.save()
            if ordinal > 1:
                backs.pk, backs.obligation = None, first
                backs.save()
    return story


def test_a_township_with_homes_issued_and_two_of_five_overdue(five: Estate) -> None:
    bring_to(five, five.homes[:4], "issued", ISSUED)
    run = count(TODAY)

    [signer] = standings_by_signer(five.cast.city.actor, run)
    assert (signer.name, signer.homes, signer.promises, signer.overdue) == (
        five.cast.township.organisation.short_name or five.cast.township.organisation.name, 4, 5, 2,
    )  # fmt: skip
    assert (signer.overdue_rate, signer.kept_rate) == ("40.00%", "0.00%")
    assert whole_standing(five.cast.district.actor, run).homes == 4
    assert last_act().event == "exposure.counted"


def test_exposure_ends_with_the_last_promise_that_backs_the_homes(five: Estate) -> None:
    bring_to(five, five.homes[:3], "issued", ISSUED)
    for ordinal in (1, 2, 3, 4):
        keep(five, ordinal, TODAY)
    assert (points(TODAY).homes, points(TODAY).promises, points(TODAY).overdue) == (3, 1, 0)
    assert (points(TODAY).kept_on_time, points(TODAY).kept_late) == (2, 2)
    keep(five, 5, TODAY)

    assert (points(TODAY).homes, points(TODAY).promises) == (0, 0)
    assert (points(TODAY - timedelta(days=1)).homes, points(TODAY - timedelta(days=1)).overdue) == (3, 2)


def test_homes_issued_before_the_letter_or_outside_its_clauses_do_not_count(five: Estate) -> None:
    bring_to(five, five.homes[:2], "issued", ISSUED)
    with fixture_writes():
        Instrument.objects.update(effective_on=ISSUED + timedelta(days=1))
    assert points(TODAY).homes == 0
    with fixture_writes():
        Instrument.objects.update(effective_on=SIGNED)
        clause = five.letter.clauses.get()  # type: ignore[union-attr]
        clause.scope_in = scope_of(uses={Use.RETAIL}).to_data()
        clause.save()
    assert points(TODAY).homes == 0


def test_an_agreed_extension_counts_from_the_day_it_was_agreed(five: Estate) -> None:
    with on_day(TODAY):
        extend_obligation(
            actor=five.cast.district.actor, obligation=Obligation.objects.get(ordinal=1), reason="汛期", on=TODAY,
            new_due_on=date(2022, 6, 30), first=FirstPerson.of(five.cast.township.person),
        )  # fmt: skip

    assert (points(TODAY - timedelta(days=1)).overdue, points(TODAY).overdue) == (2, 1)


def test_the_trend_has_twelve_month_ends_and_the_day(five: Estate) -> None:
    bring_to(five, five.homes[:4], "issued", ISSUED)
    trend = exposure_trend(five.cast.city.actor, count(TODAY))

    assert [day for day, _, _ in trend][:2] == [date(2021, 3, 31), date(2021, 4, 30)]
    assert [(str(day), homes, overdue) for day, homes, overdue in trend][5:] == [
        ("2021-08-31", 0, 0), ("2021-09-30", 4, 0), ("2021-10-31", 4, 0), ("2021-11-30", 4, 0), ("2021-12-31", 4, 0),
        ("2022-01-31", 4, 1), ("2022-02-28", 4, 1), (str(TODAY), 4, 2),
    ]  # fmt: skip


def test_a_stranger_sees_nothing_of_it(five: Estate) -> None:
    bring_to(five, five.homes[:4], "issued", ISSUED)
    run = count(TODAY)

    assert standings_by_signer(five.cast.strange_district.actor, run) == []
    assert whole_standing(five.cast.strange_township.actor, run).promises == 0
    assert [one.name for one in standings_by_developer(five.cast.city.actor, run)] == ["未登记"]


def test_queries_do_not_grow_with_the_letters(five: Estate) -> None:
    bring_to(five, five.homes[:2], "issued", ISSUED)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            list(exposure_of(list(letters_in_force()), [TODAY]))
        return len(caught)

    one = queries()
    for n, code in enumerate(("L05", "F04"), start=1):
        blocker = lay_blocker(five, code)
        with on_day(TODAY):
            letter = draft_letter(
                five, blocker, letter=letter_draft(five.cast, promise(five.cast, due_on=date(2022, 12, 31)))
            )
        bring_into_force(five, letter, TODAY, f"×政函〔2022〕{n}号")
    assert (letters_in_force().count(), queries()) == (3, one)


def test_at_the_cap_a_new_letter_waits_for_a_named_leader(five: Estate) -> None:
    bring_to(five, five.homes[:4], "issued", ISSUED)
    letter = next_letter(five)
    cap(five, 5)
    with on_day(TODAY):
        assert exposure_now(five.cast.township.organisation.pk, TODAY) == 4
    cap(five, 4)
    with refused("已发证4套，已达上限4套.*申请特别批准", code="credit"):
        sign(five, letter)

    words: dict[str, Any] = {
        "actor": five.cast.city.actor, "instrument": letter, "kind": WaiverKind.CAP, "leader": "王副市长",
        "reason": "汛期前须安置", "first": FirstPerson.of(five.cast.district.person),
    }  # fmt: skip
    with on_day(TODAY):
        with refused("未填写同意的市级领导", field="leader"):
            grant_waiver(**{**words, "leader": " "})
        with refused("须由两人办理", code="second_person"):
            grant_waiver(**{**words, "first": FirstPerson.of(five.cast.city.person)})
        with refused("不受“企业有违约或逾期未兑现”限制，无需特别批准", code="nothing_to_waive"):
            grant_waiver(**{**words, "kind": WaiverKind.BREACH})
        grant_waiver(**words)
    assert sign(five, letter).state == "signed"


def test_a_lifted_cap_holds_nobody(five: Estate) -> None:
    bring_to(five, five.homes[:4], "issued", ISSUED)
    letter = next_letter(five)
    cap(five, 1)
    cap(five, None)

    assert sign(five, letter).state == "signed"


def test_a_cap_needs_another_person_a_reason_and_a_day_to_come(estate: Estate) -> None:
    with refused("须由两人办理", code="second_person"):
        cap(estate, 5, first=FirstPerson.of(estate.cast.city.person))
    with refused("未填写原因", field="reason"):
        cap(estate, 5, reason="")
    with refused("不能从过去的日期2022-01-01起。请填写今日或以后的日期", field="effective_on"):
        cap(estate, 5, effective_on=date(2022, 1, 1))
    with refused("上限至少1套", field="homes"):
        cap(estate, 0)


def test_a_developer_in_breach_needs_extra_approval_for_a_new_letter(promised: Estate) -> None:
    later = DUE + timedelta(days=3)
    letter = next_letter(promised, later)
    with fixture_writes():
        Project.objects.filter(pk=promised.project.pk).update(developer=Developer.objects.create(name="演示开发公司"))
    with on_day(later):
        declare_breach(actor=promised.cast.district.actor, instrument=promised.letter, on=later, reason="催办无果")  # type: ignore[arg-type]
    with refused("同一企业的×政函〔2021〕18号违约或逾期未兑现", code="credit"):
        sign(promised, letter, later)
    with on_day(later):
        grant_waiver(
            actor=promised.cast.city.actor, instrument=letter, kind=WaiverKind.BREACH, leader="王副市长",
            reason="换人施工", first=FirstPerson.of(promised.cast.township.person),
        )  # fmt: skip

    assert sign(promised, letter, later).state == "signed"


def test_pages_show_exposure_and_propose_caps_and_waivers(five: Estate) -> None:
    cast = five.cast
    assert "尚未计算" in page(cast.city, "exposure")
    bring_to(five, five.homes[:4], "issued", ISSUED)
    count_exposure(NOW)
    run = last_exposure()
    assert run is not None
    assert ExposurePoint.objects.filter(run=run).count() == 13
    shown = page(cast.city, "exposure")
    assert ">4<small>套</small>" in shown
    assert "未完成 5 项的 100.00%" in shown, "by now all five are overdue"
    post(cast.district, "cap", cast.township.organisation.pk, homes=2, effective_on=str(NOW), reason="会议纪要")
    agree(cast.city)
    letter = next_letter(five)
    assert "申请特别批准" in page(cast.township, "instrument", letter.code)
    post(cast.township, "waive", letter.code, "cap", leader="王副市长", reason="汛期前须安置")
    assert Approval.objects.get(status="waiting").kind == "credit.waiver"
    assert not CreditWaiver.objects.exists()
    agree(cast.city)

    waiver = CreditWaiver.objects.get()
    assert (waiver.kind, waiver.leader, waiver.approved_by) == ("cap", "王副市长", cast.city.person)
    assert "未找到" in post(cast.strange_district, "cap", cast.township.organisation.pk, homes=2)
