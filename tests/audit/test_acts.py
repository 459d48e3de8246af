"""Who reads which chain."""

from datetime import date, timedelta
from typing import Any

import pytest

from registry.accounts import services
from registry.audit.models import Act
from registry.audit.selectors import act_in_reach, acts, may_read_chain
from registry.kernel.errors import NotFound
from registry.store.clock import shanghai_day, true_now
from tests.factories.accounts import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def laid(cast: Cast) -> Cast:
    services.save_filter(actor=cast.district.actor, page="p", name="区里的", query="a=1")
    services.disable_person(actor=cast.system_admin.actor, person=cast.tax.person, reason="离职")
    return cast


def test_the_system_chain_is_read_by_city_audit_and_security(cast: Cast) -> None:
    readers = {name for name in Cast.__annotations__ if may_read_chain(getattr(cast, name).actor, 0)}

    assert readers == {"city", "auditor", "security_admin"}


def test_the_system_chain_is_not_there_for_others(laid: Cast) -> None:
    with pytest.raises(NotFound):
        acts(laid.district.actor)
    with pytest.raises(NotFound):
        act_in_reach(laid.district.actor, Act.objects.first().pk)
    assert act_in_reach(laid.auditor.actor, Act.objects.first().pk) == Act.objects.first()


def test_acts_are_filtered_by_event_person_and_day(laid: Cast) -> None:
    today = shanghai_day(true_now())
    wanted: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["filter.saved", "person.disabled"]),
        ({"events": ["person.disabled"]}, ["person.disabled"]),
        ({"who": "朝阳"}, ["filter.saved"]),
        ({"who": "壬系"}, ["person.disabled"]),
        ({"starts": today, "ends": today}, ["filter.saved", "person.disabled"]),
        ({"starts": today + timedelta(days=1)}, []),
        ({"ends": today - timedelta(days=1)}, []),
        ({"starts": date(2019, 1, 1)}, ["filter.saved", "person.disabled"]),
    ]
    for words, events in wanted:
        found = acts(laid.auditor.actor, **words)

        assert sorted(found.values_list("event", flat=True)) == events, words
