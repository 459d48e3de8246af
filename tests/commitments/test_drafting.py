"""Drafting an instrument: what it says is kept, what may not be promised is refused in words."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from commitments.models import Clause, Instrument, InstrumentKind, Letter, Obligation, ObligationClause
from commitments.services import ClauseDraft
from commitments.services.drafting import may_lift
from projects.gates.models import BlockerType
from projects.gates.selectors.spans import dwelling_figure, readiness_counts
from projects.gates.services import resolve_blocker
from registry.kernel.scope import EVERYTHING, NOTHING, Scope, scope_of
from registry.kernel.stages import Use
from tests.factories.projects import (
    DUE,
    FAULT,
    HOMES,
    SIGNED,
    Estate,
    draft_letter,
    lay_blocker,
    lay_strange_estate,
    letter_draft,
    on_day,
    promise,
)
from tests.factories.trials import last_act, refused

NOWHERE = scope_of(uses={Use.PARKING})


def draft(estate: Estate, blocker: Any, **more: Any) -> Instrument:
    with on_day(SIGNED):
        return draft_letter(estate, blocker, **more)


def test_a_draft_keeps_clauses_and_promises_and_lifts_nothing(estate: Estate) -> None:
    blocker = lay_blocker(estate, at_fault=FAULT)

    instrument = draft(estate, blocker, letter=letter_draft(estate.cast, promise(estate.cast), promise(estate.cast)))

    clause = Clause.objects.get()
    assert (instrument.state, instrument.kind, instrument.title) == ("draft", "letter", "关于演示小区的政府承诺函")
    assert (clause.ordinal, clause.blocker_id, Scope.from_data(clause.scope_in)) == (1, blocker.id, HOMES)
    assert Scope.from_data(clause.scope_out) == FAULT, "the system leaves those at fault out of every clause"
    assert Letter.objects.get().recipient_id == estate.cast.district.organisation.pk
    promises = list(Obligation.objects.order_by("ordinal").values_list("ordinal", "due_on", "original_due_on", "state"))
    assert promises == [(1, DUE, DUE, "pending"), (2, DUE, DUE, "pending")]
    assert ObligationClause.objects.filter(clause=clause).count() == 2
    counter = readiness_counts([estate.project.id], on=SIGNED)[estate.project.id]
    assert dwelling_figure(counter, "cleared") == 0
    act = last_act()
    assert (act.event, act.subject_key, act.facts) == (
        "instrument.drafted",
        instrument.pk,
        {"kind": "政府承诺函", "title": "关于演示小区的政府承诺函"},
    )


def test_codes_of_instruments_are_their_keys(estate: Estate) -> None:
    blocker = lay_blocker(estate)
    made = [draft(estate, blocker) for _ in range(3)]

    assert [instrument.code for instrument in made] == [f"C-{instrument.pk:05d}" for instrument in made]
    assert len({instrument.pk for instrument in made}) == 3


@pytest.mark.parametrize("code", ["L01", "F01", "J02", "E03", "A06", "U06"])
def test_a_letter_on_a_blocker_that_no_letter_may_lift_is_refused(estate: Estate, code: str) -> None:
    blocker = lay_blocker(estate, code)

    with refused(f"{blocker.number}.*不能凭政府承诺函解除.*化解路径", code="not_liftable", field="clauses"):
        draft(estate, blocker)


def test_each_lift_kind_is_lifted_by_its_own_instruments(estate: Estate) -> None:
    lifts = {
        code: sorted(str(kind) for kind in InstrumentKind if may_lift(kind, BlockerType.objects.get(code=code)))
        for code in ("P03", "A03", "F01", "F02", "J01", "E01", "L06", "U06")
    }

    assert lifts == {
        "P03": ["letter"],
        "A03": ["letter"],
        "F01": ["fee_decoupled", "government_reply"],
        "F02": ["government_reply", "tax_decoupled"],
        "J01": ["applicant"],
        "E01": ["court", "creditor_consent"],
        "L06": [],
        "U06": [],
    }


def test_a_conditional_type_needs_its_condition(estate: Estate) -> None:
    blocker = lay_blocker(estate, "A03")

    with refused("只能附条件承诺：消防评估合格.*写明条件", code="condition_missing", field="clauses"):
        draft(estate, blocker)

    instrument = draft(estate, blocker, clauses=[ClauseDraft(blocker, HOMES, condition_met="消防评估报告2021-06-01")])
    assert instrument.clauses.get().condition_met == "消防评估报告2021-06-01"


def test_a_draft_without_clauses_is_refused(estate: Estate) -> None:
    blocker = lay_blocker(estate)

    with refused("未填写条款。请至少填写一条", field="clauses"):
        draft(estate, blocker, clauses=[])


@pytest.mark.parametrize(
    "scopes",
    [(NOWHERE, NOTHING), (HOMES, EVERYTHING), (FAULT, NOTHING)],
    ids=["no unit of that use", "all taken out", "only those at fault"],
)
def test_a_clause_that_catches_nothing_is_refused(estate: Estate, scopes: tuple[Scope, Scope]) -> None:
    blocker = lay_blocker(estate, at_fault=FAULT)

    with refused("第1条适用范围内没有符合条件的户（过错户由系统排除）。请检查适用范围。", field="clauses"):
        draft(estate, blocker, clauses=[ClauseDraft(blocker, *scopes)])


def test_a_clause_on_a_blocker_of_another_project_is_refused(estate: Estate) -> None:
    other = lay_strange_estate(estate.cast)
    foreign = lay_blocker(replace(other, cast=replace(estate.cast, district=estate.cast.strange_district)))

    with refused("第1条的堵点不是本项目的", field="clauses"):
        draft(estate, foreign)


def test_a_clause_on_a_resolved_blocker_is_refused(estate: Estate) -> None:
    blocker = lay_blocker(estate)
    with on_day(date(2021, 1, 5)):
        solved = resolve_blocker(
            actor=estate.cast.district.actor, blocker=blocker, resolved_on=date(2021, 1, 4), resolution="已拆除"
        )

    with refused(f"第1条的堵点{blocker.number}已解决或撤销", field="clauses"):
        draft(estate, solved)


def test_a_clause_that_ends_before_it_starts_is_refused(estate: Estate) -> None:
    blocker = lay_blocker(estate)
    clause = ClauseDraft(blocker, HOMES, starts=date(2021, 7, 1), ends=date(2021, 7, 1))

    with refused("第1条的终止日期必须晚于起始日期", field="clauses"):
        draft(estate, blocker, clauses=[clause])


def test_a_letter_without_promises_is_refused(estate: Estate) -> None:
    blocker = lay_blocker(estate)

    for letter in (None, replace(letter_draft(estate.cast), obligations=())):
        with refused("未填写承诺事项。请至少填写一项，写明内容、期限", field="obligations"):
            draft(estate, blocker, letter=letter)


@pytest.mark.parametrize(
    ("missing", "label"),
    [
        ({"end_state": " "}, "任务内容"),
        ({"due_on": None}, "期限"),
        ({"proof": ""}, "凭证"),
        ({"verifier": None}, "核验单位"),
    ],
)
def test_an_incomplete_promise_is_refused(estate: Estate, missing: dict[str, Any], label: str) -> None:
    blocker = lay_blocker(estate)
    letter = letter_draft(estate.cast, promise(estate.cast), promise(estate.cast, **missing))

    with refused(f"第2项承诺未填写{label}。", field="obligations"):
        draft(estate, blocker, letter=letter)


def test_a_promise_verified_by_its_promisor_is_refused(estate: Estate) -> None:
    blocker = lay_blocker(estate)
    letter = letter_draft(estate.cast, promise(estate.cast, verifier=estate.cast.township.organisation))

    with refused("第1项承诺的核验单位不得为承诺单位", field="obligations"):
        draft(estate, blocker, letter=letter)
