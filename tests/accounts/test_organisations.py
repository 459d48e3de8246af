"""Organisations: registered once, changed by those who keep the accounts of the area."""

import pytest

from registry.accounts import services
from registry.accounts.models import Organisation
from registry.accounts.selectors import organisation_tree
from registry.audit.models import Act, ActRow
from registry.kernel.errors import NotFound, PermissionRefused, Refused
from tests.factories.accounts import DISTRICT, TOWNSHIP, Cast, lay_organisation

pytestmark = pytest.mark.django_db


def create(cast: Cast, player: str = "system_admin", **words: object) -> Organisation:
    given = {"code": "T-9", "name": "示范街道办事处", "kind": "township", "area_code": "110105043", **words}
    return services.create_organisation(actor=getattr(cast, player).actor, **given)


def test_create_organisation_works_and_is_recorded(cast: Cast) -> None:
    organisation = create(cast, short_name="示范街道", parent=cast.district.organisation)

    act = Act.objects.latest("id")
    assert (str(organisation), organisation.parent) == ("示范街道", cast.district.organisation)
    assert (act.event, act.subject_key, act.facts["code"]) == ("organisation.created", organisation.pk, "T-9")
    assert ActRow.objects.get(act=act).after["area_code"] == "110105043"


def test_create_organisation_is_denied_without_the_permission(cast: Cast) -> None:
    with pytest.raises(PermissionRefused):
        create(cast, "township")


@pytest.mark.parametrize(
    ("words", "field", "message"),
    [
        ({"code": "T-1"}, "code", "已被使用"),
        ({"code": "一"}, "code", "2—30位"),
        ({"name": " "}, "name", "全称"),
        ({"kind": "club"}, "kind", "类别"),
        ({"area_code": "110105999"}, "area_code", "行政区划表里没有110105999"),
        ({"area_code": "1101"}, "area_code", "2位"),
    ],
)
def test_create_organisation_with_wrong_facts_is_refused(
    cast: Cast, words: dict[str, str], field: str, message: str
) -> None:
    with pytest.raises(Refused, match=message) as refusal:
        create(cast, **words)

    assert refusal.value.field == field
    assert not Organisation.objects.filter(name="示范街道办事处").exists()


def test_a_district_registers_within_itself_only(cast: Cast) -> None:
    assert create(cast, "district").area_code == "110105043"
    for area in ("110108002", "", "11"):
        with pytest.raises(Refused, match="不在本区"):
            create(cast, "district", code="T-10", area_code=area)


def test_create_organisation_is_rolled_back_if_the_record_fails(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(act: object) -> None:
        raise RuntimeError("no record")

    monkeypatch.setattr("registry.store.acts._recorders", [broken])
    with pytest.raises(RuntimeError):
        create(cast)

    assert not Organisation.objects.filter(code="T-9").exists()


def test_change_organisation_records_old_and_new(cast: Cast) -> None:
    township = cast.township.organisation
    services.change_organisation(
        actor=cast.district.actor, organisation=township, name="十八里店乡人民政府", short_name="十八里店乡",
        document_prefix="十政",
    )  # fmt: skip

    row = ActRow.objects.get(act=Act.objects.latest("id"))
    assert row.before == {"document_prefix": "", "name": "十八里店乡", "short_name": ""}
    assert row.after == {"document_prefix": "十政", "name": "十八里店乡人民政府", "short_name": "十八里店乡"}


def test_change_organisation_refuses_no_change_and_circles(cast: Cast) -> None:
    top = lay_organisation(code="TOP", kind="government", area_code=DISTRICT)
    below = lay_organisation(code="LOW", kind="township", area_code=TOWNSHIP, parent=top)

    with pytest.raises(Refused, match="内容未作修改"):
        services.change_organisation(actor=cast.district.actor, organisation=below, name="LOW", parent=top)
    with pytest.raises(Refused, match="上级单位不能是本单位或其下级单位"):
        services.change_organisation(actor=cast.system_admin.actor, organisation=top, name="新", parent=top)


def test_change_organisation_of_another_district_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        services.change_organisation(
            actor=cast.strange_district.actor, organisation=cast.township.organisation, name="新"
        )


def test_the_tree_shows_parents_before_children_within_reach(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    top = lay_organisation(code="A-TOP", name="区政府", kind="government", area_code=DISTRICT)
    lay_organisation(code="A-LOW", name="某乡", kind="township", area_code=TOWNSHIP, parent=top)
    actor = cast.district.actor

    with django_assert_num_queries(2):
        tree = organisation_tree(actor)

    assert [(str(b.organisation), b.depth) for b in tree][:2] == [("区政府", 0), ("某乡", 1)]
    assert "海淀区专班" not in {str(b.organisation) for b in tree}
    assert "海淀区专班" in {str(b.organisation) for b in organisation_tree(cast.system_admin.actor)}
    assert {str(b.organisation): b.people for b in tree}["朝阳区专班"] == 2
