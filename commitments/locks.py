"""Locks of letters and promises: the project is locked first, then the row is read anew."""

from commitments.models import Instrument, Obligation
from projects.ledger.locks import lock_project


def lock_instrument(instrument: Instrument) -> Instrument:
    """Lock the project of an instrument and read the instrument anew. Runs inside an act."""
    lock_project(instrument.project_id)
    current: Instrument = Instrument.objects.select_related("project", "issuer").get(pk=instrument.pk)
    return current


def lock_obligation(obligation: Obligation) -> Obligation:
    """Lock the project of an obligation and read the obligation anew. Runs inside an act. Two queries."""
    lock_project(obligation.letter.instrument.project_id)
    current: Obligation = Obligation.objects.select_related(
        "letter__instrument__issuer", "letter__instrument__project", "letter__supervisor", "verifier"
    ).get(pk=obligation.pk)
    return current
