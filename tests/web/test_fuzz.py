"""Every route, asked by people of every role with what no form of ours sends: an answer in Chinese.

A seeded sample; `FUZZ_ROUNDS=12` asks every route as every role. Each request is taken back, so that none hangs on the
one before.
"""

import json
import os
import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, include, path

from projects.ledger.models import Building, Project, Unit
from registry.kernel.authority import Role
from registry.store.access import Request, access
from tests.architecture.test_urls import routes
from tests.factories.accounts import PARTS, lay_cast, sign_in
from tests.factories.projects import Estate, lay_story
from tests.web.fuzz import HOSTILE, ROLES, Ask, asks, fault_of, sent

pytestmark = pytest.mark.django_db

SEED = 20_220_308
ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "1"))


@pytest.fixture
def story(db: None) -> Estate:
    return lay_story(lay_cast())


@pytest.fixture
def clients(story: Estate) -> dict[str, Client]:
    clients = {role: sign_in(getattr(story.cast, role)) for role in ROLES}
    for client in clients.values():
        client.raise_request_exception = False
    return clients


def known() -> dict[str, list[Any]]:
    """What stands in the ledger, by the kind of thing that addresses call it."""
    return {
        "code": [Project.objects.values_list("code", flat=True)[0]],
        "number": [Building.objects.values_list("number", flat=True)[0]],
        "pk": [Unit.objects.values_list("pk", flat=True)[0], 1, 2, 3],
        "month": ["2022-02"],
    }


def faults_of(every: Iterator[Ask], clients: dict[str, Client]) -> Iterator[str]:
    """Send requests, each taken back, and say what was wrong with their answers."""
    for ask in every:
        client = clients[ask.role]
        session = client.cookies["sessionid"].value
        before = transaction.savepoint()  # no atomic block: what closes a month is a transaction of its own
        fault = fault_of(ask, sent(client, ask))
        transaction.set_rollback(False)
        transaction.savepoint_rollback(before)
        client.cookies.clear()
        client.cookies["sessionid"] = session
        if fault:
            yield f"{fault}: {ask}"


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_no_route_answers_hostile_input_with_an_accident(clients: dict[str, Client], round_: int) -> None:
    every = sorted(routes(get_resolver()), key=lambda pair: pair[0])

    faults = list(faults_of(asks(every, clients, random.Random(SEED + round_), known(), turn=round_), clients))

    assert faults == []


def test_every_role_has_its_turn_at_every_route(clients: dict[str, Client]) -> None:
    assert {PARTS[name][0] for name in ROLES} == set(Role)
    every = sorted(routes(get_resolver()), key=lambda pair: pair[0])[:2]
    dice = random.Random(SEED)

    met = {
        (a.route, a.role, a.method)
        for turn in range(len(ROLES))
        for a in asks(every, clients, dice, known(), turn=turn)
    }

    assert {(route, role) for route, role, _ in met} == {(name, role) for name, _ in every for role in ROLES}
    assert {method for _, _, method in met} >= {"GET", "POST", "HEAD", "PUT", "DELETE"}


# Accidents of each kind, planted: what the walk above would not see, it could not refuse. ---------------------------

SHOWN = '<main><form method="post"><input name="day"><input type="file" name="file"></form>表单</main>'


@access(None)
def sound(request: Request) -> HttpResponse:
    return HttpResponse(SHOWN)


@access(None)
def of_query(request: Request) -> HttpResponse:
    return HttpResponse(f"第{[int(value) for value in request.GET.values() if value.isdigit()]}页")


@access(None)
def of_field(request: Request) -> HttpResponse:
    return HttpResponse(f"{date.fromisoformat(request.POST.get('day') or '2022-03-08')} {SHOWN}")


@access(None)
def of_file(request: Request) -> HttpResponse:
    return HttpResponse(SHOWN + (request.FILES["file"].read().decode() if request.FILES else ""))


@access(None)
def of_body(request: Request) -> HttpResponse:
    return HttpResponse(f"{json.loads(request.body) if request.content_type.endswith('json') else ''}表单")


@access(None)
def of_header(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"第{int(request.headers.get('X-Polled', '1'))}次")


@access(None)
def of_cookie(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{json.loads(request.COOKIES.get('messages', '{}'))}条")


@access(None)
def of_method(request: HttpRequest) -> HttpResponse:
    return HttpResponse("表单" if request.method in ("GET", "POST", "HEAD") else "method")


@access(None)
def of_one_role(request: Request) -> HttpResponse:
    return HttpResponse("表单", status=500 if request.actor.role == Role.TAX else 200)


@access(None)
def without_a_word(request: Request) -> HttpResponse:
    return HttpResponse("OK", status=400 if request.method == "POST" else 200)


@access(None)
def of_nothing(request: Request) -> HttpResponse:
    return HttpResponse(f"<p>收件人</p><p>{request.POST.get('day')}</p>")


PLANTED = (
    of_query, of_field, of_file, of_body, of_header, of_cookie, of_method, of_one_role, without_a_word, of_nothing,
)  # fmt: skip
urlpatterns = [
    *(path(f"planted/{view.__name__}/", view, name=view.__name__) for view in (sound, *PLANTED)),
    path("", include("registry.urls")),
]
handler400 = "registry.web.errors.bad_request"
handler403 = "registry.web.errors.permission_denied"
handler404 = "registry.web.errors.not_found"
handler500 = "registry.web.errors.server_error"


@pytest.mark.parametrize("view", PLANTED, ids=lambda view: view.__name__)
def test_an_accident_of_each_kind_would_be_found(clients: dict[str, Client], settings: Any, view: Any) -> None:
    settings.ROOT_URLCONF = __name__
    planted = [pair for pair in routes(get_resolver()) if pair[0] == view.__name__]

    rounds = (asks(planted, clients, random.Random(SEED + turn), {"pk": [1]}, turn=turn) for turn in range(120))

    assert any(fault for every in rounds for fault in faults_of(every, clients))


def test_a_sound_view_is_not_blamed(clients: dict[str, Client], settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    planted = [pair for pair in routes(get_resolver()) if pair[0] == "sound"]

    rounds = (asks(planted, clients, random.Random(SEED + turn), {"pk": [1]}, turn=turn) for turn in range(12))

    assert [fault for every in rounds for fault in faults_of(every, clients)] == []
    assert len(HOSTILE) == len(set(HOSTILE))
