"""Promises that fall due, told to apps below through the port."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from commitments.choices import KEPT, RUNNING, InstrumentState
from commitments.models import Obligation


def promises_due(project_ids: Collection[int], *, on: date, until: date) -> dict[int, list[str]]:
    """Return, by project, the promises of letters in force that are late or fall due by a day, in words. One query."""
    rows = Obligation.objects.filter(
        letter__instrument__project_id__in=list(project_ids), letter__instrument__state__in=(InstrumentState.EFFECTIVE, *RUNNING),
        due_on__lte=until,
    ).exclude(state__in=KEPT)  # fmt: skip
    due: dict[int, list[str]] = defaultdict(list)
    for row in rows.select_related("letter__instrument").order_by("due_on", "id"):
        said = "已逾期" if row.due_on < on else "到期"
        due[row.letter.instrument.project_id].append(f"承诺事项“{row.end_state}”{row.due_on}{said}")
    return due
