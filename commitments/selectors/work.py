"""What organisations have to do about letters: promises to verify, drafts to countersign."""

from collections.abc import Sequence

from commitments.choices import KEPT, RUNNING, Answer, InstrumentState
from commitments.models import Countersign, Obligation
from projects.ledger.selectors.work import Pairs, Work


def to_verify(projects: Sequence[int] | None) -> Pairs:
    """Return who verifies a promise of a running letter that is not kept yet. One query."""
    running = Obligation.objects.filter(letter__instrument__state__in=RUNNING).exclude(state__in=KEPT)
    if projects is not None:
        running = running.filter(letter__instrument__project_id__in=projects)
    return running.values_list("letter__instrument__project_id", "verifier_id").distinct()


def to_countersign(projects: Sequence[int] | None) -> Pairs:
    """Return who is asked to countersign a draft and has not answered. One query."""
    asked = Countersign.objects.filter(instrument__state=InstrumentState.COUNTERSIGN, answer=Answer.WAITING)
    if projects is not None:
        asked = asked.filter(instrument__project_id__in=projects)
    return asked.values_list("instrument__project_id", "organisation_id").distinct()


WORK = (Work("promises", "承诺事项待核验", to_verify), Work("countersigns", "承诺函待会签", to_countersign))
