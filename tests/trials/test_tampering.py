"""Each column alone, with every invariant tried: whatever else is recomputed, I42 names the column itself."""

import random

import pytest

from registry.audit.invariants import INVARIANTS
from registry.audit.trail import trailed_models
from tests.factories.projects import Estate
from tests.factories.tampering import alter, columns_of, some_row, undone_unchecked
from tests.trials.test_races import ROUNDS, SEED

pytestmark = pytest.mark.django_db


def test_one_altered_column_is_named_with_every_invariant_tried(story: Estate) -> None:
    """ROUNDS columns, drawn from the product of all tables and columns."""
    every = [(model, field) for model in trailed_models() for field in columns_of(model)]
    missed = []
    for model, field in random.Random(SEED).sample(every, min(ROUNDS, len(every))):
        with undone_unchecked(model):
            row = some_row(model)
            if not alter(row, field):
                continue
            named = {violation.subject for each in INVARIANTS.values() for violation in each.violations(None)}
            if f"{model._meta.db_table} {row.pk} {field.column}" not in named:
                missed.append(f"{model._meta.db_table}.{field.column}")

    assert missed == []
