"""What the reading process is told of a kind of list is all of it, and data alone."""

import json

import pytest

from documents.intake.reading.list_shape import UNIT_SHAPE, ListShape
from registry.kernel.columns import Column, ColumnSet
from registry.lists.kinds import LISTS, ListKind


@pytest.mark.parametrize("kind", LISTS.values(), ids=list(LISTS))
def test_a_shape_comes_back_as_it_went(kind: ListKind) -> None:
    shape = ListShape.of(kind)

    assert ListShape.from_data(json.loads(json.dumps(shape.to_data()))) == shape
    assert (shape.columns, shape.limits, shape.several) == (kind.columns, kind.limits, kind.several)


def test_the_unit_list_is_the_shape_that_is_read_unless_another_is_named() -> None:
    assert ListShape.of(LISTS["units"]) == UNIT_SHAPE


def test_a_column_that_computes_is_no_data() -> None:
    shape = ListShape("odd", ColumnSet((Column("a", "甲", value=str),)))

    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(shape.to_data())
