"""Saved filters."""

import pytest

from registry.accounts import services
from registry.accounts.models import SavedFilter
from registry.accounts.selectors import saved_filters
from registry.audit.models import Act
from registry.kernel.errors import NotFound, Refused
from tests.factories.accounts import Cast

pytestmark = pytest.mark.django_db


def test_save_filter_keeps_the_query_and_replaces_the_same_name(cast: Cast) -> None:
    for query in ("?status=open", "status=closed"):
        services.save_filter(actor=cast.district.actor, page="projects", name=" 在办 ", query=query)

    assert [(kept.name, kept.query) for kept in saved_filters(cast.district.actor, "projects")] == [
        ("在办", "status=closed")
    ]
    assert (Act.objects.latest("id").event, Act.objects.count()) == ("filter.saved", 2)


def test_a_shared_filter_is_seen_by_the_organisation_alone(cast: Cast) -> None:
    services.save_filter(actor=cast.district.actor, page="projects", name="共用", query="a=1", is_shared=True)
    services.save_filter(actor=cast.district.actor, page="projects", name="自用", query="a=2")

    names = {
        name: [kept.name for kept in saved_filters(getattr(cast, name).actor, "projects")]
        for name in ("district", "district_second", "strange_district", "city")
    }

    assert names == {"district": ["共用", "自用"], "district_second": ["共用"], "strange_district": [], "city": []}


def test_save_filter_refuses_no_name_and_too_much(cast: Cast) -> None:
    with pytest.raises(Refused, match="名称"):
        services.save_filter(actor=cast.district.actor, page="projects", name=" ", query="a=1")
    with pytest.raises(Refused, match="过长"):
        services.save_filter(actor=cast.district.actor, page="projects", name="长", query="a" * 1001)


def test_drop_filter_is_for_its_owner_alone(cast: Cast) -> None:
    kept = services.save_filter(actor=cast.district.actor, page="projects", name="共用", query="a=1", is_shared=True)

    with pytest.raises(NotFound):
        services.drop_filter(actor=cast.district_second.actor, saved=kept)
    assert SavedFilter.objects.count() == 1
    services.drop_filter(actor=cast.district.actor, saved=kept)

    assert (SavedFilter.objects.count(), Act.objects.latest("id").event) == (0, "filter.dropped")
