"""F7, a conditional key: it shuts by itself the day after due + grace, and opens when the promise is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from commitments.models import Clause, Obligation
from commitments.preview import preview_of
from commitments.services import (
    ClauseDraft,
    decide_lapse_rule,
    extend_obligation,
    report_obligation,
    run_lapse_rules,
    verify_obligation,
)
from commitments.services.lapsing import DEFAULT_GRACE_DAYS
from projects.gates.models import Blocker, GateStep, Pause
from projects.gates.selectors.facts import facts_of
from projects.ledger.models import Unit
from registry.audit.models import Act
from registry.kernel.errors import DomainError
from registry.kernel.gates import Gate, compute_gates
from registry.kernel.scope import scope_of
from registry.kernel.stages import Part, Use
from registry.store.clock import SHANGHAI, database_now, shanghai_day, stated
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.factories.accounts import sign_in
from tests.factories.projects import (
    DUE,
    TODAY,
    Estate,
    bring_into_force,
    bring_to,
    draft_letter,
    lay_step,
    lay_strange_estate,
    on_day,
    photo,
)
from tests.factories.trials import last_act, refused

LAST_OPEN = DUE + timedelta(days=DEFAULT_GRACE_DAYS)
SHUT = LAST_OPEN + timedelta(days=1)
LATER = SHUT + timedelta(days=9)
HOMES = frozenset({Use.DWELLING})


@contextmanager
def at(day: date, hour: int, minute: int, second: int = 0) -> Iterator[date]:
    """The clock stands at a moment of Shanghai; the rules run for its day."""
    with stated(datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=SHANGHAI)):
        yield shanghai_day(database_now())


def passable(estate: Estate, on: date) -> int:
    """Homes that may pass planning verification on a day."""
    table = compute_gates(facts_of([estate.project.id])[estate.project.id], on=on)
    return table.count(f"passable:{Gate.PLANNING_VERIFICATION.value}", uses=HOMES)


def ready(estate: Estate, on: date) -> int:
    return compute_gates(facts_of([estate.project.id])[estate.project.id], on=on).count("ready", uses=HOMES)


def keep(estate: Estate, on: date) -> None:
    """The township reports, the department verifies."""
    promise = Obligation.objects.get()
    with on_day(on):
        report_obligation(actor=estate.cast.township.actor, obligation=promise, on=on, text="夹层已拆除", is_done=True)
        verify_obligation(
            actor=estate.cast.department.actor,
            obligation=promise,
            on=on,
            evidence="照片3张，现场",
            passed=True,
            **photo(on),
        )


def pausing(estate: Estate, grace: int = DEFAULT_GRACE_DAYS) -> None:
    with on_day(TODAY):
        decide_lapse_rule(
            actor=estate.cast.city.actor, district_code=estate.project.district_code, grace_days=grace, pauses=True,
            effective_on=TODAY, reason="区专班会议纪要", first=FirstPerson.of(estate.cast.system_admin.person),
        )  # fmt: skip


def test_at_one_second_before_midnight_the_key_still_opens(promised: Estate) -> None:
    with at(LAST_OPEN, 23, 59, 59) as day:
        assert run_lapse_rules(day).changed == 0
    lay_step(promised, Gate.PLANNING_VERIFICATION, LAST_OPEN, part=Part.DWELLING)

    assert passable(promised, LAST_OPEN) == 12


def test_at_midnight_the_key_is_shut_for_steps_not_yet_made(promised: Estate) -> None:
    with at(SHUT, 0, 0) as day:
        assert run_lapse_rules(day).changed == 1

    act = last_act()
    assert (act.event, act.actor_name, act.facts["on"]) == ("clause.lapsed", "系统（规则：承诺逾期）", SHUT.isoformat())
    assert (passable(promised, LAST_OPEN), passable(promised, SHUT)) == (12, 0)
    with pytest.raises(DomainError):
        lay_step(promised, Gate.PLANNING_VERIFICATION, SHUT, part=Part.DWELLING)


def test_a_lapsed_clause_is_told_as_lapsed_not_as_a_clause_that_never_was(promised: Estate) -> None:
    letter = Clause.objects.get().instrument
    before, after = preview_of(letter, on=LAST_OPEN), preview_of(letter, on=SHUT)

    assert (before.lapsed_count, before.others_count, before.fault_count) == (0, 2, 1)
    assert (after.lapsed_count, after.others_count, after.fault_count) == (12, 2, 1)
    with at(SHUT, 9, 0):
        page = sign_in(promised.cast.district).get(reverse("commitments:instrument", args=[letter.code]))
    text = page.content.decode()
    assert "条款已失效，未办的环节停止办理" in text
    assert "不在任何条款" not in text


def test_the_gate_shuts_on_its_day_even_if_the_rule_runs_late_or_not(promised: Estate) -> None:
    assert (passable(promised, LAST_OPEN), passable(promised, SHUT)) == (12, 0)
    with at(LATER, 3, 0) as day:
        assert (run_lapse_rules(day).changed, run_lapse_rules(day).changed) == (1, 0)

    assert Clause.objects.get().lapses_on == SHUT
    assert Act.objects.filter(event="clause.lapsed").count() == 1


def test_a_lapse_touches_nothing_made_accepted_or_issued(story: Estate) -> None:
    bring_to(story, story.homes[:3], "accepted", date(2022, 3, 1))
    bring_to(story, story.homes[3:5], "issued", date(2022, 3, 1))
    steps = list(GateStep.objects.order_by("pk").values())
    stages = dict(Unit.objects.values_list("pk", "certificate"))

    with at(SHUT, 0, 0) as day:
        run_lapse_rules(day)

    assert list(GateStep.objects.order_by("pk").values()) == steps
    assert dict(Unit.objects.values_list("pk", "certificate")) == stages
    assert (ready(story, SHUT), Pause.objects.count()) == (12, 0)


def test_with_the_setting_homes_not_yet_accepted_are_paused_and_the_others_run_on(story: Estate) -> None:
    pausing(story)
    bring_to(story, story.homes[:1], "accepted", date(2022, 3, 20))
    bring_to(story, story.homes[1:2], "collected", date(2022, 3, 20))
    with at(SHUT, 0, 0) as day:
        run_lapse_rules(day)

    pause = Pause.objects.get()
    assert (pause.starts, pause.ends, "区专班会议纪要" in pause.basis) == (SHUT, None, True)
    assert (ready(story, LAST_OPEN), ready(story, SHUT)) == (12, 0)
    assert Unit.objects.get(pk=story.homes[0]).certificate == "accepted"


def test_fulfilment_opens_again_at_once_and_the_past_stays_shut(promised: Estate) -> None:
    pausing(promised)
    with at(SHUT, 0, 0) as day:
        run_lapse_rules(day)
    keep(promised, LATER)

    days = (LAST_OPEN, SHUT, LATER - timedelta(days=1), LATER)
    assert [passable(promised, day) for day in days] == [12, 0, 0, 12]
    assert Pause.objects.get().ends == LATER
    assert Clause.objects.get().past_lapses == [[SHUT.isoformat(), LATER.isoformat()]]


def test_a_promise_kept_in_time_never_lapses(promised: Estate) -> None:
    keep(promised, DUE)
    with at(LATER, 0, 0) as day:
        assert run_lapse_rules(day).changed == 0

    assert (passable(promised, LATER), Clause.objects.get().lapses_on) == (12, None)


def test_an_extension_moves_the_day_on_which_it_lapses(promised: Estate) -> None:
    with on_day(DUE):
        extend_obligation(
            actor=promised.cast.district.actor, obligation=Obligation.objects.get(), new_due_on=LATER,
            reason="汛期停工", on=DUE, first=FirstPerson.of(promised.cast.district_second.person),
        )  # fmt: skip

    shut = LATER + timedelta(days=DEFAULT_GRACE_DAYS + 1)
    assert (passable(promised, shut - timedelta(days=1)), passable(promised, shut)) == (12, 0)


def test_a_setting_needs_another_person_a_reason_and_a_day_to_come(estate: Estate) -> None:
    words = {
        "actor": estate.cast.city.actor, "district_code": "110105", "grace_days": 5, "pauses": True,
        "effective_on": TODAY, "reason": "会议", "first": FirstPerson.of(estate.cast.system_admin.person),
    }  # fmt: skip
    with on_day(TODAY):
        with refused("须由两人办理", code="second_person"):
            decide_lapse_rule(**{**words, "first": FirstPerson.of(estate.cast.city.person)})
        with refused("未填写设置的原因", field="reason"):
            decide_lapse_rule(**{**words, "reason": " "})
        with refused("早于今日", field="effective_on"):
            decide_lapse_rule(**{**words, "effective_on": date(2022, 1, 1)})


def test_a_new_setting_moves_the_horizon_of_running_letters_at_once(promised: Estate) -> None:
    pausing(promised, grace=5)

    shut = DUE + timedelta(days=6)
    assert Clause.objects.get().lapses_on == shut
    assert (passable(promised, shut - timedelta(days=1)), passable(promised, shut)) == (12, 0)
    act = last_act()
    assert (act.event, act.actor_name, act.facts["on"]) == (
        "clause.projected",
        "系统（规则：承诺逾期）",
        shut.isoformat(),
    )


def test_a_setting_of_a_later_day_counts_from_that_day(promised: Estate) -> None:
    later = TODAY + timedelta(days=3)
    with on_day(TODAY):
        decide_lapse_rule(
            actor=promised.cast.city.actor, district_code=promised.project.district_code, grace_days=5, pauses=False,
            effective_on=later, reason="区专班会议纪要", first=FirstPerson.of(promised.cast.system_admin.person),
        )  # fmt: skip
    assert Clause.objects.get().lapses_on == SHUT
    with at(later, 0, 5) as day:
        assert run_lapse_rules(day).changed == 1
    assert Clause.objects.get().lapses_on == DUE + timedelta(days=6)


def test_a_letter_from_before_the_rule_is_given_its_horizon(promised: Estate) -> None:
    with fixture_writes():
        Clause.objects.update(lapses_on=None)
    with at(TODAY, 0, 5) as day:
        assert (run_lapse_rules(day).changed, run_lapse_rules(day).changed) == (1, 0)
    assert (Clause.objects.get().lapses_on, passable(promised, SHUT)) == (SHUT, 0)


def test_a_letter_that_can_not_be_settled_does_not_keep_the_others(promised: Estate) -> None:
    assert promised.blocker is not None
    assert promised.letter is not None
    pausing(promised)
    with on_day(TODAY):
        shops = [ClauseDraft(promised.blocker, scope_of(uses={Use.RETAIL}))]
        other = draft_letter(promised, promised.blocker, clauses=shops)
    bring_into_force(promised, other, TODAY, "×政函〔2022〕3号")
    with fixture_writes():
        elsewhere = Blocker.objects.get()
        elsewhere.pk, elsewhere.number, elsewhere.project = None, "P03-9999", lay_strange_estate(promised.cast).project
        elsewhere.save()
        Clause.objects.filter(instrument=promised.letter).update(scope_in={"not": "a scope"}, blocker=elsewhere)

    with at(SHUT, 0, 0) as day:
        turned = run_lapse_rules(day)
    assert (turned.changed, [code for code, _ in turned.failed]) == (1, [promised.letter.code])
    assert {clause.instrument_id: clause.lapse_act_id is None for clause in Clause.objects.all()} == {
        promised.letter.pk: True, other.pk: False,
    }  # fmt: skip


def test_what_the_key_does_is_authored_by_its_rule(promised: Estate) -> None:
    pausing(promised)
    with at(SHUT, 0, 0) as day:
        run_lapse_rules(day)
    keep(promised, LATER)

    turned = Act.objects.filter(event__startswith="clause.").order_by("chain", "seq")
    assert [act.event for act in turned] == ["clause.lapsed", "clause.returned"]
    assert {act.actor_name for act in turned} == {"系统（规则：承诺逾期）"}
