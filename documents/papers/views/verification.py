"""The public page on which a paper is proven by its code."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from documents.papers.selectors.verification import QUESTIONS, proof_of
from registry.accounts.selectors.browsers import client_address
from registry.store.access import SignInRequest, access


@access(public=True)
@never_cache
@require_GET
def ask_proof(request: SignInRequest) -> HttpResponse:
    """Ask for the code that stands on a paper."""
    code = request.GET.get("code", "").strip()
    if code:
        return redirect("papers_public:proof", code=code[:40])
    return render(request, "papers/proof.html", {"title": "文书核验", "code": "", "proof": None, "is_asked": False})


@access(public=True)
@never_cache
@require_GET
def proof(request: SignInRequest, code: str) -> HttpResponse:
    """Whether a paper is of this registry and in force: no names, and not for who asks too often."""
    if not QUESTIONS.may_ask(client_address(request)):
        context: dict[str, Any] = {
            "title": "文书核验",
            "code": "",
            "proof": None,
            "is_asked": False,
            "is_limited": True,
        }
        return render(request, "papers/proof.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    proven = proof_of(code)
    context = {"title": "文书核验", "code": code[:40], "proof": proven, "is_asked": True}
    status = HTTPStatus.OK if proven else HTTPStatus.NOT_FOUND
    return render(request, "papers/proof.html", context, status=status)
