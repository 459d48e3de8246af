"""What a page asks for while somebody types: keep this, forget that, I am still here."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from registry.store.access import Request, access, is_address_here
from registry.store.drafts import LONGEST_PLACE, drop_draft, keep_draft
from registry.web.typed.places import is_own, kept_of, place_of

NOT_KEPT = "草稿未能自动保存。请检查填写内容后提交。"  # the page itself tells it by the status


@access(None)
@require_POST
def keep(request: Request) -> HttpResponse:
    """Keep what was typed into the form of a place; only a form that was shown to the same person."""
    address = request.GET.get("place", "")
    place = place_of(address)
    is_place = address.startswith("/") and is_address_here(request, address) and len(place) <= LONGEST_PLACE
    if not is_place or not is_own(request, request.person.pk):
        return HttpResponse(NOT_KEPT, status=422)
    saved_at = keep_draft(person_key=request.person.pk, place=place, fields=kept_of(request.POST))
    if saved_at is None:
        return HttpResponse(NOT_KEPT, status=422)
    return JsonResponse({"at": f"{timezone.localtime(saved_at):%H:%M}"})


@access(None)
@require_POST
def drop(request: Request) -> HttpResponse:
    """Give up what was typed into the form of a place, and show the form empty."""
    place = place_of(request.POST.get("place", ""))
    drop_draft(person_key=request.person.pk, place=place)
    return redirect(place if is_address_here(request, place) else "web:desk")


@access(None)
@require_POST
def stay(request: Request) -> HttpResponse:
    """Keep the session: somebody sits before the page."""
    return HttpResponse(status=204)
