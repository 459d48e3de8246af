"""Forms remember: a draft comes back filled in, chosen files outlast an error, what was sent is forgotten."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from registry.store.drafts import Chosen, draft_of, drop_draft, held_files, hold_files, let_go
from registry.store.once import shown_to
from registry.web.typed.carried import TYPED, take_over, uploaded
from registry.web.typed.places import GOING_ON, HELD, RESUME, RESUMED, as_data, is_form, place_of

DONE: Final = frozenset({HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.NO_CONTENT})


class TypedMiddleware:
    """Stands behind AccessMiddleware: what it does is done for a person whom the page is open to.

    No query on a page without a form of ours; one for a form that is sent, two if it holds files.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = getattr(request, "person", None)
        with shown_to(person.pk if person else None):
            response = self.get_response(request)
        if request.method == "POST":
            self._after(request, response)
        elif response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and getattr(request, "resumed_at", None):
            return _send_on(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Fill a form with its draft, or give it back the files that it holds."""
        person = getattr(request, "person", None)
        if person is None or getattr(request, "actor", None) is None:
            return
        request.is_open = True  # type: ignore[attr-defined]
        place = place_of(request.get_full_path())
        if request.method == "GET":
            going_on = request.session.get(GOING_ON) or {}
            is_going_on = going_on.get("place") == place
            if is_going_on:
                del request.session[GOING_ON]
            if is_going_on or request.GET.get(RESUME):
                typed = draft_of(person_key=person.pk, place=place)
                if typed is not None:
                    request.POST = as_data(typed.fields)  # type: ignore[assignment]
                    request.resumed_at = typed.saved_at  # type: ignore[attr-defined]
                    request.is_sent_on = is_going_on and going_on["is_sent_on"]  # type: ignore[attr-defined]
        elif is_form(request) and request.POST.get(HELD):
            self._give_back(request, person.pk, place)

    def _give_back(self, request: HttpRequest, person_key: int, place: str) -> None:
        token, dropped = str(request.POST[HELD]), set(request.POST.getlist("drop_held"))
        fresh = set(request.FILES)
        for number, file in enumerate(held_files(person_key=person_key, place=place, token=token)):
            takes_many = file.field == "uploads" or file.field.endswith("_uploads")
            if str(number) not in dropped and (takes_many or file.field not in fresh):
                request.FILES.appendlist(file.field, uploaded(file))

    def _after(self, request: HttpRequest, response: HttpResponse) -> None:
        person = getattr(request, "person", None)
        if person is not None and getattr(request, "is_open", False) and is_form(request):
            place = place_of(request.get_full_path())
            is_file = "attachment" in response.get("Content-Disposition", "")
            if response.status_code in DONE or is_file:
                drop_draft(person_key=person.pk, place=place)
                if token := str(request.POST.get(HELD, "")):
                    let_go(person_key=person.pk, token=token)
            elif token := getattr(request, "held_token", ""):
                hold_files(person_key=person.pk, place=place, token=token, files=_chosen(request))
        elif request.POST.get(TYPED) and response.status_code == HTTPStatus.FOUND and request.user.is_authenticated:
            self._go_on(request)

    def _go_on(self, request: HttpRequest) -> None:
        """Somebody signed in who had typed: the form is theirs again, if it was theirs."""
        carried = take_over(sealed=str(request.POST[TYPED]), person_key=int(request.user.pk))  # type: ignore[arg-type]
        if carried is None:
            return
        request.session[GOING_ON] = {"place": carried.place, "is_sent_on": carried.is_trusted}


def _send_on(request: HttpRequest) -> HttpResponse:
    """Send a form on to an address that has no page of its own to show it on."""
    fields = [(name, value) for name, values in request.POST.lists() if name != RESUMED for value in values]
    is_sent_on = getattr(request, "is_sent_on", False)
    return render(request, "web/send_on.html", {"title": "继续提交", "fields": fields, "is_sent_on": is_sent_on})


def _chosen(request: HttpRequest) -> list[Chosen]:
    chosen = []
    for name, files in request.FILES.lists():
        for file in files:
            file.seek(0)
            chosen.append(Chosen(name, str(file.name), file.content_type or "", file.read()))
    return chosen
