"""A mark goes with the savepoint in which it was set."""

from dataclasses import dataclass

import pytest
from django.db import transaction

from registry.store.marks import Mark, Marks


@dataclass(eq=False)
class Named(Mark):
    name: str


def names(marks: Marks[Named]) -> str:
    return "".join(mark.name for mark in marks.standing())


@pytest.mark.django_db
def test_a_mark_goes_with_its_savepoint() -> None:
    marks: Marks[Named] = Marks()
    marks.add(Named("甲"))
    with transaction.atomic():
        marks.add(Named("乙"))
        with transaction.atomic():
            marks.add(Named("丙"))
        assert names(marks) == "甲乙丙"
        transaction.set_rollback(True)
    assert names(marks) == "甲"


@pytest.mark.django_db
def test_what_is_set_after_a_rollback_does_not_bring_back_what_went() -> None:
    marks: Marks[Named] = Marks()
    for name in "甲乙":
        with transaction.atomic():
            marks.add(Named(name))
            transaction.set_rollback(name == "甲")
    marks.add(Named("丙"))
    assert names(marks) == "乙丙"


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_mark_is_set() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        Marks[Named]().add(Named("甲"))
