"""How letters and decisions are found from the search box."""

from django.db.models import Q
from django.urls import reverse

from commitments.models import Instrument
from registry.kernel.authority import Actor, Permission
from registry.web.search import SHOWN, Group, Hit, Question, SearchSource


def find_instruments(actor: Actor, question: Question) -> Group:
    """Find letters and decisions by code, 文号, title, issuer, project, or what they promise."""
    text = question.text
    wanted = (
        Q(code__istartswith=text)
        | Q(number__icontains=text)
        | Q(title__icontains=text)
        | Q(issuer__name__icontains=text)
        | Q(project__name__icontains=text)
        | Q(letter__obligations__end_state__icontains=text)
    )
    rows = Instrument.objects.visible_to(actor).filter(wanted).select_related("project", "issuer").distinct()
    rows = rows.order_by("-id")
    hits = tuple(
        Hit(
            instrument.title,
            reverse("commitments:instrument", args=[instrument.code]),
            tuple(part for part in (instrument.number, instrument.project.name, str(instrument.issuer)) if part),
            instrument.get_state_display(),
        )
        for instrument in rows[:SHOWN]
    )
    return Group("承诺、决定", hits, len(hits) if len(hits) < SHOWN else rows.order_by().count())


SEARCH = (SearchSource("instrument", 50, Permission.INSTRUMENT_READ, find_instruments),)
