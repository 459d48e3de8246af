"""No view opens by accident: marks, the order of the checks, and what a refusal tells and does not tell."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, include, path
from django.views.generic import View

from registry.kernel.authority import Permission
from registry.kernel.errors import NotFound, PermissionRefused, Refused
from registry.web import errors
from registry.web.access import access, access_of
from tests.factories.accounts import Cast, sign_in

pytestmark = pytest.mark.django_db
OWN = ("registry.accounts", "registry.audit", "registry.web", "registry.jobs")
PUBLIC = {"sign_in", "sign_out", "healthz"}  # static files are served by WhiteNoise before any view
BEFORE_ROLE = {"choose", "change_password"}


def unmarked(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@access(public=True)
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@access(None)
def signed_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@access(Permission.REPORT_CLOSE)
def one_permission(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@access(Permission.REPORT_CLOSE, Permission.AUDIT_VERIFY)
def either_permission(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@access(Permission.REPORT_CLOSE)
class ClassView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("open")


@access(None)
def refuses(request: HttpRequest, kind: str) -> HttpResponse:
    raise {
        "rule": Refused("S04 不能受理：在堵点 P03-0137 的过错范围内。整改并经核验后方可办理。"),
        "permission": PermissionRefused("乡镇、街道没有办理这件事的权限。"),
        "foreign": NotFound("未找到项目 CY-0137。"),
        "missing": Http404("no such thing"),
        "broken": ZeroDivisionError("x"),
    }[kind]


urlpatterns = [
    path("unmarked/", unmarked),
    path("open/", open_to_all),
    path("signed-in/", signed_in),
    path("one/", one_permission),
    path("either/", either_permission),
    path("class/", ClassView.as_view()),
    path("refuses/<str:kind>/", refuses),
    path("", include("registry.web.urls")),
    path("", include("registry.accounts.urls")),
]
handler400 = "registry.web.errors.bad_request"
handler403 = "registry.web.errors.permission_denied"
handler404 = "registry.web.errors.not_found"
handler500 = "registry.web.errors.server_error"


@pytest.fixture
def here(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def routes(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern)
        else:
            yield pattern


def test_every_route_of_the_foundation_is_marked_and_the_public_ones_are_exact() -> None:
    own = [route for route in routes(get_resolver()) if route.callback.__module__.startswith(OWN)]
    marks = {route.name: access_of(route.callback) for route in own}

    assert [name for name, mark in marks.items() if mark is None] == []
    assert {name for name, mark in marks.items() if mark and mark.public} == PUBLIC
    assert {name for name, mark in marks.items() if mark and mark.before_role} == BEFORE_ROLE


def test_a_view_without_a_mark_is_refused_to_everybody(here: None, cast: Cast) -> None:
    for client in (Client(), sign_in(cast.city)):
        assert client.get("/unmarked/").status_code == 403


def test_a_view_without_a_mark_stops_the_developer(here: None, cast: Cast, settings: Any) -> None:
    settings.ACCESS_STRICT = True

    with pytest.raises(ImproperlyConfigured, match=r"test_access\.unmarked has no @access mark"):
        sign_in(cast.city).get("/unmarked/")


def test_the_anonymous_are_sent_to_the_door(here: None, client: Client) -> None:
    for address in ("/signed-in/", "/one/", "/either/", "/class/", "/refuses/rule/"):
        response = client.get(address)
        assert (response.status_code, response.url.split("?")[0]) == (302, "/sign-in/"), address
    assert client.get("/open/").content == b"open"


def test_a_post_of_the_anonymous_is_not_brought_back_to(here: None, client: Client) -> None:
    assert client.post("/signed-in/").url == "/sign-in/"


def test_htmx_is_told_to_load_the_door(here: None, client: Client) -> None:
    response = client.get("/signed-in/", headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Redirect"]) == (204, "/sign-in/")


@pytest.mark.parametrize(
    ("address", "let_in"),
    [
        ("/signed-in/", {"city", "district", "auditor", "developer", "security_admin"}),
        ("/one/", {"city"}),
        ("/class/", {"city"}),
        ("/either/", {"city", "auditor", "security_admin"}),
    ],
)
def test_the_permission_of_the_mark_decides(here: None, cast: Cast, address: str, let_in: set[str]) -> None:
    names = ("city", "district", "auditor", "developer", "security_admin")
    statuses = {name: sign_in(getattr(cast, name)).get(address).status_code for name in names}

    assert statuses == {name: 200 if name in let_in else 403 for name in names}


def test_a_refused_permission_is_logged_without_a_name(here: None, cast: Cast, caplog: Any) -> None:
    sign_in(cast.district).get("/one/?q=secret")

    assert [record.getMessage() for record in caplog.records if record.name == "registry.access"] == [
        f"refused GET /one/ to person {cast.district.person.pk} as district"
    ]


def test_a_rule_of_the_field_is_answered_with_its_sentence(here: None, cast: Cast) -> None:
    response = sign_in(cast.district).get("/refuses/rule/")

    assert response.status_code == 422
    assert "S04 不能受理：在堵点 P03-0137 的过错范围内。整改并经核验后方可办理。" in response.content.decode()


def test_a_rule_of_the_field_is_a_fragment_for_htmx(here: None, cast: Cast) -> None:
    response = sign_in(cast.district).get("/refuses/rule/", headers={"HX-Request": "true"})

    assert "P03-0137" in response.content.decode()
    assert "<html" not in response.content.decode()


def test_a_refused_permission_is_answered_with_403(here: None, cast: Cast) -> None:
    response = sign_in(cast.district).get("/refuses/permission/")

    assert response.status_code == 403
    assert "乡镇、街道没有办理这件事的权限。" in response.content.decode()


def test_what_is_foreign_and_what_is_missing_look_the_same(here: None, cast: Cast) -> None:
    client = sign_in(cast.district)
    pages = [client.get(address) for address in ("/refuses/foreign/", "/refuses/missing/", "/nowhere/")]

    assert [page.status_code for page in pages] == [404, 404, 404]
    assert len({_steady(page.content.decode()) for page in pages}) == 1
    assert "CY-0137" not in pages[0].content.decode()
    assert errors.NOT_FOUND in pages[0].content.decode()


def _steady(page: str) -> str:
    """The page without its token, which is new each time, and without the moments at which it was made."""
    changes = ("csrfmiddlewaretoken", "截至", "反映问题时，请说明时间和所办事项")
    return "\n".join(line for line in page.splitlines() if not any(word in line for word in changes))


def test_what_breaks_is_told_in_chinese_without_a_trace(here: None, cast: Cast) -> None:
    client = sign_in(cast.district)
    client.raise_request_exception = False

    response = client.get("/refuses/broken/")

    assert response.status_code == 500
    assert errors.BROKEN in response.content.decode()
    assert "ZeroDivision" not in response.content.decode()


def test_an_old_form_is_refused_politely(cast: Cast) -> None:
    client = sign_in(cast.district, Client(enforce_csrf_checks=True))

    response = client.post("/sign-out/")

    assert response.status_code == 403
    assert errors.FORM_EXPIRED in response.content.decode()


@pytest.mark.parametrize("address", ["/sign-in/", "/healthz", "/nowhere/"])
def test_every_answer_carries_the_headers(client: Client, address: str) -> None:
    response = client.get(address)

    policy = response["Content-Security-Policy"].split("; ")
    assert {"script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert (response["X-Frame-Options"], response["X-Content-Type-Options"]) == ("DENY", "nosniff")


def test_health_tells_nothing_but_alive(client: Client) -> None:
    assert client.get("/healthz").json() == {"ok": True}
