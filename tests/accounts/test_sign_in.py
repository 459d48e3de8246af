"""Sign-in: signing in and out, lock-out, choosing a role, the first password; rights that end at once."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from registry.accounts import services
from registry.accounts.models import Person
from registry.kernel.authority import Role
from registry.store.clock import shanghai_day, true_now
from registry.store.guard import fixture_writes
from tests.factories.accounts import PASSWORD, Cast, Player, assert_asks, lay_assignment, lay_person, sign_in

pytestmark = pytest.mark.django_db
DOOR, DESK, CHOOSE, CHANGE = "/sign-in/", "/", "/choose/", "/password/"


def knock(client: Client, player: Player, password: str = PASSWORD, **more: str) -> Any:
    return client.post(DOOR, {"username": player.person.username, "password": password, **more})


def is_in(client: Client) -> bool:
    return bool(client.get("/approvals/").status_code == 200)


def test_signing_in_leads_to_the_desk(cast: Cast, client: Client) -> None:
    response = knock(client, cast.district)

    assert (response.status_code, response.url) == (302, DESK)
    page = client.get(DESK)
    assert page.context["actor"].role == Role.DISTRICT
    assert "乙区" in page.content.decode()


def test_signing_in_goes_on_to_where_one_wanted_and_never_elsewhere(cast: Cast, client: Client) -> None:
    sent = client.get("/approvals/?after=")
    assert sent.url.startswith(f"{DOOR}?next=%2Fapprovals%2F")

    assert knock(client, cast.district, next="/approvals/").url == "/approvals/"
    for elsewhere in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        assert knock(Client(), cast.district, next=elsewhere).url == DESK


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(cast: Cast) -> None:
    answers = []
    for username, password in (("district", "wrong"), ("nobody", "wrong"), ("nobody", PASSWORD)):
        response = Client(REMOTE_ADDR=f"10.0.0.{len(answers)}").post(DOOR, {"username": username, "password": password})
        answers.append((response.status_code, response.context["form"].non_field_errors()))

    assert answers == [(200, ["登录名或密码错误，或账号已停用。连续输错5次，锁定30分钟。"])] * 3


def test_five_failures_lock_even_the_right_password_out(cast: Cast) -> None:
    client = Client()
    statuses = [knock(client, cast.district, "wrong").status_code for _ in range(5)]

    assert statuses == [200, 200, 200, 200, 429]
    locked = knock(client, cast.district)
    assert locked.status_code == 429
    assert "锁定" in locked.content.decode()
    assert knock(client, cast.township).status_code == 302, "another person at the same machine is not locked out"


def test_a_reset_lifts_the_lock_out(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    client = Client()
    for _ in range(5):
        knock(client, cast.township, "wrong")

    with django_capture_on_commit_callbacks(execute=True):
        issued = services.reset_password(actor=cast.district.actor, person=cast.township.person)

    assert knock(client, cast.township, issued.first_password).status_code == 302


def test_a_success_before_the_fifth_failure_starts_the_count_anew(cast: Cast) -> None:
    client = Client()
    for _ in range(4):
        knock(client, cast.district, "wrong")
    assert knock(client, cast.district).status_code == 302
    for _ in range(4):
        assert knock(Client(), cast.district, "wrong").status_code == 200


def test_a_disabled_person_and_one_without_a_role_stay_outside(cast: Cast, client: Client) -> None:
    lay_person(username="no.role")
    services.disable_person(actor=cast.system_admin.actor, person=cast.tax.person, reason="离职")

    assert "已停用" in str(knock(client, cast.tax).context["form"].errors)
    response = client.post(DOOR, {"username": "no.role", "password": PASSWORD})
    assert response.context["form"].non_field_errors() == ["账号今日无有效职责，不能登录。请联系授权单位。"]
    assert Session.objects.count() == 0


def test_signing_in_writes_nothing_to_the_person(cast: Cast, client: Client, settings: Any) -> None:
    """Django notes the last sign-in and re-hashes old passwords; both would be writes outside the one write path."""
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "django.contrib.auth.hashers.ScryptPasswordHasher"]
    with fixture_writes():
        Person.objects.filter(pk=cast.district.person.pk).update(password=make_password(PASSWORD, hasher="scrypt"))
    before = Person.objects.filter(pk=cast.district.person.pk).values().get()

    assert knock(client, cast.district).status_code == 302

    assert Person.objects.filter(pk=cast.district.person.pk).values().get() == before
    assert is_in(client)


def test_signing_out_ends_the_session_and_clears_the_browser(cast: Cast) -> None:
    client = sign_in(cast.district)
    assert is_in(client)

    response = client.post("/sign-out/")

    assert (response.status_code, response.url) == (302, DOOR)
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    gone = {name: cookie["max-age"] for name, cookie in response.cookies.items() if not cookie.value}
    assert gone == {"sessionid": 0, "csrftoken": 0, "messages": 0}, "each cookie of ours but the mark of the browser"
    assert not is_in(client)
    assert client.post("/sign-out/").url == DOOR


def test_signing_out_is_a_post(cast: Cast) -> None:
    client = sign_in(cast.district)

    assert client.get("/sign-out/").status_code == 405
    assert is_in(client)


def test_the_session_key_changes_at_sign_in(cast: Cast, client: Client) -> None:
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key

    knock(client, cast.district)

    assert client.cookies["sessionid"].value != session.session_key


def test_the_session_cookie_idles_out(cast: Cast, client: Client, settings: Any) -> None:
    cookie = knock(client, cast.district).cookies["sessionid"]

    assert settings.SESSION_COOKIE_AGE == 15 * 60
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (900, True, "Lax")
    stored = Session.objects.get(pk=cookie.value)
    Session.objects.filter(pk=cookie.value).update(expire_date=stored.expire_date - timedelta(minutes=16))
    assert not is_in(client)


def test_several_roles_lead_to_a_choice_and_can_be_switched(cast: Cast, client: Client) -> None:
    second = lay_assignment(cast.district.person, cast.department.organisation, Role.DEPARTMENT)

    assert knock(client, cast.district, next="/approvals/").url == f"{CHOOSE}?next=/approvals/"
    assert client.get(DESK).url.startswith(CHOOSE)
    page = client.get(CHOOSE)
    assert [choice.label for choice in page.context["choices"]] == ["区专班，朝阳区专班", "部门，规自分局"]

    assert client.post(CHOOSE, {"assignment": second.pk, "next": "/approvals/"}).url == "/approvals/"
    assert client.get(DESK).context["actor"].role == Role.DEPARTMENT
    client.post(CHOOSE, {"assignment": cast.district.assignment.pk})
    assert client.get(DESK).context["actor"].role == Role.DISTRICT


def test_nobody_chooses_what_is_not_theirs(cast: Cast) -> None:
    client = sign_in(cast.district)

    for foreign in (cast.city.assignment.pk, 999999, "x", ""):
        assert client.post(CHOOSE, {"assignment": foreign}).status_code == 200
    assert client.get(DESK).context["actor"].role == Role.DISTRICT


def test_the_first_password_must_be_changed_before_anything_else(cast: Cast, client: Client) -> None:
    issued = services.reset_password(actor=cast.district.actor, person=cast.township.person)
    assert knock(client, cast.township, issued.first_password).status_code == 302

    sent = {path: client.get(path).url for path in (DESK, "/approvals/", "/people/")}
    assert sent == {
        DESK: CHANGE, "/approvals/": f"{CHANGE}?next=%2Fapprovals%2F", "/people/": f"{CHANGE}?next=%2Fpeople%2F",
    }  # fmt: skip
    words = {"old_password": issued.first_password, "new_password": "Fresh-words-77", "again": "Fresh-words-77"}
    assert client.post(CHANGE, words).url == DESK

    assert is_in(client)


def test_a_refused_password_keeps_the_old_one(cast: Cast) -> None:
    client = sign_in(cast.district)

    mixed = client.post(CHANGE, {"old_password": PASSWORD, "new_password": "Fresh-words-77", "again": "other"})
    assert mixed.context["form"].errors["again"] == ["两次输入的新密码不一致。请重新输入。"]
    plain = client.post(CHANGE, {"old_password": PASSWORD, "new_password": "plainwords", "again": "plainwords"})
    assert "至少用三类" in plain.context["form"].errors["new_password"][0]
    cast.district.person.refresh_from_db()
    assert cast.district.person.check_password(PASSWORD)


def test_changing_the_password_ends_the_other_sessions(cast: Cast) -> None:
    here, elsewhere = sign_in(cast.district), sign_in(cast.district)
    words = {"old_password": PASSWORD, "new_password": "Fresh-words-77", "again": "Fresh-words-77"}

    assert here.post(CHANGE, words).status_code == 302

    assert (is_in(here), is_in(elsewhere)) == (True, False)


def _end(cast: Cast) -> None:
    today = shanghai_day(true_now())
    services.end_assignment(actor=cast.district.actor, assignment=cast.township.assignment, ends=today)


def _disable(cast: Cast) -> None:
    services.disable_person(actor=cast.district.actor, person=cast.township.person, reason="离职")


def _reset(cast: Cast) -> None:
    services.reset_password(actor=cast.district.actor, person=cast.township.person)


@pytest.mark.parametrize("change", [_end, _disable, _reset])
def test_rights_taken_away_end_the_session_at_the_next_request(cast: Cast, change: Callable[[Cast], None]) -> None:
    client = sign_in(cast.township)
    assert is_in(client)

    change(cast)

    response = client.get("/approvals/")
    assert (response.status_code, response.url) == (302, f"{DOOR}?next=%2Fapprovals%2F")
    assert "会话已结束" in client.get(DOOR).content.decode()
    assert not is_in(client)


def test_a_role_that_runs_out_ends_the_session(cast: Cast) -> None:
    client = sign_in(cast.township)
    with fixture_writes():
        cast.township.assignment.ends = shanghai_day(true_now())
        cast.township.assignment.save()

    assert not is_in(client)


def test_a_session_of_another_person_or_without_epoch_is_none(cast: Cast) -> None:
    client = sign_in(cast.township)
    session = client.session
    session["assignment"] = cast.city.assignment.pk
    session.save()
    assert not is_in(client)

    client = sign_in(cast.township)
    session = client.session
    del session["epoch"]
    session.save()
    assert not is_in(client)


@pytest.mark.parametrize(("player", "number"), [("district", 1), ("developer", 2)])
def test_knowing_who_asks_costs_one_query_beside_the_session(cast: Cast, player: str, number: int) -> None:
    client = sign_in(getattr(cast, player))

    with assert_asks(number + 1):  # the bar of the page that says 405 counts the inbox
        assert client.get("/sign-out/").status_code == 405


def test_a_session_is_kept_alive_once_a_minute(cast: Cast, settings: Any) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = False
    client = sign_in(cast.district)
    ends = []
    with time_machine.travel(true_now(), tick=False) as clock:
        for seconds in (0, 30, 31, 14 * 60, 14 * 60):
            clock.shift(seconds)
            assert is_in(client)
            ends.append(Session.objects.get().expire_date)
        clock.shift(15 * 60 + 1)
        assert not is_in(client)

    assert [end > before for before, end in pairwise(ends)] == [False, True, True, True]


def test_names_of_the_door_are_as_settings_say(settings: Any) -> None:
    assert (reverse(settings.LOGIN_URL), reverse(settings.LOGIN_REDIRECT_URL)) == (DOOR, DESK)
