"""What commitments show on the project page: letters with their obligations, decisions."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse

from commitments.models import Instrument, InstrumentState, Obligation, ObligationState
from commitments.selectors.ladder import KEPT, RUNNING, shown_ladder
from commitments.selectors.policies import policy_results
from commitments.selectors.senders import ladders_on
from commitments.selectors.state_words import pills_of
from commitments.selectors.succession import successions_of
from projects.casework.selectors.calendar import calendar_of
from registry.kernel.authority import Permission, Role
from registry.kernel.ladder import Rung
from registry.web.changes import News
from registry.web.panels import Panel

PRESSING = (Role.CITY, Role.DISTRICT, Role.AUDITOR)
LATE_SHOWN = 12
GONE = (InstrumentState.WITHDRAWN, InstrumentState.SUPERSEDED)


def letters_panel(*, project: Any, on: Any, **_: Any) -> Mapping[str, Any]:
    """Return the instruments of a project, promises by when, and the ladder of what is near. Seven queries."""
    instruments = list(
        Instrument.objects.filter(project=project).exclude(state__in=GONE).prefetch_related("clauses").order_by("-id")
    )
    obligations: dict[int, list[dict[str, Any]]] = {}
    promises: dict[int, list[Obligation]] = {}
    rows = Obligation.objects.filter(letter__instrument__in=[one.id for one in instruments])
    calendar, ladder = calendar_of(), ladders_on([project.district_code], on)[project.district_code]
    running = {one.id for one in instruments if one.state in RUNNING}
    for row in rows.select_related("letter", "verifier").prefetch_related("ladder__organ").order_by("ordinal"):
        written = {Rung(step.rung): step for step in row.ladder.all()}
        is_near = row.letter.instrument_id in running and row.state not in KEPT and (written or row.due_on < on)
        late = (on - row.due_on).days
        promises.setdefault(row.letter.instrument_id, []).append(row)
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
                "ladder": shown_ladder(row, written, on=on, calendar=calendar, ladder=ladder) if is_near else (),
            }
        )
    return {
        "instruments": [
            (
                one,
                obligations.get(one.id, []),
                pills_of(one, promises=promises.get(one.id, ()), clauses=one.clauses.all(), on=on),
            )
            for one in instruments
        ]
    }


def overdue_panel(*, actor: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the promises past their day, the latest first: of the area for who presses, else one's own. One query.

    Whose they are: the organ that signed, that verifies or that supervises. Others have no such matter on their desk.
    """
    if not actor.can(Permission.INSTRUMENT_READ):
        return None
    presses = actor.role in PRESSING
    late = Obligation.objects.visible_to(actor).filter(
        due_on__lt=on, letter__instrument__state=InstrumentState.PERFORMING
    )
    if not presses:
        own = actor.organisation_id
        late = late.filter(Q(letter__instrument__issuer=own) | Q(verifier=own) | Q(letter__supervisor=own))
    open_ones = late.exclude(state__in=(ObligationState.VERIFIED, ObligationState.WAIVED)).select_related(
        "letter__instrument__issuer", "letter__instrument__project"
    )
    rows = list(open_ones.order_by("due_on", "id")[:LATE_SHOWN])
    if not rows and not presses:
        return None
    return {
        "heading": "逾期未完成的承诺事项",
        "is_wide": True,
        "rows": [
            (
                f"{row.letter.instrument}第{row.ordinal}项：{row.end_state}",
                reverse("commitments:promise_page", args=[row.letter.instrument.code, row.ordinal]),
                row.letter.instrument.project.name,
                str(row.letter.instrument.issuer),
                (on - row.due_on).days,
                row.get_state_display(),
                f"{row.proof}",
            )
            for row in rows
        ],
    }


def policy_panel(*, actor: Any, policy: Any, **_: Any) -> Mapping[str, Any] | None:
    """Say what a policy has done: the instruments that rest on it and what they did."""
    if policy.issued_on is None:
        return None
    return {"rows": policy_results(actor, policy)}


def succession_panel(*, project: Any, **_: Any) -> Mapping[str, Any] | None:
    """Say who works in whose place in a project. One query."""
    successions = successions_of(project)
    return {"successions": successions} if successions else None


PANELS = (
    Panel("project.particulars", 20, "successions", succession_panel, "commitments/panels/successions.html"),
    Panel("policy.main", 10, "results", policy_panel, "commitments/panels/policy.html"),
    Panel("desk", 20, "overdue", overdue_panel, "web/panels/overdue.html"),
    Panel("project.side", 10, "letters", letters_panel, "commitments/panels/letters.html"),
)
NEWS = (
    News(50, "生效的承诺函、决定", "份", "good", events=("instrument.effective",)),
    News(60, "兑现的承诺", "项", "good", events=("obligation.verified",)),
    News(70, "认定违约的承诺函", "份", "bad", events=("letter.breached",)),
)
