"""What commitments show on the project page: letters with their obligations, decisions."""

from collections.abc import Mapping
from typing import Any

from commitments.models import Instrument, InstrumentState, Obligation, ObligationState
from registry.web.panels import Panel

GONE = (InstrumentState.WITHDRAWN, InstrumentState.SUPERSEDED)


def letters_panel(*, project: Any, on: Any, **_: Any) -> Mapping[str, Any]:
    """This will give the instruments of a project and what is promised, by when. Two queries."""
    instruments = list(Instrument.objects.filter(project=project).exclude(state__in=GONE).order_by("-id"))
    obligations: dict[int, list[dict[str, Any]]] = {}
    rows = Obligation.objects.filter(letter__instrument__in=[one.id for one in instruments])
    for row in rows.select_related("letter", "verifier").order_by("ordinal"):
        late = (on - row.due_on).days
        obligations.setdefault(row.letter.instrument_id, []).append(
            {
                "ordinal": row.ordinal,
                "end_state": row.end_state,
                "due_on": row.due_on,
                "state": row.get_state_display(),
                "is_kept": row.state in (ObligationState.VERIFIED, ObligationState.WAIVED),
                "late": max(0, late),
                "left": -late if late <= 0 else 0,
                "verifier": str(row.verifier),
            }
        )
    return {"instruments": [(one, obligations.get(one.id, [])) for one in instruments]}


PANELS = (Panel("project.side", 10, "letters", letters_panel, "commitments/panels/letters.html"),)
