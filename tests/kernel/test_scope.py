"""Scopes are a Boolean algebra relative to the units of a project, and read as Chinese."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from registry.kernel.errors import DomainError
from registry.kernel.scope import EVERYTHING, NOTHING, BuildingColumns, Scope, UnitFacts, building_names, scope_of
from registry.kernel.stages import Feature, Part, Use
from tests.kernel.projects import buildings, scopes


def masks(scope, columns):
    """What a scope means, relative to the units."""
    return [scope.mask(column) for column in columns]


def everything(columns):
    return [column.everything for column in columns]


@given(buildings(), scopes)
def test_mask_and_matching_agree_unit_by_unit(columns, scope):
    for column in columns:
        by_unit = [unit.id for unit in column.facts() if scope.matches(unit)]
        assert column.units_of(scope.mask(column)) == by_unit


@given(buildings(), scopes, scopes)
def test_union_intersection_and_difference_mean_what_they_say(columns, a, b):
    for column in columns:
        assert (a | b).mask(column) == a.mask(column) | b.mask(column)
        assert (a & b).mask(column) == a.mask(column) & b.mask(column)
        assert (a - b).mask(column) == a.mask(column) & ~b.mask(column)
        assert a.complement().mask(column) == column.everything & ~a.mask(column)


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


@given(scopes)
def test_data_survive_json(scope):
    assert Scope.from_data(json.loads(json.dumps(scope.to_data()))) == scope


def test_data_have_a_stable_order_and_say_only_what_is_named():
    scope = scope_of(buildings={12, 9}, uses={Use.RETAIL, Use.ANCILLARY}, features=Feature.MEZZANINE)
    assert (scope - scope_of(units={77})).to_data() == [
        {"in": {"buildings": [9, 12], "uses": ["ancillary", "retail"], "features": 1}, "out": [{"units": [77]}]}
    ]
    assert EVERYTHING.to_data() == [{"in": {}, "out": []}]
    assert NOTHING.to_data() == []


@pytest.mark.parametrize(
    "data",
    [
        None,
        "x",
        {},
        [{}],
        [[]],
        [None],
        [{"in": []}],
        [{"in": {}, "out": {}}],
        [{"in": {}, "but": []}],
        [{"in": {"colour": ["red"]}}],
        [{"in": {"uses": ["castle"]}}],
        [{"in": {"uses": "retail"}}],
        [{"in": {"entrances": "12"}}],
        [{"in": {"floors": [1]}}],
        [{"in": {"buildings": ["9"]}}],
        [{"in": {"buildings": [True]}}],
        [{"in": {"units": [1.0]}}],
        [{"in": {"units": None}}],
        [{"in": {"features": 1024}}],
        [{"in": {"features": -1}}],
        [{"in": {"features": "1"}}],
    ],
)
def test_data_that_are_no_scope_are_refused_in_chinese(data):
    with pytest.raises(DomainError, match="范围的格式不对。请在页面上重新选择范围。") as refusal:
        Scope.from_data(data)
    assert (refusal.value.code, refusal.value.field) == ("scope_format", "scope")


def test_scope_reads_back_as_a_person_says_it():
    names = {n: f"{n}号楼" for n in range(9, 13)}
    scope = scope_of(buildings={9, 10, 11, 12}, uses={Use.RETAIL}, features=Feature.MEZZANINE) - scope_of(units={77})
    assert scope.describe(names, {77: "9号楼S04"}) == "9—12号楼，商业，有夹层，除9号楼S04"
    assert EVERYTHING.describe(names) == "全部"
    assert NOTHING.describe(names) == "没有任何户"


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        (scope_of(entrances={"2", "1"}, floors={"10", "9", "8", "2"}), "1、2单元，2、8—10层"),
        (scope_of(floors={"1", "1夹", "B1", "-1"}), "1层、-1层、1夹层、B1层"),
        (scope_of(floors={"", "3"}), "3层、未标层"),
        (scope_of(units={1, 2}), "9号楼S01、9号楼S02"),
        (scope_of(units={1, 2, 77}), "所列3户"),
        (scope_of(units=range(1, 9)), "所列8户"),
        (scope_of(buildings={9, 77}), "所列2栋楼"),
        (scope_of(uses={Use.PARKING}) | scope_of(features=Feature.BASEMENT), "车位；地下"),
        (EVERYTHING - scope_of(uses={Use.RETAIL}), "全部，除商业"),
        (EVERYTHING - EVERYTHING, "全部，除全部"),
        (
            EVERYTHING - scope_of(buildings={9}, uses={Use.RETAIL}) - scope_of(uses={Use.PARKING}),
            "全部，除“9号楼，商业”、车位",
        ),
        (scope_of(buildings=()), "没有任何户"),
    ],
)
def test_scope_words_for_each_attribute(scope, text):
    assert scope.describe({9: "9号楼"}, {1: "9号楼S01", 2: "9号楼S02"}) == text


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["1号楼", "2号楼", "5号楼", "6号楼", "7号楼", "A座"], "1、2、5—7号楼、A座"),
        (["10号楼", "9号楼", "11号楼"], "9—11号楼"),
        (["A座"], "A座"),
        ([], ""),
    ],
)
def test_building_names_compress_runs_of_three_or_more(names, text):
    assert building_names(names) == text


def test_matching_term_is_the_first_that_catches():
    scope = scope_of(floors={"1"}) | scope_of(uses={Use.RETAIL})
    unit = UnitFacts(1, 9, "1", "2", Use.RETAIL)
    assert scope.matching_term(unit) == scope.terms[1]
    assert NOTHING.matching_term(unit) is None


def test_features_of_a_clause_are_all_asked_for():
    both = scope_of(features=Feature.MEZZANINE | Feature.ALTERED_USE)
    unit = UnitFacts(1, 9, "1", "1", Use.RETAIL, Feature.MEZZANINE)
    assert not both.matches(unit)
    assert both.matches(replace(unit, features=Feature.MEZZANINE | Feature.ALTERED_USE | Feature.BASEMENT))


@pytest.mark.parametrize("named", [1, 3, 500])
def test_a_list_of_units_short_or_long_masks_the_same(named):
    columns = BuildingColumns(9, (11, 12, 13), ("",) * 3, ("",) * 3, (Use.DWELLING,) * 3, (Feature.NONE,) * 3)
    assert scope_of(units=range(12, 12 + named)).mask(columns) == (0b010 if named == 1 else 0b110)


def test_columns_answer_for_one_unit():
    columns = BuildingColumns(
        9, (11, 12), ("1", "2"), ("3", "4"), (Use.DWELLING, Use.RETAIL), (Feature.NONE, Feature.MEZZANINE)
    )
    assert columns.unit(12) == UnitFacts(12, 9, "2", "4", Use.RETAIL, Feature.MEZZANINE)
    assert columns.facts() == [columns.unit(11), columns.unit(12)]
    assert (columns.bit(12), columns.bit(99)) == (2, 0)
    assert (columns.part_mask(Part.DWELLING), columns.part_mask(Part.NON_DWELLING), columns.part_mask(None)) == (
        1,
        2,
        3,
    )
    assert columns.present_uses == (Use.DWELLING, Use.RETAIL)
    with pytest.raises(KeyError):
        columns.unit(99)


def test_a_building_without_units_has_no_masks():
    empty = BuildingColumns(9, (), (), (), (), ())
    assert EVERYTHING.mask(empty) == scope_of(uses={Use.RETAIL}).mask(empty) == 0
    assert empty.units_of(empty.everything) == []
