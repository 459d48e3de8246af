"""Superseding, breach and cure: what is not yet made stops, what is made stays, and the past is what it was."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from commitments.models import Clause, Instrument, Obligation
from commitments.services import (
    ClauseDraft,
    approve_instrument,
    cure_breach,
    declare_breach,
    extend_obligation,
    report_obligation,
    revoke_instrument,
    sign_instrument,
    verify_obligation,
)
from projects.gates.models import Pause
from projects.gates.selectors.facts import facts_of
from projects.progress.services import place_units
from registry.audit.models import Act
from registry.kernel.gates import Gate, compute_gates
from registry.kernel.scope import scope_of
from registry.kernel.stages import Feature, Use
from registry.store.second import FirstPerson
from tests.commitments.test_lapsing import SHUT, at, passable, pausing, run_lapse_rules
from tests.factories.projects import (
    DUE,
    FAULT,
    HOMES,
    SIGNED,
    TODAY,
    Estate,
    bring_into_force,
    draft_letter,
    home,
    lay_blocker,
    letter_draft,
    on_day,
    photo,
    promise,
)
from tests.factories.trials import last_act, refused

BREACH = DUE + timedelta(days=10)
CURED = BREACH + timedelta(days=20)
NEW = date(2022, 3, 20)


def letter_of(estate: Estate) -> Instrument:
    assert estate.letter is not None
    return Instrument.objects.get(pk=estate.letter.pk)


def breach(estate: Estate, on: date = BREACH, **more: Any) -> Instrument:
    with on_day(on):
        return declare_breach(
            **{"actor": estate.cast.district.actor, "instrument": letter_of(estate), "on": on, "reason": "三次催办无果",
               **more}
        )  # fmt: skip


def keep(estate: Estate, on: date) -> None:
    promise_kept = Obligation.objects.get()
    with on_day(on):
        report_obligation(actor=estate.cast.township.actor, obligation=promise_kept, on=on, text="已拆除", is_done=True)
        verify_obligation(
            actor=estate.cast.department.actor,
            obligation=promise_kept,
            on=on,
            evidence="照片3张，现场",
            passed=True,
            **photo(on),
        )


def test_a_breach_shuts_from_its_day_by_the_rule_and_a_cure_opens(promised: Estate) -> None:
    assert breach(promised).state == "breached"
    shut = Act.objects.latest("id")
    assert (shut.event, shut.actor_name, shut.facts["on"]) == (
        "clause.lapsed", "系统（规则：承诺逾期）", BREACH.isoformat(),
    )  # fmt: skip
    keep(promised, CURED)
    assert letter_of(promised).state == "breached", "a breach ends by an act of the task force"
    with on_day(CURED):
        cured = cure_breach(actor=promised.cast.district.actor, instrument=letter_of(promised), reason="已整改到位")

    assert (cured.state, cured.breached_on) == ("performing", None)
    days = (BREACH - timedelta(days=1), BREACH, CURED - timedelta(days=1), CURED, CURED + timedelta(days=300))
    assert [passable(promised, day) for day in days] == [12, 0, 0, 12, 12]


def test_a_breach_needs_a_late_promise_a_reason_today_and_another_unit(promised: Estate) -> None:
    with refused("没有逾期的承诺事项", code="nothing_overdue"):
        breach(promised, DUE)
    with refused("未填写认定违约的依据", field="reason"):
        breach(promised, reason=" ")
    with refused("不得填写以前或以后的日期", field="on"), on_day(BREACH):
        declare_breach(actor=promised.cast.district.actor, instrument=letter_of(promised), on=DUE, reason="无果")


def test_a_breach_is_not_cured_while_a_promise_is_overdue(promised: Estate) -> None:
    breach(promised)
    with on_day(CURED), refused("第1项仍逾期", code="still_overdue"):
        cure_breach(actor=promised.cast.district.actor, instrument=letter_of(promised), reason="已整改")
    with on_day(CURED):
        extend_obligation(
            actor=promised.cast.district.actor, obligation=Obligation.objects.get(), new_due_on=date(2022, 9, 30),
            reason="汛期", on=CURED, first=FirstPerson.of(promised.cast.township.person),
        )  # fmt: skip
        cure_breach(actor=promised.cast.district.actor, instrument=letter_of(promised), reason="区政府同意延期")

    assert (passable(promised, CURED), letter_of(promised).state) == (12, "performing")
    assert Clause.objects.get().lapses_on == date(2022, 10, 31)


def successor(estate: Estate, **more: Any) -> Instrument:
    assert estate.blocker is not None
    with on_day(NEW):
        return draft_letter(
            estate, estate.blocker, supersedes=letter_of(estate),
            letter=letter_draft(estate.cast, promise(estate.cast, due_on=date(2022, 12, 31))), **more,
        )  # fmt: skip


def test_a_successor_answers_from_its_day_and_the_old_one_ends(promised: Estate) -> None:
    bring_into_force(promised, successor(promised), NEW, "×政函〔2022〕7号")

    old = letter_of(promised)
    assert (old.state, old.ended_on, old.end_reason) == ("superseded", NEW, "由×政函〔2022〕7号替代")
    days = (SIGNED, NEW - timedelta(days=1), NEW, SHUT, date(2023, 1, 30), date(2023, 1, 31))
    assert [passable(promised, day) for day in days] == [12, 12, 12, 12, 12, 0]
    assert {entry[0] for entry in last_act().facts["within"]} == {"instrument.superseded"}


def test_a_successor_ends_the_pause_that_the_old_lapse_brought(promised: Estate) -> None:
    pausing(promised)
    with at(SHUT, 0, 0) as day:
        run_lapse_rules(day)
    later = SHUT + timedelta(days=3)
    assert promised.blocker is not None
    with on_day(later):
        draft = draft_letter(
            promised, promised.blocker, supersedes=letter_of(promised),
            letter=letter_draft(promised.cast, promise(promised.cast, due_on=date(2022, 12, 31))),
        )  # fmt: skip
    bring_into_force(promised, draft, later, "×政函〔2022〕9号")

    assert (Pause.objects.get().ends, passable(promised, later - timedelta(days=1)), passable(promised, later)) == (
        later, 0, 12,
    )  # fmt: skip


def test_a_pause_of_a_lapsed_letter_outlives_its_revocation(promised: Estate) -> None:
    pausing(promised)
    with at(SHUT, 0, 0) as day:
        run_lapse_rules(day)
    with on_day(SHUT):
        revoke_instrument(
            actor=promised.cast.district.actor, instrument=letter_of(promised), on=SHUT, reason="不再履行",
            first=FirstPerson.of(promised.cast.district_second.person),
        )  # fmt: skip

    assert (Pause.objects.get().ends, passable(promised, SHUT)) == (None, 0)


def test_two_letters_for_the_same_homes_contradict(promised: Estate) -> None:
    assert promised.blocker is not None
    with on_day(NEW), refused("的12户已由.*承诺", code="contradiction", field="clauses"):
        draft_letter(promised, promised.blocker)


def test_letters_for_other_homes_or_another_blocker_stand_side_by_side(promised: Estate) -> None:
    assert promised.blocker is not None
    fire = lay_blocker(promised, "P04")
    with on_day(NEW):
        shops = [replace_scope(promised, scope_of(uses={Use.RETAIL}))]
        assert draft_letter(promised, promised.blocker, clauses=shops).state == "draft"
        assert draft_letter(promised, fire).state == "draft"


def test_a_letter_may_begin_on_the_day_on_which_another_ends_and_not_before(estate: Estate) -> None:
    """Days of a clause are half-open: the day of its end is the other's."""
    blocker = lay_blocker(estate)
    with on_day(SIGNED):
        until = draft_letter(estate, blocker, clauses=[ClauseDraft(blocker, HOMES, ends=NEW)])
    bring_into_force(estate, until)

    with on_day(TODAY), refused("的12户已由", code="contradiction", field="clauses"):
        draft_letter(estate, blocker, clauses=[ClauseDraft(blocker, HOMES, starts=NEW - timedelta(days=1))])
    with on_day(TODAY):
        assert draft_letter(estate, blocker, clauses=[ClauseDraft(blocker, HOMES, starts=NEW)]).state == "draft"


def replace_scope(estate: Estate, scope: Any) -> Any:
    assert estate.blocker is not None
    return replace(ClauseDraft(estate.blocker, HOMES), scope_in=scope)


def test_drafts_may_overlap_but_the_second_is_not_signed(estate: Estate) -> None:
    blocker = lay_blocker(estate)
    with on_day(SIGNED):
        first, second = draft_letter(estate, blocker), draft_letter(estate, blocker)
    bring_into_force(estate, first)

    with on_day(TODAY), refused("的12户已由", code="contradiction", field="clauses"):
        sign_instrument(actor=estate.cast.township.actor, instrument=second, number="×政函〔2022〕1号", signed_on=TODAY)


def test_a_signed_letter_that_meets_another_by_now_is_not_approved(estate: Estate) -> None:
    """Signed when it answered for one shop alone; then a home with a mezzanine comes in, for which another answers."""
    blocker, cast = lay_blocker(estate), estate.cast
    with on_day(SIGNED):
        homes = draft_letter(estate, blocker)
        mezzanines = draft_letter(estate, blocker, clauses=[ClauseDraft(blocker, FAULT)])
    bring_into_force(estate, homes)
    with on_day(NEW):
        sign_instrument(actor=cast.township.actor, instrument=mezzanines, number="×政函〔2022〕3号", signed_on=NEW)
        place_units(
            actor=cast.district.actor, project=estate.project, placed_on=NEW, source="补录",
            rows=[home("2", "1", 5, 30, features=Feature.MEZZANINE)],
        )  # fmt: skip

    with on_day(NEW, 16), refused("的1户已由", code="contradiction", field="clauses"):
        approve_instrument(actor=cast.district.actor, instrument=mezzanines, effective_on=NEW)


def test_a_successor_of_a_letter_not_in_force_is_refused(promised: Estate) -> None:
    draft = successor(promised)
    with on_day(NEW):
        revoke_instrument(
            actor=promised.cast.district.actor, instrument=letter_of(promised), on=NEW, reason="不再履行",
            first=FirstPerson.of(promised.cast.district_second.person),
        )  # fmt: skip
        sign_instrument(actor=promised.cast.township.actor, instrument=draft, number="×政函〔2022〕7号", signed_on=NEW)
    with on_day(NEW, 16), refused("现在是“已撤销”"):
        approve_instrument(actor=promised.cast.district.actor, instrument=draft, effective_on=NEW)
    with on_day(NEW), refused("已经不在履行", field="supersedes"):
        draft_letter(promised, promised.blocker, supersedes=letter_of(promised))  # type: ignore[arg-type]


def test_gates_of_a_past_day_stay_what_they_were(promised: Estate) -> None:
    breach(promised)
    table = compute_gates(facts_of([promised.project.id])[promised.project.id], on=BREACH - timedelta(days=1))
    assert table.count(f"passable:{Gate.PLANNING_VERIFICATION.value}", uses=frozenset({Use.DWELLING})) == 12
