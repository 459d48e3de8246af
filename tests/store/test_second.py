"""Two persons: persons are compared, never roles, at the door and inside another act, before and after the lock."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from registry.accounts.models import Organisation
from registry.audit.models import Act
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role, system_actor
from registry.kernel.errors import Refused
from registry.store.acts import WRITES, write
from registry.store.arguments import UnknownPath
from registry.store.second import FirstPerson, SecondPerson, SecondPersonNotAsked, always, by_row
from tests.factories.accounts import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_the_products_services() -> Iterator[None]:
    before = dict(WRITES)
    yield
    WRITES.clear()
    WRITES.update(before)


@write(Permission.ACCOUNT_MANAGE, second_person=always("改名"))
def rename_by_two_for_test(*, actor: Actor, first: FirstPerson | None = None) -> str:
    record(event="organisation.changed")
    return "done"


@write(
    Permission.ACCOUNT_MANAGE,
    second_person=SecondPerson("改名", needs=lambda given: given["name"] == "new"),
)
def rename_for_test(*, actor: Actor, name: str, first: FirstPerson | None = None) -> str:
    record(event="organisation.changed")
    return "done"


OF_ROW = by_row(
    "改名", "organisation.parent_id", same="换人。", legacy=lambda given: given["organisation"].code == "OLD"
)


@write(Permission.ACCOUNT_MANAGE, second_person=OF_ROW)
def rename_row_for_test(*, actor: Actor, organisation: Organisation, asks: bool = True) -> str:
    if asks:
        OF_ROW.require(actor, organisation=organisation)
    record(event="organisation.changed")
    return "done"


@write(Permission.ACCOUNT_MANAGE)
def outer_of_two_for_test(*, actor: Actor, first: FirstPerson | None) -> str:
    return rename_by_two_for_test.within(actor=actor, first=first)


for _name in ("rename_by_two_for_test", "rename_for_test", "rename_row_for_test", "outer_of_two_for_test"):
    WRITES.pop(_name)


def refuses(service: Any, **words: Any) -> str:
    with pytest.raises(Refused) as caught:
        service(**words)
    assert (caught.value.code, Act.objects.count()) == ("second_person", 0)
    return caught.value.message


@pytest.mark.parametrize("service", [rename_by_two_for_test, outer_of_two_for_test])
def test_it_is_refused_without_a_first_person_and_to_the_first_person_in_any_role(cast: Cast, service: Any) -> None:
    district = cast.district.actor
    in_the_city = replace(cast.city.actor, person_id=district.person_id)
    own = FirstPerson.of(cast.district.person, 7)

    assert "请先提请" in refuses(service, actor=district, first=None)
    assert "请先提请" in refuses(service, actor=district, first=FirstPerson.of(None))
    assert "不能是同一人" in refuses(service, actor=district, first=own)
    assert "不能是同一人" in refuses(service, actor=in_the_city, first=own)
    assert in_the_city.role == Role.CITY
    assert service(actor=cast.city.actor, first=own) == "done"
    assert service(actor=system_actor("试"), first=None) == "done"


def test_only_what_needs_two_asks_for_two_and_a_page_may_ask(cast: Cast) -> None:
    actor = cast.district.actor

    assert rename_for_test(actor=actor, name="old") == "done"
    with pytest.raises(Refused, match="改名须由两人办理"):
        rename_for_test(actor=actor, name="new")
    assert rename_for_test(actor=actor, name="new", first=FirstPerson.of(cast.city.person)) == "done"
    assert [rename_for_test.needs_second(name=name) for name in ("old", "new")] == [False, True]


def test_a_rule_on_a_row_is_asked_with_the_row(cast: Cast) -> None:
    actor = cast.district.actor
    own, other, old = (
        Organisation(code=code, parent_id=key) for code, key in (("A", actor.person_id), ("B", 0), ("OLD", None))
    )

    assert "换人" in refuses(rename_row_for_test, actor=actor, organisation=own)
    refuses(rename_row_for_test, actor=actor, organisation=Organisation(code="NEW"))
    with pytest.raises(SecondPersonNotAsked, match="rename_row_for_test"):
        rename_row_for_test(actor=actor, organisation=other, asks=False)
    assert Act.objects.count() == 0
    assert rename_row_for_test(actor=actor, organisation=other) == "done"
    assert rename_row_for_test(actor=actor, organisation=old) == "done", "a rule names the rows from before"


def test_a_first_person_that_no_argument_names_is_refused_when_the_service_is_declared() -> None:
    with pytest.raises(UnknownPath, match="first"):

        @write(Permission.ACCOUNT_MANAGE, second_person=always("改名"))
        def misspelt_for_test(*, actor: Actor, proposer: str) -> None: ...


def test_of_several_first_persons_each_is_compared_and_none_is_nobody(cast: Cast) -> None:
    rule, actor = by_row("填报", "reporters", same="换人。"), cast.district.actor
    rule.require(actor, reporters=[])
    rule.require(actor, reporters=[cast.township.person.pk])

    for reporters in ([cast.township.person.pk, cast.district.person.pk], [None]):
        with pytest.raises(Refused, match="填报须由两人办理") as caught:
            rule.require(actor, reporters=reporters)
        assert caught.value.code == "second_person"
