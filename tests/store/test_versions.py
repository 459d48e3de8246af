"""Versions of forms: marks of values, and what a service writes when somebody was faster."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.authority import Role
from registry.store.versions import UNSEEN, Clash, Overtaken, Seen, mark_of, pack, unpack

VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.dates(), st.text(max_size=20), st.lists(st.integers()))
FIELDS = ("plan", "leader", "officer")
THREE = st.fixed_dictionaries({name: st.sampled_from(["", "甲", "乙", "丙"]) for name in FIELDS})


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (None, ""),
        (False, ""),
        ("一\n二", "一\r\n二 "),
        (date(2022, 3, 8), "2022-03-08"),
        (Role.CITY, "city"),
        (30, "30"),
        ([2, 1], ("1", "2")),
        ({"a": [1]}, {"a": ["1"]}),
    ],
)
def test_what_a_form_shows_alike_has_one_mark(stored: object, shown: object) -> None:
    assert mark_of(stored) == mark_of(shown)


@pytest.mark.parametrize(("value", "other"), [("甲", "乙"), (None, "0"), (True, ""), ([1], []), (["12"], ["1", "2"])])
def test_what_differs_has_another_mark(value: object, other: object) -> None:
    assert mark_of(value) != mark_of(other)


@given(st.dictionaries(st.from_regex(r"\A[a-z_]{1,9}\Z"), VALUES, max_size=4))
def test_marks_travel_in_a_hidden_field(values: dict[str, object]) -> None:
    marks = {name: mark_of(value) for name, value in values.items()}

    assert unpack(pack(marks)) == marks


@pytest.mark.parametrize("text", ["", "plan", "plan=", "plan=zz", "=0123456789abcdef", "plan=0123456789abcdef0", "\0"])
def test_what_is_no_mark_is_passed_over(text: str) -> None:
    assert unpack(text) == {}


@given(opened=THREE, stored=THREE, wanted=THREE)
def test_of_two_people_each_keeps_what_only_they_changed(
    opened: dict[str, str], stored: dict[str, str], wanted: dict[str, str]
) -> None:
    """Against the rule said field by field: nobody's change is lost, and the same field asks."""
    marks = {name: mark_of(value) for name, value in opened.items()}
    seen = Seen(marks, frozenset(name for name in FIELDS if wanted[name] != opened[name]))
    both = [name for name in FIELDS if opened[name] != stored[name] != wanted[name] and opened[name] != wanted[name]]

    if both:
        with pytest.raises(Overtaken) as refusal:
            seen.merge(stored, wanted)
        clashes = {clash.name: clash for clash in refusal.value.clashes}
        assert clashes == {name: Clash(name, stored[name], wanted[name]) for name in both}
        return

    merged = seen.merge(stored, wanted)
    assert merged == {n: wanted[n] if wanted[n] != opened[n] else stored[n] for n in FIELDS}


def test_who_was_shown_nothing_writes_what_they_say() -> None:
    assert UNSEEN.merge({"plan": "甲"}, {"plan": "乙"}) == {"plan": "乙"}
