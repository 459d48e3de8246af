"""Chains of holders: exactly one at every moment, each move from the holder by a step of the table, days in order."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.custody import (
    STEPS,
    Count,
    CustodyRefused,
    Handing,
    Holder,
    ItemKind,
    Party,
    chain_faults,
    first_holder,
    holder_now,
    require_next,
)

DAY = date(2022, 3, 1)
OWNER, MADE = Holder(Party.OWNER), Holder(Party.MADE)
OFFICE, OTHER, TAX, CENTRE = (
    Holder(Party.OFFICE, 1), Holder(Party.OFFICE, 2), Holder(Party.TAX, 3), Holder(Party.CENTRE, 4),
)  # fmt: skip
HOLDERS = (OWNER, MADE, OFFICE, OTHER, TAX, CENTRE)
kinds = st.sampled_from(ItemKind)


def holder_on(kind: ItemKind, chain: list[Handing], on: date) -> Holder:
    """Who held it at the end of a day, by the moves up to then."""
    return holder_now(kind, [move for move in chain if move.on <= on])


@st.composite
def chains(draw: st.DrawFn) -> tuple[ItemKind, list[Handing]]:
    """A chain of any length that the table allows, on days that never go back."""
    kind, chain, on = draw(kinds), [], DAY
    for _ in range(draw(st.integers(1, 8))):
        frm = holder_now(kind, chain)
        nexts = [to for to in HOLDERS if to != frm and (frm.party, to.party) in STEPS[kind]]
        if not nexts or (chain and frm == OWNER):
            break
        on += timedelta(draw(st.integers(0, 5)))
        chain.append(Handing(frm, draw(st.sampled_from(nexts)), on))
    return kind, chain


@given(chains(), st.integers(0, 50))
def test_a_chain_of_the_table_has_one_holder_on_every_day(drawn: tuple[ItemKind, list[Handing]], later: int) -> None:
    kind, chain = drawn
    for at, move in enumerate(chain):
        require_next(kind, chain[:at], move)
    on = DAY + timedelta(later)

    assert list(chain_faults(kind, chain)) == []
    before = [move for move in chain if move.on <= on]
    assert holder_on(kind, chain, on) == (before[-1].to if before else first_holder(kind))


@given(chains(), st.data())
def test_a_chain_with_one_link_changed_is_found(drawn: tuple[ItemKind, list[Handing]], data: st.DataObject) -> None:
    """Another giver breaks the link before it; the same giver and taker is no move."""
    kind, chain = drawn
    at = data.draw(st.integers(0, len(chain) - 1))
    other = data.draw(st.sampled_from([holder for holder in HOLDERS if holder != chain[at].frm]))
    broken = [*chain[:at], Handing(other, chain[at].to, chain[at].on), *chain[at + 1 :]]

    assert list(chain_faults(kind, broken)) != []


@given(kinds, st.lists(st.tuples(st.sampled_from(HOLDERS), st.sampled_from(HOLDERS)), min_size=1, max_size=6))
def test_what_goes_through_link_by_link_is_what_has_no_fault(
    kind: ItemKind, pairs: list[tuple[Holder, Holder]]
) -> None:
    chain = [Handing(frm, to, DAY) for frm, to in pairs]
    try:
        for at, move in enumerate(chain):
            require_next(kind, chain[:at], move)
        is_whole = True
    except CustodyRefused:
        is_whole = False

    assert is_whole is (list(chain_faults(kind, chain)) == [])


WAY = [Handing(OWNER, OFFICE, DAY), Handing(OFFICE, TAX, DAY + timedelta(2))]


@pytest.mark.parametrize(
    ("move", "code", "said"),
    [
        (Handing(OFFICE, CENTRE, DAY + timedelta(3)), "not_held", "现由税务机关保管，不在移交方手里"),
        (Handing(TAX, TAX, DAY + timedelta(3)), "same_holder", "是同一单位，无需移交"),
        (Handing(TAX, OWNER, DAY + timedelta(3)), "no_step", "不能由税务机关直接移交权利人"),
        (Handing(TAX, OFFICE, DAY + timedelta(1)), "early", "于2022-03-03才到移交方"),
    ],
)
def test_each_wrong_move_says_what_is_wrong(move: Handing, code: str, said: str) -> None:
    with pytest.raises(CustodyRefused, match=said) as refusal:
        require_next(ItemKind.BAG, WAY, move, name="1号楼1单元201的材料袋")
    assert refusal.value.code == code
    assert refusal.value.message.startswith("1号楼1单元201的材料袋")


def test_what_went_back_to_its_owner_goes_no_further() -> None:
    chain = [Handing(OWNER, OFFICE, DAY), Handing(OFFICE, OWNER, DAY)]
    with pytest.raises(CustodyRefused, match="已交还权利人，不能再移交"):
        require_next(ItemKind.BAG, chain, Handing(OWNER, OFFICE, DAY))
    assert list(chain_faults(ItemKind.BAG, [])) == ["没有保管记录"]


def test_an_organisation_has_a_key_and_an_owner_has_none() -> None:
    with pytest.raises(ValueError, match="owner"):
        Holder(Party.OWNER, 1)
    with pytest.raises(ValueError, match="tax"):
        Holder(Party.TAX)
    assert [party.label for party in Party] == ["权利人", "驻场服务点", "税务机关", "登记中心", "制证"]


def test_a_manifest_of_120_is_settled_when_all_are_accounted_for() -> None:
    today = Count(120, taken=120, back=80)
    assert (today.waiting, today.out, today.is_settled(is_lent=True)) == (0, 40, False)
    tomorrow = Count(120, taken=120, back=117)
    assert (tomorrow.out, tomorrow.is_settled(is_lent=True)) == (3, False)
    assert Count(120, taken=120, back=117, kept=3).is_settled(is_lent=True)
    assert Count(120, taken=120).is_settled(is_lent=False)
    short = Count(120, taken=119)
    assert (short.waiting, short.is_settled(is_lent=False)) == (1, False)
    assert Count(120, struck=1, taken=119).is_settled(is_lent=False)
    assert not Count(1, struck=1).is_settled(is_lent=False)
