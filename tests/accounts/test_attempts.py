"""Failed attempts: by whom they are counted, whom they slow down, and whom they never lock out."""

from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.test import Client

from registry.accounts import services
from registry.store.clock import true_now
from tests.accounts.test_sign_in import DOOR, knock
from tests.factories.accounts import Cast, Player

pytestmark = pytest.mark.django_db


def test_many_names_tried_from_one_address_are_slowed_down_never_locked_out(cast: Cast) -> None:
    """20 failures in half an hour: then 1, 2, 4 … 30 seconds after each. A colleague waits seconds, not minutes."""
    with time_machine.travel(true_now(), tick=False) as clock:
        client = Client(REMOTE_ADDR="10.9.9.9")
        for number in range(20):
            assert client.post(DOOR, {"username": f"name{number}", "password": "wrong"}).status_code == 200
        at_once = knock(client, cast.district)
        clock.shift(1)
        after_a_second = knock(Client(REMOTE_ADDR="10.9.9.9"), cast.district)

    assert at_once.status_code == 429
    assert "请等1秒再登录" in at_once.content.decode()
    assert after_a_second.status_code == 302


def test_the_pause_doubles_up_to_half_a_minute_and_another_address_does_not_wait(cast: Cast) -> None:
    with time_machine.travel(true_now(), tick=False) as clock:
        pauses = []
        for number in range(27):
            client = Client(REMOTE_ADDR="10.9.9.9")
            answer = client.post(DOOR, {"username": f"name{number}", "password": "wrong"})
            if answer.status_code == 429:
                pauses.append(answer.context["pause"])
                clock.shift(answer.context["pause"])
                client.post(DOOR, {"username": f"name{number}", "password": "wrong"})
        elsewhere = knock(Client(REMOTE_ADDR="10.9.9.10"), cast.district)

    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert elsewhere.status_code == 302


def locked_for(player: Player, address: str, **headers: str) -> None:
    """A colleague fails five times under somebody's name, from the office's one address."""
    colleague = Client(REMOTE_ADDR=address, **headers)
    statuses = [knock(colleague, player, "wrong").status_code for _ in range(5)]
    assert statuses[-1] == 429


def test_a_colleague_locks_nobody_out_of_the_browser_they_signed_in_with_before(cast: Cast) -> None:
    own, elsewhere = Client(REMOTE_ADDR="10.9.9.9"), Client(REMOTE_ADDR="10.9.9.9")
    assert knock(own, cast.district).status_code == 302
    own.post("/sign-out/")

    locked_for(cast.district, "10.9.9.9")

    assert knock(own, cast.district).status_code == 302
    assert knock(elsewhere, cast.district).status_code == 429, "a browser that does not know the person stays locked"


def test_the_mark_of_a_browser_opens_one_name_only_and_no_forged_one_opens_any(cast: Cast) -> None:
    own = Client(REMOTE_ADDR="10.9.9.9")
    knock(own, cast.township)
    own.post("/sign-out/")
    locked_for(cast.district, "10.9.9.9")

    assert knock(own, cast.district).status_code == 429
    for forged in ("", "x", "W10:x:y", own.cookies["browser"].value[:-2] + "xx"):
        stranger = Client(REMOTE_ADDR="10.9.9.9")
        stranger.cookies["browser"] = forged
        assert knock(stranger, cast.district).status_code == 429


def test_five_failures_in_the_known_browser_lock_it_too_and_a_reset_lifts_that(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    own = Client()
    assert knock(own, cast.township).status_code == 302
    own.post("/sign-out/")

    assert [knock(own, cast.township, "wrong").status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    assert knock(own, cast.township).status_code == 429
    assert knock(Client(), cast.township).status_code == 302, "and no other browser"

    with django_capture_on_commit_callbacks(execute=True):
        issued = services.reset_password(actor=cast.district.actor, person=cast.township.person)
    assert knock(own, cast.township, issued.first_password).status_code == 302


def test_the_known_browser_does_not_wait_for_what_others_failed_at(cast: Cast) -> None:
    own, stranger = Client(REMOTE_ADDR="10.9.9.9"), Client(REMOTE_ADDR="10.9.9.9")
    knock(own, cast.district)
    own.post("/sign-out/")
    for number in range(21):
        stranger.post(DOOR, {"username": f"name{number}", "password": "wrong"})

    assert knock(stranger, cast.township).status_code == 429
    assert knock(own, cast.district).status_code == 302


@pytest.mark.parametrize(
    ("trusted", "forwarded", "counted"),
    [
        (0, "10.1.1.1", "127.0.0.1"),  # nobody trusted: whoever writes the header is one address all the same
        (1, "10.1.1.1", "10.1.1.1"),
        (1, "6.6.6.6, 10.1.1.1", "10.1.1.1"),  # what a client wrote itself stands further left
        (2, "6.6.6.6, 10.1.1.1, 10.0.0.1", "10.1.1.1"),
        (2, "10.1.1.1", "127.0.0.1"),
        (1, "\u00b2", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_an_address_is_the_one_that_the_trusted_proxies_saw(
    cast: Cast, settings: Any, trusted: int, forwarded: str, counted: str
) -> None:
    settings.TRUSTED_PROXIES = trusted
    client = Client(HTTP_X_FORWARDED_FOR=forwarded) if forwarded else Client()

    knock(client, cast.district, "wrong")

    assert AccessAttempt.objects.get().ip_address == counted


def test_behind_a_trusted_proxy_a_colleague_locks_a_name_at_their_own_address_only(cast: Cast, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    locked_for(cast.district, "127.0.0.1", HTTP_X_FORWARDED_FOR="10.1.1.1")

    assert knock(Client(HTTP_X_FORWARDED_FOR="10.1.1.2"), cast.district).status_code == 302
    assert knock(Client(HTTP_X_FORWARDED_FOR="10.1.1.2, 10.1.1.1"), cast.district).status_code == 429
