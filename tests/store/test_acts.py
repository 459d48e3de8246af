"""The one write path: permission first, one transaction, and nothing committed that was not recorded."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.utils import OperationalError

from registry.accounts.models import Organisation
from registry.audit.models import Act, ActRow, ChainHead
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.errors import NotFound, PermissionRefused
from registry.store import acts
from registry.store.acts import (
    PARTS,
    WRITES,
    ActOpen,
    NothingRecorded,
    Row,
    after_act,
    batch,
    current_act,
    new_act_id,
    within_act,
    write,
)
from registry.store.arguments import UnknownPath
from registry.store.clock import stated
from tests.factories.accounts import Cast, lay_organisation

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("L-3")


@pytest.fixture(autouse=True)
def _only_the_products_services() -> Iterator[None]:
    before = dict(WRITES)
    yield
    WRITES.clear()
    WRITES.update(before)


@write(Permission.ACCOUNT_MANAGE, on="organisation")
def rename_for_test(
    *, actor: Actor, organisation: Organisation, name: str, recorded: bool = True, fails: bool = False
) -> str:
    Organisation.objects.filter(pk=organisation.pk).update(name=name)
    if recorded:
        before, after = {"name": organisation.name}, {"name": name}
        record(
            event="organisation.changed", subject=organisation, facts={"name": name},
            rows=[Row("accounts_organisation", organisation.pk, before, after)],
        )  # fmt: skip
    if fails:
        raise ZeroDivisionError
    return name.upper()


@write(Permission.ACCOUNT_MANAGE)
def answered_for_test(*, actor: Actor, organisation: Organisation, answer: str) -> None:
    def follow() -> None:
        rename_for_test(actor=SYSTEM, organisation=organisation, name=answer, fails=answer == "")

    after_act(follow)
    record(event="organisation.changed", subject=organisation, facts={"name": organisation.name})


WRITES.pop("rename_for_test")
WRITES.pop("answered_for_test")


def name_of(organisation: Organisation) -> str:
    return Organisation.objects.get(pk=organisation.pk).name


@pytest.fixture
def target(db: None) -> Organisation:
    return lay_organisation(code="A", name="甲", area_code="110105")


def test_a_service_writes_and_leaves_one_act(target: Organisation) -> None:
    assert rename_for_test(actor=SYSTEM, organisation=target, name="b") == "B"

    act = Act.objects.get()
    assert name_of(target) == "b"
    assert (act.event, act.subject_table, act.subject_key) == (
        "organisation.changed",
        "accounts_organisation",
        target.pk,
    )
    assert [(row.act_id, row.key, row.before, row.after) for row in ActRow.objects.all()] == [
        (act.id, target.pk, {"name": "甲"}, {"name": "b"}),
    ]


def test_a_rule_answers_an_act_with_an_act_of_its_own(target: Organisation, cast: Cast) -> None:
    answered_for_test(actor=cast.system_admin.actor, organisation=target, answer="c")

    assert name_of(target) == "c"
    assert {act.actor_name: act.facts["name"] for act in Act.objects.all()} == {
        cast.system_admin.person.name: "甲",
        SYSTEM.name: "c",
    }


def test_an_answer_that_fails_takes_the_act_with_it(target: Organisation, cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError):
        answered_for_test(actor=cast.system_admin.actor, organisation=target, answer="")
    assert (name_of(target), Act.objects.count()) == ("甲", 0)


def test_a_service_without_a_record_is_rolled_back(target: Organisation) -> None:
    with pytest.raises(NothingRecorded, match="rename_for_test"):
        rename_for_test(actor=SYSTEM, organisation=target, name="b", recorded=False)

    assert (name_of(target), Act.objects.count()) == ("甲", 0)


def test_a_service_that_fails_after_its_record_is_rolled_back(target: Organisation) -> None:
    with pytest.raises(ZeroDivisionError):
        rename_for_test(actor=SYSTEM, organisation=target, name="b", fails=True)

    assert (name_of(target), Act.objects.count(), ActRow.objects.count()) == ("甲", 0, 0)


def test_a_record_that_fails_takes_the_write_with_it(target: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(act: acts.Act) -> None:
        raise RuntimeError("no record")

    monkeypatch.setattr(acts, "_recorders", [broken])
    with pytest.raises(RuntimeError, match="no record"):
        rename_for_test(actor=SYSTEM, organisation=target, name="b")

    assert name_of(target) == "甲"


def test_no_statement_of_an_act_can_fail_and_leave_something(target: Organisation) -> None:
    """SQLite's method: fail at the N-th statement, for every N, until the act comes through."""
    for number in range(40):
        try:
            with connection.execute_wrapper(_FailAt(number)):
                rename_for_test(actor=SYSTEM, organisation=target, name="b")
        except OperationalError:
            left = (name_of(target), Act.objects.count(), ActRow.objects.count(), ChainHead.objects.count())
            assert left == ("甲", 0, 0, 0), f"statement {number}"
        else:
            break

    assert number > 4
    assert (name_of(target), Act.objects.count(), ActRow.objects.count()) == ("b", 1, 1)


class _FailAt:
    """Fails at the N-th statement that isn't about savepoints."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "SAVEPOINT" not in sql:
            if self.left == 0:
                self.left = -1
                raise OperationalError("planted")
            self.left -= 1
        return execute(sql, params, many, context)


def test_permission_is_asked_before_anything_else(
    target: Organisation, cast: Cast, django_assert_num_queries: Any
) -> None:
    actor = cast.auditor.actor

    with django_assert_num_queries(0), pytest.raises(PermissionRefused, match="审计只读没有办理这件事的权限"):
        rename_for_test(actor=actor, organisation=target, name="b")


def test_a_subject_out_of_reach_is_not_found(target: Organisation, cast: Cast) -> None:
    with pytest.raises(NotFound):
        rename_for_test(actor=cast.strange_district.actor, organisation=target, name="b")
    rename_for_test(actor=cast.district.actor, organisation=target, name="b")

    assert name_of(target) == "b"


def test_a_service_inside_another_is_refused_and_its_inner_joins_the_act(target: Organisation) -> None:
    @write(Permission.ACCOUNT_MANAGE)
    def outer_for_test(*, actor: Actor, inner: bool) -> None:
        service = rename_for_test.within if inner else rename_for_test
        service(actor=actor, organisation=target, name="b")

    with pytest.raises(ActOpen, match="outer_for_test"):
        outer_for_test(actor=SYSTEM, inner=False)
    assert name_of(target) == "甲"
    outer_for_test(actor=SYSTEM, inner=True)

    assert (name_of(target), Act.objects.count()) == ("b", 1)


def test_the_plain_function_alone_can_not_write(target: Organisation) -> None:
    with pytest.raises(NothingRecorded, match="no act is open"):
        rename_for_test.within(actor=SYSTEM, organisation=target, name="b")


def test_a_part_is_refused_outside_an_act_and_joins_the_open_one(target: Organisation) -> None:
    @within_act
    def rename_part_for_test(name: str) -> None:
        rename_for_test.within(actor=SYSTEM, organisation=target, name=name)

    @write(Permission.ACCOUNT_MANAGE)
    def whole_for_test(*, actor: Actor) -> None:
        rename_part_for_test("b")

    with pytest.raises(NothingRecorded, match="no act is open"):
        rename_part_for_test("b")
    whole_for_test(actor=SYSTEM)

    assert (name_of(target), Act.objects.count(), PARTS.popitem()[1]) == ("b", 1, "rename_part_for_test")


def test_a_scope_that_no_argument_names_is_refused_when_the_service_is_declared() -> None:
    with pytest.raises(UnknownPath, match="projekt"):

        @write(Permission.ACCOUNT_MANAGE, on="projekt")
        def misspelt_for_test(*, actor: Actor, project: object) -> None: ...

    assert "misspelt_for_test" not in WRITES


def test_no_act_is_open_outside_a_service() -> None:
    with pytest.raises(NothingRecorded, match="no act is open"):
        current_act()
    with pytest.raises(NothingRecorded):
        record(event="organisation.changed")


def test_the_act_reads_the_database_clock_once_and_knows_the_day(target: Organisation) -> None:
    seen: list[Any] = []

    @write(Permission.ACCOUNT_MANAGE)
    def look_for_test(*, actor: Actor) -> None:
        act = current_act()
        seen.extend([act.recorded_at, current_act().recorded_at, act.today, act.service, act.backfilled])
        record(event="organisation.changed")

    look_for_test(actor=SYSTEM)

    assert seen[0] == seen[1] == Act.objects.get().recorded_at
    assert abs((datetime.now(UTC) - seen[0]).total_seconds()) < 60
    assert seen[3:] == ["look_for_test", False]


def test_a_stated_moment_is_marked_and_counts_in_shanghai(target: Organisation) -> None:
    days: list[date] = []

    @write(Permission.ACCOUNT_MANAGE)
    def look_for_test(*, actor: Actor) -> None:
        days.append(current_act().today)
        record(event="organisation.changed")

    with stated(datetime(2021, 6, 30, 16, 30, tzinfo=UTC)):
        look_for_test(actor=SYSTEM)

    act = Act.objects.get()
    assert days == [date(2021, 7, 1)]
    assert (act.backfilled, act.recorded_at) == (True, datetime(2021, 6, 30, 16, 30, tzinfo=UTC))


def test_a_batch_marks_its_acts_and_no_others(target: Organisation) -> None:
    with batch("B-7"):
        rename_for_test(actor=SYSTEM, organisation=target, name="b")
    rename_for_test(actor=SYSTEM, organisation=target, name="c")

    assert list(Act.objects.order_by("seq").values_list("batch_id", flat=True)) == ["B-7", ""]


def test_act_ids_grow_with_time_and_fit_in_63_bits() -> None:
    early, late = (new_act_id(datetime(year, 1, 1, tzinfo=UTC)) for year in (2022, 2080))

    assert 0 < early < late < 2**63


def test_write_enters_its_service_in_the_table() -> None:
    @write(Permission.ACCOUNT_MANAGE)
    def listed_for_test(*, actor: Actor) -> None:
        """Nothing."""

    spec = WRITES["listed_for_test"]
    assert (spec.permission, spec.service, spec.module) == (Permission.ACCOUNT_MANAGE, listed_for_test, __name__)
