"""Reading instruments and their obligations."""

from django.db.models import Q, QuerySet

from commitments.models import Instrument, Obligation
from projects.ledger.models import Project
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound


def instruments_visible_to(actor: Actor) -> "list[Instrument]":
    """This will list the instruments of the projects that the actor may see, newest first. One query."""
    wanted = Instrument.objects.visible_to(actor).select_related("project", "issuer").order_by("-id")
    return list(wanted)


def obligations_of(instrument: Instrument) -> list[Obligation]:
    """This will list the obligations of a letter in order. One query."""
    wanted = Obligation.objects.filter(letter__instrument=instrument).select_related("verifier")
    return list(wanted.prefetch_related("backs__clause__blocker").order_by("ordinal"))


def instrument_by_code(actor: Actor, code: str) -> Instrument:
    """This will find an instrument. One query."""
    found = (
        Instrument.objects.visible_to(actor)
        .select_related("project__developer", "issuer", "letter__recipient", "signed_by", "approved_by")
        .filter(code=code)
        .first()
    )
    if found is None:
        raise NotFound(f"没有{code}这份承诺或决定。")
    instrument: Instrument = found
    return instrument


def obligation_of(instrument: Instrument, ordinal: int) -> Obligation:
    """This will find an obligation of a letter. One query."""
    found = (
        Obligation.objects.filter(letter__instrument=instrument, ordinal=ordinal)
        .select_related("letter__instrument__issuer", "verifier")
        .first()
    )
    if found is None:
        raise NotFound(f"没有第{ordinal}项承诺。")
    obligation: Obligation = found
    return obligation


def organisations_for(project: Project) -> "QuerySet[Organisation]":
    """This will give the organisations that may issue, receive or verify in a project. No query yet."""
    places = Q(area_code__in=("", project.district_code, project.township_code)) | Q(participations__project=project)
    found: QuerySet[Organisation] = Organisation.objects.filter(places, is_active=True)
    return found.exclude(kind="developer").distinct().order_by("code")
