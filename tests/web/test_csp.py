"""Every answer carries the policy; no page stays in a cache."""

from django.http import HttpResponse
from django.test import Client, RequestFactory

from registry.web.csp import POLICY, SecurityHeadersMiddleware


def answer(path: str, **headers: str) -> HttpResponse:
    return SecurityHeadersMiddleware(lambda request: HttpResponse(headers=headers))(RequestFactory().get(path))


def test_policy_forbids_inline_code_other_hosts_and_frames() -> None:
    assert "'unsafe-inline'" not in POLICY
    assert "'unsafe-eval'" not in POLICY
    assert "http" not in POLICY
    for rule in ("default-src 'self'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert rule in POLICY.split("; ")


def test_page_is_never_kept() -> None:
    response = answer("/projects/")

    assert response["Cache-Control"] == "no-store, private"
    assert response["Content-Security-Policy"] == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"


def test_static_file_may_be_kept() -> None:
    assert answer("/static/registry/app.css", **{"Cache-Control": "max-age=3600"})["Cache-Control"] == "max-age=3600"


def test_stricter_caching_of_a_view_stands() -> None:
    kept = "max-age=0, no-cache, no-store, must-revalidate, private"

    assert answer("/sign-in/", **{"Cache-Control": kept})["Cache-Control"] == kept


def test_a_view_cannot_loosen_caching() -> None:
    assert answer("/projects/", **{"Cache-Control": "public, max-age=60"})["Cache-Control"] == "no-store, private"


def test_page_not_found_carries_the_policy(client: Client) -> None:
    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert response["Content-Security-Policy"] == POLICY
    assert "no-store" in response["Cache-Control"]
