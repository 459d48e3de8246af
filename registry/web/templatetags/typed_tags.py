"""Tags of forms that remember: what was typed before, which files are held."""

from collections.abc import Mapping
from typing import Any

from django import template

from registry.store.drafts import draft_of, new_token
from registry.store.drafts import held_files as held
from registry.web.typed.places import HELD, RESUME, place_of

register = template.Library()


@register.simple_tag(takes_context=True)
def draft_offer(context: Mapping[str, Any], form: Any) -> dict[str, Any]:
    """What was typed into this form before: filled in already, or to be offered. One query on a first showing."""
    request = context.get("request")
    person = getattr(request, "person", None)
    if request is None or person is None or not getattr(form, "is_long", False):
        return {}
    if resumed_at := getattr(request, "resumed_at", None):
        return {"is_resumed": True, "saved_at": resumed_at}
    if request.method != "GET":
        return {}
    place = place_of(request.get_full_path())
    typed = draft_of(person_key=person.pk, place=place)
    if typed is None:
        return {}
    resume = f"{place}{'&' if '?' in place else '?'}{RESUME}=1"
    return {"saved_at": typed.saved_at, "place": place, "resume_url": resume}


@register.simple_tag(takes_context=True)
def held_files(context: Mapping[str, Any], field: Any) -> dict[str, Any]:
    """The files of a field that the form holds for its next attempt: their token, number and name each."""
    request = context.get("request")
    person = getattr(request, "person", None)
    if request is None or person is None or not field.form.is_bound:
        return {}
    if request.method == "POST":
        chosen = [(name, str(file.name)) for name, files in request.FILES.lists() for file in files]
        token = getattr(request, "held_token", "") or str(request.POST.get(HELD, "")) or new_token()
        request.held_token = token
    else:
        token = str(request.POST.get(HELD, ""))
        place = place_of(request.get_full_path())
        opened = held(person_key=person.pk, place=place, token=token) if token else ()
        chosen = [(file.field, file.name) for file in opened]
    names = [(number, name) for number, (own, name) in enumerate(chosen) if own == field.html_name]
    return {"token": token, "files": names}


@register.simple_tag
def optional(field: Any) -> str:
    """The mark of a field that may be left out, or the case in which it may not; nothing for one that is required."""
    if field.field.required:
        return ""
    asked: Mapping[str, str] = getattr(field.form, "required_if", {})
    return asked.get(field.name, "选填")
