"""From what to what: a row that was there before an act is never told as new."""

import pytest

from registry.accounts.models import Organisation
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, system_actor
from registry.store.acts import WRITES, Row, values_of, write
from tests.factories.accounts import lay_organisation
from tests.factories.sides import watched_rows

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("L-3")


@write(Permission.ACCOUNT_MANAGE)
def told_for_test(*, actor: Actor, rows: list[Row]) -> None:
    record(event="organisation.changed", rows=rows)


@write(Permission.ACCOUNT_MANAGE)
def laid_for_test(*, actor: Actor) -> Organisation:
    made: Organisation = Organisation.objects.create(code="B", name="乙", kind="department", area_code="110105")
    record(event="organisation.created", rows=[Row.added(made, "code", "name")])
    return made


WRITES.pop("told_for_test")
WRITES.pop("laid_for_test")


@pytest.fixture
def target(db: None) -> Organisation:
    return lay_organisation(code="A", name="甲", area_code="110105")


def test_added_has_no_before_and_removed_no_after(target: Organisation) -> None:
    assert Row.added(target, "code", "name") == Row(
        "accounts_organisation", target.pk, None, {"code": "A", "name": "甲"}
    )
    assert Row.removed(target, "code") == Row("accounts_organisation", target.pk, {"code": "A"}, None)


def test_changed_reads_the_same_fields_off_the_instance(target: Organisation) -> None:
    before = values_of(target, ("name", "is_active"))
    target.name = "甲单位"

    assert Row.changed(target, before) == Row(
        "accounts_organisation", target.pk, {"name": "甲", "is_active": True}, {"name": "甲单位", "is_active": True}
    )
    assert Row.if_changed(target, before) == [
        Row("accounts_organisation", target.pk, {"name": "甲"}, {"name": "甲单位"})
    ]


def test_what_did_not_change_is_no_changed_row(target: Organisation) -> None:
    before = values_of(target, ("name",))

    with pytest.raises(ValueError, match="nothing changed in \\['name'\\]"):
        Row.changed(target, before)
    assert Row.if_changed(target, before) == []


def test_a_row_that_was_there_told_as_new_is_found(target: Organisation) -> None:
    """The test of the watch that stands over every trial of a service."""
    with watched_rows() as faults:
        told_for_test(actor=SYSTEM, rows=[Row.added(target, "name")])

    assert faults == [f"told_for_test records accounts_organisation {target.pk} as new: {{'name': '甲'}}"]


def test_a_row_made_by_the_act_and_one_with_both_sides_are_in_order(target: Organisation) -> None:
    with watched_rows() as faults:
        laid_for_test(actor=SYSTEM)
        told_for_test(actor=SYSTEM, rows=[Row.changed(target, {"name": "旧名"}), Row.removed(target, "name")])

    assert faults == []
