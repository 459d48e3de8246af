"""What commitments show on the project page: letters with their obligations, decisions."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from commitments.models import Instrument, InstrumentState, Obligation, ObligationState
from registry.kernel.authority import Permission
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


def overdue_panel(*, actor: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """This will give the promises past their day in the actor's projects, the latest first. One query."""
    if not actor.can(Permission.INSTRUMENT_READ):
        return None
    late = Obligation.objects.visible_to(actor).filter(
        due_on__lt=on, letter__instrument__state=InstrumentState.PERFORMING
    )
    rows = late.exclude(state__in=(ObligationState.VERIFIED, ObligationState.WAIVED)).select_related(
        "letter__instrument__issuer", "letter__instrument__project"
    )
    return {
        "heading": "逾期的承诺事项",
        "is_wide": True,
        "rows": [
            (
                f"{row.letter.instrument}第{row.ordinal}项：{row.end_state}",
                reverse("commitments:instrument", args=[row.letter.instrument.code]),
                row.letter.instrument.project.name,
                str(row.letter.instrument.issuer),
                (on - row.due_on).days,
                row.get_state_display(),
                f"{row.proof}",
            )
            for row in rows.order_by("due_on", "id")[:12]
        ],
    }


PANELS = (
    Panel("desk", 20, "overdue", overdue_panel, "web/panels/overdue.html"),
    Panel("project.side", 10, "letters", letters_panel, "commitments/panels/letters.html"),
)
