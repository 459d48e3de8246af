"""The screens of the accounts: who opens which, what they show, and the way from a new account to a first sign-in."""

import re
from typing import Any

import pytest
from django.test import Client

from registry.accounts import services
from registry.accounts.models import Approval, Assignment, Organisation, Person
from registry.kernel.authority import Role
from registry.store.clock import shanghai_day, true_now
from tests.factories.accounts import PASSWORD, Cast, assert_asks, lay_organisation, lay_person, sign_in

pytestmark = pytest.mark.django_db
KEEPERS = {"city", "district", "district_second", "strange_district", "system_admin", "security_admin"}
MANAGERS = KEEPERS - {"security_admin"}


def text(response: Any) -> str:
    return str(response.content.decode())


def statuses(cast: Cast, address: str) -> dict[str, int]:
    return {name: sign_in(getattr(cast, name)).get(address).status_code for name in Cast.__annotations__}


@pytest.mark.parametrize(
    ("address", "let_in"),
    [
        ("/people/", KEEPERS),
        ("/organisations/", KEEPERS),
        ("/people/new/", MANAGERS),
        ("/organisations/new/", MANAGERS),
        ("/approvals/", set(Cast.__annotations__)),
        ("/", set(Cast.__annotations__)),
        ("/choose/", set(Cast.__annotations__)),
        ("/password/", set(Cast.__annotations__)),
    ],
)
def test_pages_open_to_those_who_may(cast: Cast, address: str, let_in: set[str]) -> None:
    assert statuses(cast, address) == {name: 200 if name in let_in else 403 for name in Cast.__annotations__}


@pytest.mark.parametrize("verb", ["", "assign/", "disable/", "reset/"])
def test_a_person_of_another_district_is_not_there(cast: Cast, verb: str) -> None:
    client = sign_in(cast.strange_district)
    foreign = client.get(f"/people/{cast.township.person.pk}/{verb}")
    missing = client.get(f"/people/999999/{verb}")

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert sign_in(cast.district).get(f"/people/{cast.township.person.pk}/{verb}").status_code == 200


def test_the_list_of_people_stays_within_reach(cast: Cast) -> None:
    shown = {
        name: {row.person.name for row in sign_in(getattr(cast, name)).get("/people/").context["rows"]}
        for name in ("district", "strange_district", "system_admin")
    }

    assert shown["strange_district"] == {"子区", "丑镇", "寅规", "卯开"}
    assert shown["district"] == {"乙区", "乙二", "丙乡", "丁规", "戊登", "己税", "庚开"}
    assert len(shown["system_admin"]) == len(Cast.__annotations__)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=丙", ["丙乡"]), ("q=town", ["丙乡"]), ("role=tax", ["己税"]), ("q=丙&role=tax", []), ("role=nonsense", None),
        ("person__password__startswith=a", None), ("ordering=password", None), ("password__startswith=p", None),
    ],
)  # fmt: skip
def test_people_are_filtered_by_the_fields_of_the_form_alone(cast: Cast, query: str, names: list[str] | None) -> None:
    rows = sign_in(cast.district).get(f"/people/?{query}").context["rows"]
    everybody = sign_in(cast.district).get("/people/").context["rows"]

    assert [row.person.name for row in rows] == (names if names is not None else [row.person.name for row in everybody])


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_people_costs_the_same_however_long(cast: Cast, number: int) -> None:
    for place in range(number):
        lay_person(username=f"more.{place}", organisation=cast.district.organisation)
    client = sign_in(cast.district)

    with assert_asks(5):  # actor, page, total, roles, count of the bar
        assert client.get("/people/").status_code == 200


def test_the_list_of_people_is_cut_into_pages(cast: Cast) -> None:
    for place in range(60):
        lay_person(username=f"more.{place:02}", name=f"某{place:02}", organisation=cast.district.organisation)
    client = sign_in(cast.district)

    first = client.get("/people/?q=某")
    second = client.get("/people/?" + first.context["page"].next_query)

    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 10)
    assert second.context["page"].next_query == ""
    assert "q=%E6%9F%90" in first.context["page"].next_query


def test_from_a_new_account_to_the_first_sign_in(cast: Cast) -> None:
    """Opened by the administrator, granted by security, who alone sees the password, once; changed at first sign-in."""
    administrator, security = sign_in(cast.system_admin), sign_in(cast.security_admin)
    words = {
        "organisation": cast.township.organisation.pk,
        "name": "陈新",
        "username": "chen.x",
        "phone": "19900001234",
    }
    opened = administrator.post("/people/new/", words)
    person = Person.objects.get(username="chen.x")
    assert opened.url == f"/people/{person.pk}/assign/"

    today = shanghai_day(true_now())
    words = {"organisation": cast.township.organisation.pk, "role": "township", "starts": today.isoformat()}
    assert administrator.post(opened.url, words).url == f"/people/{person.pk}/"
    approval = Approval.objects.get()
    assert administrator.get(f"/approvals/{approval.pk}/").context["may_withdraw"]

    page = security.get(f"/approvals/{approval.pk}/")
    assert dict(page.context["lines"])["角色"] == "乡镇、街道"
    assert Role.TOWNSHIP.description in text(page)
    answer = security.post(f"/approvals/{approval.pk}/", {"decision": "approve"})
    secret = answer.context["issued"].first_password
    assert secret in text(answer)
    assert "no-store" in answer["Cache-Control"]
    assert secret not in text(security.get(f"/approvals/{approval.pk}/")) + text(security.get("/approvals/"))

    client = Client()
    assert client.post("/sign-in/", {"username": "chen.x", "password": secret}).url == "/"
    assert client.get("/").url == "/password/"
    words = {"old_password": secret, "new_password": "Fresh-words-77", "again": "Fresh-words-77"}
    assert client.post("/password/", words).url == "/"
    assert client.get("/").context["actor"].role == Role.TOWNSHIP


def test_a_refusal_stands_in_the_form_and_input_is_kept(cast: Cast) -> None:
    client = sign_in(cast.system_admin)
    words = {"organisation": cast.township.organisation.pk, "name": "陈新", "username": "district"}

    page = client.post("/people/new/", words)

    assert page.status_code == 200
    assert page.context["form"].errors["username"] == [
        "登录名district已被使用。一人一号，请核对是否已有账号，或换一个登录名。"
    ]
    assert 'value="陈新"' in text(page)


def test_extra_fields_change_nothing(cast: Cast) -> None:
    """Mass assignment: every field of the model posted beside the form's own."""
    extra = {"is_active": "", "must_change_password": "", "password": "x", "session_epoch": "9", "id": "1", "pk": "1"}
    words = {"organisation": cast.township.organisation.pk, "name": "陈新", "username": "chen.x", **extra}

    sign_in(cast.system_admin).post("/people/new/", words)

    person = Person.objects.get(username="chen.x")
    assert (person.is_active, person.must_change_password, person.session_epoch) == (True, True, 0)
    assert not person.has_usable_password()


def test_the_organisation_of_another_district_can_not_be_chosen(cast: Cast) -> None:
    words = {"organisation": cast.strange_township.organisation.pk, "name": "陈新", "username": "chen.x"}

    page = sign_in(cast.district).post("/people/new/", words)

    assert "organisation" in page.context["form"].errors
    assert not Person.objects.filter(username="chen.x").exists()


def test_ending_disabling_and_resetting_by_form(cast: Cast) -> None:
    client = sign_in(cast.district)
    today = shanghai_day(true_now())

    reset = client.post(f"/people/{cast.township.person.pk}/reset/", {"reason": "忘记"})
    assert re.search(r"[A-Za-z2-9]{4}(-[A-Za-z2-9]{4}){2}", text(reset))
    assert client.post(f"/assignments/{cast.township.assignment.pk}/end/", {"ends": today}).status_code == 302
    assert not Assignment.objects.in_force(today).filter(pk=cast.township.assignment.pk).exists()
    assert client.post(f"/people/{cast.tax.person.pk}/disable/", {"reason": ""}).context["form"].errors["reason"] == [
        "请写明原因。"
    ]
    assert client.post(f"/people/{cast.tax.person.pk}/disable/", {"reason": "离职"}).status_code == 302
    page = text(client.get(f"/people/{cast.tax.person.pk}/"))
    assert "账号已停用" in page
    assert "停用己税的账号" in page


def test_organisations_are_registered_and_changed_by_form(cast: Cast) -> None:
    client = sign_in(cast.district)
    words = {"code": "T-9", "name": "示范街道办事处", "kind": "township", "area_code": "110105043"}

    assert client.post("/organisations/new/", words).status_code == 302
    organisation = Organisation.objects.get(code="T-9")
    changed = {"name": "示范街道", "is_active": "on", "code": "X", "kind": "court", "area_code": "110108"}
    assert client.post(f"/organisations/{organisation.pk}/", changed).status_code == 302

    organisation.refresh_from_db()
    assert (organisation.name, organisation.code, organisation.kind, organisation.area_code) == (
        "示范街道", "T-9", "township", "110105043",
    )  # fmt: skip
    assert client.get(f"/organisations/{cast.strange_township.organisation.pk}/").status_code == 404


def test_a_proposal_can_be_sent_back_and_taken_back_by_form(cast: Cast) -> None:
    today = shanghai_day(true_now())
    made = [
        services.propose_assignment(
            actor=cast.district.actor, person=cast.township.person, organisation=at, role=Role.DEPARTMENT, starts=today
        )
        for at in (cast.department.organisation, lay_organisation(code="D-X", area_code="110105"))
    ]

    second = sign_in(cast.district_second)
    assert second.post(f"/approvals/{made[0].pk}/", {"decision": "return"}).context["form"].errors["remark"]
    assert second.post(f"/approvals/{made[0].pk}/", {"decision": "return", "remark": "重复"}).status_code == 302
    assert second.post(f"/approvals/{made[1].pk}/", {"decision": "nonsense"}).context["form"].non_field_errors()
    assert second.post(f"/approvals/{made[1].pk}/", {"decision": "withdraw"}).status_code == 404
    assert sign_in(cast.district).post(f"/approvals/{made[1].pk}/", {"decision": "withdraw"}).status_code == 302

    assert sorted(Approval.objects.values_list("status", flat=True)) == ["returned", "withdrawn"]
    assert sign_in(cast.strange_district).get(f"/approvals/{made[0].pk}/").status_code == 404


def test_a_page_never_shows_a_password_hash(cast: Cast) -> None:
    client = sign_in(cast.system_admin)
    hashed = Person.objects.get(pk=cast.township.person.pk).password
    pages = text(client.get("/people/")) + text(client.get(f"/people/{cast.township.person.pk}/"))

    assert "丙乡" in pages
    assert hashed not in pages
    assert PASSWORD not in pages
