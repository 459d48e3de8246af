"""A draft is mended until it is signed: its words, its clauses, its promises, and nothing else."""

from datetime import date
from typing import Any

import pytest

from commitments.models import Instrument, Obligation
from commitments.services import (
    ClauseDraft,
    change_draft,
    drop_clause,
    drop_promise,
    put_clause,
    put_promise,
    sign_instrument,
)
from commitments.services.drafting import at_fault_of
from projects.gates.models import Blocker
from registry.kernel.scope import Scope, scope_of
from registry.kernel.stages import Use
from tests.factories.projects import FAULT, HOMES, SIGNED, Estate, draft_letter, lay_blocker, on_day, promise
from tests.factories.trials import refused


@pytest.fixture
def letter(estate: Estate) -> Instrument:
    blocker = lay_blocker(estate, at_fault=FAULT)
    with on_day(SIGNED):
        return draft_letter(estate, blocker)


@pytest.fixture
def fire(estate: Estate, letter: Instrument) -> Blocker:
    return lay_blocker(estate, "P04")


def words(estate: Estate, letter: Instrument, **more: Any) -> dict[str, Any]:
    return {"actor": estate.cast.township.actor, "instrument": letter, **more}


def clauses(letter: Instrument) -> list[tuple[int, str]]:
    return list(letter.clauses.order_by("ordinal").values_list("ordinal", "blocker__number"))


def promises(letter: Instrument) -> list[tuple[int, str, list[int]]]:
    rows = Obligation.objects.filter(letter__instrument=letter).order_by("ordinal")
    return [(row.ordinal, row.end_state, sorted(row.backs.values_list("clause__ordinal", flat=True))) for row in rows]


def test_words_of_a_draft_are_changed(estate: Estate, letter: Instrument) -> None:
    with on_day(SIGNED):
        change_draft(
            **words(
                estate, letter, words={"title": "关于底商的承诺", "fault": "底商加夹层", "undertaking_no": "企承1号"}
            )
        )
        change_draft(**words(estate, letter, words={"inspect_every": 15}))

    again = Instrument.objects.select_related("letter").get()
    assert (again.title, again.letter.fault, again.letter.undertaking_no) == ("关于底商的承诺", "底商加夹层", "企承1号")
    assert again.letter.inspect_every == 15
    with on_day(SIGNED):
        with refused("现场检查间隔须在1至365日之间", field="inspect_every"):
            change_draft(**words(estate, letter, words={"inspect_every": 0}))
        with refused("未填写标题", field="title"):
            change_draft(**words(estate, letter, words={"title": " "}))
        with refused("未填写问题和成因", field="fault"):
            change_draft(**words(estate, letter, words={"fault": ""}))


def test_a_clause_is_added_and_every_promise_backs_it(estate: Estate, letter: Instrument, fire: Blocker) -> None:
    with on_day(SIGNED):
        put_clause(**words(estate, letter, draft=ClauseDraft(fire, HOMES, ends=date(2022, 12, 31))))

    assert clauses(letter) == [(1, "P03-0001"), (2, fire.number)]
    assert promises(letter) == [(1, "拆除1间商铺夹层", [1, 2])]


def test_a_clause_said_anew_still_leaves_those_at_fault_out(estate: Estate, letter: Instrument) -> None:
    blocker = Blocker.objects.get()
    with on_day(SIGNED):
        put_clause(**words(estate, letter, ordinal=1, draft=ClauseDraft(blocker, scope_of(uses={Use.RETAIL}))))

    clause = letter.clauses.get()
    assert Scope.from_data(clause.scope_in) == scope_of(uses={Use.RETAIL})
    assert Scope.from_data(clause.scope_out) == at_fault_of(blocker)
    with on_day(SIGNED), refused("适用范围内没有符合条件的户", field="clauses"):
        put_clause(**words(estate, letter, ordinal=1, draft=ClauseDraft(blocker, FAULT)))


def test_a_clause_is_dropped_unless_it_is_the_last_or_a_promise_rests_on_it_alone(
    estate: Estate, letter: Instrument, fire: Blocker
) -> None:
    with on_day(SIGNED):
        with refused("至少保留一条"):
            drop_clause(**words(estate, letter, ordinal=1))
        put_clause(**words(estate, letter, draft=ClauseDraft(fire, HOMES)))
        put_promise(**words(estate, letter, draft=promise(estate.cast, end_state="补建消防", backs=(1,))))
        with refused("第2项承诺仅对应本条", code="promise_backs_nothing"):
            drop_clause(**words(estate, letter, ordinal=1))
        put_promise(**words(estate, letter, ordinal=2, draft=promise(estate.cast, end_state="补建消防", backs=(2,))))
        drop_clause(**words(estate, letter, ordinal=1))

    assert clauses(letter) == [(1, fire.number)]
    assert promises(letter) == [(1, "拆除1间商铺夹层", [1]), (2, "补建消防", [1])]


def test_promises_are_added_said_anew_and_dropped(estate: Estate, letter: Instrument) -> None:
    kept = Obligation.objects.get().pk
    with on_day(SIGNED):
        put_promise(**words(estate, letter, draft=promise(estate.cast, end_state="补建消防")))
        put_promise(**words(estate, letter, ordinal=1, draft=promise(estate.cast, end_state="拆除夹层2间")))
        assert Obligation.objects.get(ordinal=1).pk == kept, "scans that hang on it stay"
        drop_promise(**words(estate, letter, ordinal=1))
        with refused("至少要有一项承诺"):
            drop_promise(**words(estate, letter, ordinal=1))
        with refused("核验单位不得为承诺单位", field="obligations"):
            put_promise(**words(estate, letter, draft=promise(estate.cast, verifier=estate.cast.township.organisation)))
        with refused("未填写期限", field="obligations"):
            put_promise(**words(estate, letter, draft=promise(estate.cast, due_on=None)))

    assert promises(letter) == [(1, "补建消防", [1])]


def test_a_signed_letter_and_another_units_draft_are_left_alone(estate: Estate, letter: Instrument) -> None:
    with on_day(SIGNED):
        with refused("只能由.*的人修改自己的草稿", code="not_promisor"):
            change_draft(**words(estate, letter, actor=estate.cast.district.actor, words={"title": "别的"}))
        sign_instrument(**words(estate, letter, number="×政函〔2021〕18号", signed_on=SIGNED))
        with refused("现在是“已签署”"):
            drop_promise(**words(estate, letter, ordinal=1))
