"""The record on screen."""

import pytest

from registry.accounts import services
from registry.audit.models import Act
from registry.kernel.authority import Permission
from tests.factories.accounts import Cast, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def laid(cast: Cast) -> Cast:
    services.save_filter(actor=cast.district.actor, page="p", name="区里的", query="a=1")
    services.disable_person(actor=cast.system_admin.actor, person=cast.tax.person, reason="离职")
    return cast


def test_the_record_opens_to_its_readers(laid: Cast) -> None:
    names = [name for name in Cast.__annotations__ if name != "tax"]
    found = {name: sign_in(getattr(laid, name)).get("/audit/").status_code for name in names}

    expected = {name: 200 if getattr(laid, name).actor.can(Permission.AUDIT_READ) else 403 for name in names}
    assert found == expected
    assert {name for name, status in found.items() if status == 403} == {
        "developer",
        "strange_developer",
        "system_admin",
    }


def test_the_record_reads_in_sentences_newest_first(laid: Cast) -> None:
    page = sign_in(laid.auditor).get("/audit/")

    assert [(one.who, one.text, one.reason) for one in page.context["happenings"]] == [
        ("系统运维", "停用己税的账号", "离职"), ("朝阳区专班", "保存筛选“区里的”", ""),
    ]  # fmt: skip
    assert "停用己税的账号" in page.content.decode()


def test_who_may_not_read_the_system_is_asked_for_a_project(laid: Cast) -> None:
    page = sign_in(laid.district).get("/audit/")

    assert page.context["needs_project"]
    assert "停用己税" not in page.content.decode()
    for player in (laid.district, laid.auditor):
        unknown = sign_in(player).get("/audit/?project=NOT-A-PROJECT")
        assert "未找到项目“NOT-A-PROJECT”" in unknown.content.decode()
        assert "happenings" not in unknown.context, "nothing instead, not the record of the system"
    assert sign_in(laid.district).get(f"/audit/{Act.objects.first().pk}/").status_code == 404
    assert sign_in(laid.district).get("/audit/1/").status_code == 404


@pytest.mark.parametrize(
    ("query", "number"),
    [("event=停用", 1), ("event=没有这样的事", 0), ("who=朝阳", 1), ("starts=2099-01-01", 0), ("ends=2099-01-01", 2),
     ("starts=x", 2), ("actor_name__startswith=壬", 2), ("facts__name=x", 2)],
)  # fmt: skip
def test_the_record_is_filtered_by_the_fields_of_the_form_alone(laid: Cast, query: str, number: int) -> None:
    assert len(sign_in(laid.auditor).get(f"/audit/?{query}").context["happenings"]) == number


def test_one_act_shows_its_rows(laid: Cast) -> None:
    act = Act.objects.get(event="person.disabled")
    page = sign_in(laid.auditor).get(f"/audit/{act.pk}/").content.decode()

    assert "在用：是 → 否" in page
    assert all(code not in page for code in ("is_active", "person.disabled", "accounts_person", "False"))
    assert act.hash in page


def test_pages_of_the_record_follow_each_other(laid: Cast) -> None:
    for number in range(60):
        services.save_filter(actor=laid.district.actor, page="p", name=f"第{number}", query="a=1")
    client = sign_in(laid.auditor)

    first = client.get("/audit/")
    second = client.get("/audit/?" + first.context["page"].next_query)

    texts = [one.text for page in (first, second) for one in page.context["happenings"]]
    assert (len(texts), len(set(texts))) == (62, 62)
    assert texts[0] == "保存筛选“第59”"
