"""What must hold of papers at the registration centre: what stands is of a home whose papers were taken in."""

from collections.abc import Iterator
from typing import Final

from projects.progress.models import Submission
from registry.audit.invariants import Invariant, Violation
from registry.kernel.stages import Track, at_or_beyond, stage_of

MOST: Final = 50


def papers_at_the_centre_were_taken_in(project: int | None) -> Iterator[Violation]:
    """Find the homes before 已收材料 of which a handing in or a return stands. One query."""
    rows = Submission.objects.filter(ended_act_id__isnull=True).exclude(
        unit__certificate__in=at_or_beyond(Track.CERTIFICATE, "collected")
    )
    if project is not None:
        rows = rows.filter(unit__building__project=project)
    for row in rows.select_related("unit__building")[:MOST]:
        now = row.unit.certificate
        said = stage_of(Track.CERTIFICATE, now).label if now else "不在台账"
        yield Violation(f"{row.unit.building}{row.unit}", "送件、退回登记在的户已收材料", said)


INVARIANTS = (Invariant("I50", "登记了送件、退回的户都已收材料", papers_at_the_centre_were_taken_in),)
