"""Scopes are a Boolean algebra relative to the units of a project, and read as Chinese."""

import pytest
from hypothesis import given

from registry.kernel.errors import DomainError
from registry.kernel.scope import EVERYTHING, NOTHING, Scope, building_names, scope_of
from registry.kernel.stages import Feature, Use
from tests.kernel.projects import buildings, scopes


def masks(scope, columns):
    """What a scope means, relative to the units."""
    return [scope.mask(one) for one in columns]


def everything(columns):
    return [one.everything for one in columns]


@given(buildings(), scopes)
def test_mask_and_matching_agree_unit_by_unit(columns, scope):
    for one in columns:
        by_unit = [unit.id for unit in one.facts() if scope.matches(unit)]
        assert one.units_of(scope.mask(one)) == by_unit


@given(buildings(), scopes, scopes)
def test_union_intersection_and_difference_mean_what_they_say(columns, a, b):
    for one in columns:
        assert (a | b).mask(one) == a.mask(one) | b.mask(one)
        assert (a & b).mask(one) == a.mask(one) & b.mask(one)
        assert (a - b).mask(one) == a.mask(one) & ~b.mask(one)
        assert a.complement().mask(one) == one.everything & ~a.mask(one)


@given(buildings(), scopes, scopes, scopes)
def test_laws_of_a_boolean_algebra_hold(columns, a, b, c):
    assert masks(a | b, columns) == masks(b | a, columns)
    assert masks(a & (b | c), columns) == masks((a & b) | (a & c), columns)
    assert masks(a | (b & c), columns) == masks((a | b) & (a | c), columns)
    assert masks((a | b).complement(), columns) == masks(a.complement() & b.complement(), columns)
    assert masks(a | a.complement(), columns) == everything(columns)
    assert masks(a & a.complement(), columns) == [0] * len(columns)
    assert masks(a.complement().complement(), columns) == masks(a, columns)
    assert masks(a | NOTHING, columns) == masks(a & EVERYTHING, columns) == masks(a, columns)


@given(scopes)
def test_data_reads_back_as_the_same_scope(scope):
    assert Scope.from_data(scope.to_data()) == scope


@pytest.mark.parametrize("data", [None, [{}], [{"in": {"colour": ["red"]}}], [{"in": {"uses": ["castle"]}}], "x"])
def test_data_that_is_no_scope_is_refused_in_chinese(data):
    with pytest.raises(DomainError, match="范围的格式不对"):
        Scope.from_data(data)


def test_scope_reads_back_as_a_person_says_it():
    names = {n: f"{n}号楼" for n in range(9, 13)}
    scope = scope_of(buildings={9, 10, 11, 12}, uses={Use.RETAIL}, features=Feature.MEZZANINE) - scope_of(units={77})
    assert scope.describe(names, {77: "9号楼S04"}) == "9—12号楼，商业，有夹层，除9号楼S04"
    assert EVERYTHING.describe(names) == "全部"
    assert NOTHING.describe(names) == "没有任何户"


def test_building_names_compress_runs_of_three_or_more():
    assert building_names(["1号楼", "2号楼", "5号楼", "6号楼", "7号楼", "A座"]) == "1、2、5—7号楼、A座"
