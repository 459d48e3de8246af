"""What must hold of promises: none that is open is left to who is gone."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from commitments.choices import KEPT
from commitments.models import Obligation, Succession
from registry.audit.invariants import Invariant, Violation


def open_promises_have_who_performs_them(project: int | None) -> Iterator[Violation]:
    """Find the open promises that a firm performs which has been succeeded in the project. One query."""
    succeeded = Succession.objects.filter(
        project=OuterRef("letter__instrument__project"), former=OuterRef("letter__performer__organisation")
    )
    rows = Obligation.objects.exclude(state__in=KEPT).filter(
        Exists(succeeded), letter__instrument__ended_on__isnull=True
    )
    if project is not None:
        rows = rows.filter(letter__instrument__project=project)
    for row in rows.select_related("letter__instrument", "letter__performer"):
        yield Violation(
            f"{row.letter.instrument}第{row.ordinal}项", "未完成的承诺事项由承接单位整改", str(row.letter.performer)
        )


INVARIANTS = (
    Invariant("I67", "已由他方承接的，未完成的承诺事项都由承接单位整改", open_promises_have_who_performs_them),
)
