"""The head of the month's page: figures, and a sentence of which every word is held against the numbers."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.reports.changes import BY_UNIT, change_rows, stage_rows
from documents.reports.summary import IN_THE_WAY, Numbers, figures, numbers_of, rest_rows, sentence, waterfall_steps
from registry.kernel.bridge import Bridge, Stock, Term
from registry.kernel.gates.rest import Rest
from registry.kernel.periods import Month

MARCH = Month(2022, 3)


def rows(bridge: Bridge, rest: dict[str, int] | None = None, known: int = 0, since: str = "2022-01") -> dict[str, Any]:
    """The sheets of a month of one project."""
    gates = {name: (0, 0, (rest or {}).get(name, 0)) for name in ("cleared_assessed", "registered", *map(str, Rest))}
    entry = {"code": "A", "district_code": "1", "township_code": "2", "figures": {"unassessed": 0}, "gates": gates,
             "revisions": [{"month": "2022-01", "known": [known], "late": 0, "error": 0}]}  # fmt: skip
    return {
        "changes": change_rows(bridge), "stages": stage_rows([entry], bridge), "projects": [entry],
        "followed": [{"from": since}],
    }  # fmt: skip


def numbers(bridge: Bridge, task: int = 0, **more: Any) -> Numbers:
    return numbers_of(rows(bridge, **more), month=MARCH, workdays=20, task=task)


def bridge(*changes: tuple[Term, Stock]) -> Bridge:
    made = Bridge()
    for term, stock in changes:
        made.add(term, stock)
    return made


OPENING = (Term.OPENING, Stock(2, 1000, 10, issued=300))
ISSUED = (Term.ISSUED, Stock(issued=40))
FOUND = (Term.TAKEN_IN, Stock(involved=100))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((OPENING, ISSUED), "本月发证40套，剩余减40套。"),
        ((OPENING, ISSUED, (Term.TAKEN_IN, Stock(involved=30))), "本月发证40套，其他变动又增加30套，剩余只减10套。"),
        ((OPENING, ISSUED, FOUND), "本月发证40套，其他变动使剩余增加100套，剩余反增60套。"),
        ((OPENING, ISSUED, (Term.EXCLUDED, Stock(excluded=5))), "本月发证40套，其他变动再减5套，剩余减45套。"),
        ((OPENING, ISSUED, (Term.ERROR, Stock(issued=-40))), "本月发证40套，剩余与上月相同。"),
        ((OPENING,), "本月没有发证，剩余与上月相同。"),
    ],
)
def test_what_the_month_did_to_what_is_left(changes: Any, said: str) -> None:
    assert sentence(numbers(bridge(*changes))).rest == said


def test_the_verdict_names_the_pace_and_the_largest_class_by_its_predicate() -> None:
    told = numbers(
        bridge(OPENING, ISSUED), task=400, known=60, rest={Rest.UNCLEARED.value: 400, Rest.DOABLE.value: 250}
    )

    assert sentence(told).verdict == "慢于序时进度10.00个百分点，剩余650套，最多的是楼栋环节未打通，400套。"
    assert sentence(told).tone == "warn"
    assert [row["label"] for row in figures(told, {})] == [
        "应办", "已打通", "已首登", "已发证", "本月发证", "年度任务完成率", "剩余",
    ]  # fmt: skip
    assert figures(told, {})[5]["value"] == "15.00%"
    assert figures(told, {})[5]["notes"] == ["60 / 400套", "序时 25.00%，慢10.00个百分点"]


def test_without_a_task_the_year_is_told_and_no_pace() -> None:
    told = numbers(bridge(OPENING, ISSUED), known=60, since="2022-02")

    assert figures(told, {})[5]["label"] == "本年发证"
    assert figures(told, {})[5]["notes"] == ["自2月起计", "未定年度任务"]
    assert "序时" not in sentence(told).verdict


def test_nothing_left_is_said_so() -> None:
    told = numbers(bridge((Term.OPENING, Stock(1, 40)), ISSUED))

    assert sentence(told).verdict == "已全部办结，没有剩余。"
    assert sentence(told).tone == "good"


def test_issued_homes_name_the_corrections_in_their_change() -> None:
    told = numbers(bridge(OPENING, ISSUED, (Term.LATE, Stock(issued=7)), (Term.ERROR, Stock(issued=-2))))

    assert figures(told, {"issued": "/x/"})[3] == {
        "label": "已发证", "value": "345", "url": "/x/",
        "notes": ["34.85% 对应办", "较上月 +45（其中更正 +5）"],
    }  # fmt: skip
    assert figures(told, {})[4]["notes"] == ["20个工作日，日均2套"]


stocks = st.builds(Stock, st.just(0), *(st.integers(-50, 200) for _ in range(2)), *(st.just(0) for _ in range(4)),
                   st.integers(0, 200))  # fmt: skip


MOVING = [term for name, _, terms in BY_UNIT if name not in ("opening", "closing") for term in terms]


@given(
    st.dictionaries(st.sampled_from(MOVING), stocks),
    st.dictionaries(st.sampled_from([rest.value for rest in Rest]), st.integers(0, 400)),
    st.sampled_from([0, 100, 1000]),
    st.integers(0, 900),
)
def test_no_word_of_the_sentence_contradicts_a_number_of_the_page(
    changes: dict[Term, Stock], rest: dict[str, int], task: int, known: int
) -> None:
    made = rows(bridge(OPENING, *changes.items()), rest=rest, known=known)
    told = numbers_of(made, month=MARCH, workdays=20, task=task)
    said = sentence(told)

    printed = {row["code"]: row for row in made["changes"]}
    net = printed["closing"]["remaining"] - printed["opening"]["remaining"]
    if match := re.search(r"剩余(只减|减|反增)([\d,]+)套", said.rest):
        assert (1 if match[1] == "反增" else -1) * int(match[2].replace(",", "")) == net
    else:
        assert net == 0
    if match := re.search(r"本月发证(−?[\d,]+)套", said.rest):
        assert int(match[1].replace(",", "").replace("−", "-")) == printed["issued"]["issued"]
    if match := re.search(r"最多的是(.+?)，([\d,]+)套", said.verdict):
        classes = {row["label"]: row["homes"] for row in rest_rows(told)}
        assert int(match[2].replace(",", "")) == max(classes.values())
        assert match[1] in [IN_THE_WAY[kind] for kind in Rest if classes[kind.label] == max(classes.values())]
    if "序时" in said.verdict:
        behind = "慢于" in said.verdict
        assert behind == (told.task.done * 12 < task * MARCH.number)
    assert sum(change for _, change, _ in waterfall_steps(made)) == net


def test_an_area_where_nothing_is_has_noughts() -> None:
    """A district without a project opens its month: no figure is missing, none is made up."""
    empty = numbers_of(
        {**rows(Bridge()), "stages": stage_rows([], Bridge()), "projects": []}, month=MARCH, workdays=20, task=0
    )

    assert (empty.of("carried").closing, empty.foremost, set(empty.rest.values())) == (0, None, {0})
    assert "剩余" in sentence(empty).verdict + sentence(empty).rest
