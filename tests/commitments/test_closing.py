"""Closing a letter: three persons, evidence, the blockers resolved unless another letter rests on them."""

from datetime import date
from typing import Any

import pytest

from commitments.models import Instrument
from commitments.selectors import reliefs
from commitments.services import (
    ClauseDraft,
    close_letter,
    report_obligation,
    request_closing,
    return_closing,
    verify_closing,
    verify_obligation,
)
from projects.gates.models import Blocker
from projects.gates.services import reopen_blocker
from registry.accounts.models import InboxItem
from registry.kernel.scope import scope_of
from registry.kernel.stages import Use
from tests.commitments.test_signing import figures
from tests.factories.projects import TODAY, Estate, bring_into_force, draft_letter, on_day, photo
from tests.factories.trials import last_act, refused


@pytest.fixture
def kept(story: Estate) -> Instrument:
    """The letter with its one promise verified."""
    assert story.letter is not None
    letter = Instrument.objects.get(pk=story.letter.pk)
    promise = letter.letter.obligations.get()
    with on_day(TODAY):
        report_obligation(actor=story.cast.township.actor, obligation=promise, on=TODAY, text="已拆除", is_done=True)
        verify_obligation(
            actor=story.cast.department.actor,
            obligation=promise,
            on=TODAY,
            evidence="照片",
            passed=True,
            **photo(TODAY),
        )
    return letter


def request(estate: Estate, letter: Instrument, **more: Any) -> Instrument:
    with on_day(TODAY, 11):
        return request_closing(
            **{"actor": estate.cast.township.actor, "instrument": letter, "note": "夹层已拆，照片3张", **more}
        )


def check(estate: Estate, letter: Instrument, **more: Any) -> Instrument:
    with on_day(TODAY, 14):
        return verify_closing(
            **{
                "actor": estate.cast.department.actor, "instrument": letter, "on": TODAY, "evidence": "现场照片",
                **more,
            }
        )  # fmt: skip


def close(estate: Estate, letter: Instrument, **more: Any) -> Instrument:
    with on_day(TODAY, 16):
        return close_letter(**{"actor": estate.cast.district.actor, "instrument": letter, "on": TODAY, **more})


def test_a_letter_is_asked_for_verified_and_closed_by_three(story: Estate, kept: Instrument) -> None:
    assert request(story, kept).state == "closing"
    assert InboxItem.objects.get(done_at__isnull=True).verb == "核验销号"
    assert check(story, kept).state == "verified"
    assert InboxItem.objects.get(done_at__isnull=True).verb == "销号"
    closed = close(story, kept)

    blocker = Blocker.objects.get()
    assert (closed.state, closed.ended_on, blocker.resolved_on, blocker.resolution) == (
        "closed", TODAY, TODAY, "×政函〔2021〕18号销号",
    )  # fmt: skip
    assert not InboxItem.objects.filter(done_at__isnull=True).exists()
    assert figures(story, date(2022, 3, 7)) == (12, 0, 12, 0)
    assert figures(story, TODAY) == (12, 3, 12, 0), "the shops are free; their steps are still to be made"
    act = last_act()
    assert (act.event, act.facts["blockers"], act.facts["within"][0][0]) == (
        "letter.closed", blocker.number, "blocker.resolved",
    )  # fmt: skip


def test_a_blocker_reopened_after_closing_is_no_longer_lifted(story: Estate, kept: Instrument) -> None:
    request(story, kept)
    check(story, kept)
    close(story, kept)
    later = date(2022, 5, 10)
    with on_day(later):
        reopen_blocker(
            actor=story.cast.district.actor, blocker=Blocker.objects.get(), reopened_on=later, reason="又加夹层"
        )

    assert figures(story, later)[0] == 12, "passed gates stay passed"
    with on_day(later):
        assert all(relief.ends == TODAY for relief in reliefs([story.project.id])[story.project.id])


def test_a_blocker_that_another_letter_rests_on_stays(story: Estate, kept: Instrument) -> None:
    assert story.blocker is not None
    shops = [ClauseDraft(story.blocker, scope_of(uses={Use.RETAIL}))]
    with on_day(TODAY):
        second = draft_letter(story, story.blocker, clauses=shops)
    bring_into_force(story, second, TODAY, "×政函〔2022〕5号")
    request(story, kept)
    check(story, kept)
    close(story, kept)

    assert (Blocker.objects.get().resolved_on, last_act().facts["blockers"]) == (None, "无")


def test_each_step_is_for_its_own_unit_and_person(story: Estate, kept: Instrument) -> None:
    cast = story.cast
    with refused("现在是“履行”"):
        check(story, kept)
    with refused("未填写销号说明", field="note"):
        request(story, kept, note=" ")
    request(story, kept)
    with refused("销号由.*核验", code="not_verifier"):
        check(story, kept, actor=cast.tax.actor)
    with refused("未填写核验依据", field="evidence"):
        check(story, kept, evidence="")
    with refused("核验日期须在申请日期2022-03-08和今日之间", field="on"):
        check(story, kept, on=date(2022, 3, 7))
    with refused("现在是“申请销号”"):
        close(story, kept)
    check(story, kept)
    with refused("销号日期须在核验日期2022-03-08和今日之间", field="on"):
        close(story, kept, on=date(2022, 3, 7))


def test_an_open_promise_keeps_the_letter_open(promised: Estate) -> None:
    assert promised.letter is not None
    with refused("第1项尚未核验，不能销号", code="not_verified"):
        request(promised, promised.letter)


def test_a_request_is_sent_back_with_its_reason(story: Estate, kept: Instrument) -> None:
    request(story, kept)
    with on_day(TODAY, 15):
        with refused("未填写退回原因", field="reason"):
            return_closing(actor=story.cast.department.actor, instrument=kept, reason="")
        back = return_closing(actor=story.cast.department.actor, instrument=kept, reason="缺东侧照片")

    assert (back.state, back.closing_requested_on) == ("performing", None)
    item = InboxItem.objects.get(done_at__isnull=True)
    assert (item.verb, item.organisation) == ("补正后再申请销号", story.cast.township.organisation)
