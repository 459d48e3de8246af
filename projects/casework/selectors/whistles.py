"""Reading whistles: the list, one with its calls, and how each organisation kept its time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from projects.casework.choices import CallState
from projects.casework.models import Whistle, WhistleCall
from projects.casework.selectors.calendar import calendar_of
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import NotFound
from registry.kernel.numerals import whole_number
from registry.kernel.workdays import Calendar
from registry.lists.orders import Order, by_heads, by_pinyin, if_any

STATES = {"open": "未办结", "closed": "已办结"}
UNANSWERED = Q(calls__state__in=(CallState.CALLED, CallState.REPORTED, CallState.RETURNED))


WHISTLE_ORDERS = (  # of the page and of its export
    Order("newest", "最近吹哨", ("-id",)),
    *by_heads(
        {
            "code": "code",
            "project": by_pinyin("blocker__project__name"),
            "called_by": by_pinyin("called_by__name"),
            "called_on": "called_on",
            "meet_at": "meet_at",
            "called": "called",
            "waiting": "waiting",
            "state": if_any("closed_on"),
        },
        tie=("-id",),
    ),
)


def whistles_chosen(actor: Actor, words: Mapping[str, Any]) -> "QuerySet[Whistle]":
    """Return the whistles that the actor may see, as filtered, newest first. No query yet."""
    found: QuerySet[Whistle] = Whistle.objects.visible_to(actor).select_related("blocker__project", "called_by")
    if words.get("state"):
        found = found.filter(closed_on__isnull=words["state"] == "open")
    if words.get("district"):
        found = found.filter(blocker__project__district_code=words["district"])
    if (organisation := whole_number(str(words.get("called", "")))) is not None:
        called = WhistleCall.objects.filter(whistle=OuterRef("pk"), organisation=organisation)
        found = found.filter(Exists(called))
    if words.get("q"):
        text = str(words["q"]).strip()
        found = found.filter(
            Q(text__icontains=text) | Q(blocker__project__name__icontains=text) | Q(blocker__number__icontains=text)
        )
    return found.annotate(
        called=Count("calls", distinct=True), waiting=Count("calls", filter=UNANSWERED, distinct=True)
    ).order_by("-id")


def whistle_choices(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """Return what the list can be narrowed by. Two queries."""
    seen = Whistle.objects.visible_to(actor).order_by()
    called = Organisation.objects.filter(whistle_calls__whistle__in=seen).distinct().order_by("code")
    return {
        "state": list(STATES.items()),
        "district": sorted(
            seen.values_list("blocker__project__district_code", "blocker__project__district_name").distinct()
        ),
        "called": [(str(one.pk), str(one)) for one in called],
    }


def whistle_by_code(actor: Actor, code: str) -> Whistle:
    """Find a whistle. One query."""
    found: Whistle | None = (
        Whistle.objects.visible_to(actor)
        .select_related("blocker__project", "blocker__type", "called_by")
        .filter(code=code)
        .first()
    )
    if found is None:
        raise NotFound(f"没有{code}这次吹哨。")
    return found


@dataclass(frozen=True)
class CallLine:
    """One department's part in a whistle: by when it must answer, how late it is, what happened, what the actor may."""

    call: WhistleCall
    due_on: date
    late: int
    events: tuple[Any, ...]
    is_mine: bool


def call_lines(whistle: Whistle, actor: Actor, on: date) -> list[CallLine]:
    """Return the calls of a whistle. Three queries."""
    calendar = calendar_of()
    lines = []
    for call in (
        whistle.calls.select_related("organisation", "whistle")
        .prefetch_related("events")
        .order_by("organisation__code")
    ):
        late = late_answer(call, on, calendar)
        due = call.due_on or calendar.add_workdays(call.starts, call.limit_days)
        is_mine = actor.organisation_id == call.organisation_id and actor.can(Permission.WHISTLE_ANSWER)
        lines.append(CallLine(call, due, late, tuple(call.events.all()), is_mine))
    return lines


def call_of(whistle: Whistle, key: int) -> WhistleCall:
    """Find one call of a whistle. One query."""
    found: WhistleCall | None = whistle.calls.select_related("organisation").filter(pk=key).first()
    if found is None:
        raise NotFound("该单位不在本次吹哨的报到单位之内。")
    return found


@dataclass(frozen=True)
class Score:
    """How an organisation kept its time: called, there in time, answered, of them late, sent back."""

    name: str
    called: int
    there_in_time: int
    answered: int
    late: int
    sent_back: int


def scores_of(actor: Actor, on: date) -> list[Score]:
    """Score who was called, those with the most calls first; both sides are judged by it. Two queries.

    An answer that is still awaited past its day is late too.
    """
    calendar = calendar_of()
    calls: dict[str, list[WhistleCall]] = {}
    for call in WhistleCall.objects.visible_to(actor).select_related("organisation", "whistle"):
        calls.setdefault(str(call.organisation), []).append(call)
    scores = [
        Score(
            name,
            len(own),
            sum(1 for one in own if one.reported_at is not None and not one.is_late_there),
            sum(1 for one in own if one.state == CallState.ANSWERED),
            sum(1 for one in own if late_answer(one, on, calendar)),
            sum(1 for one in own if one.round > 1),
        )
        for name, own in calls.items()
    ]
    return sorted(scores, key=lambda score: (-score.called, score.name))[:20]


def late_answer(call: WhistleCall, on: date, calendar: Calendar) -> int:
    """Return the working days a department's answers are late: of past rounds, and of the one that runs."""
    if call.state == CallState.ANSWERED or call.whistle.closed_on is not None:
        return call.days_late
    used = calendar.workdays_between(call.starts, max(on, call.starts))
    return call.days_late + max(0, used - call.limit_days)


def calls_to_answer() -> "QuerySet[WhistleCall]":
    """Return the calls that have been reported in to and wait for an answer. No query yet."""
    found: QuerySet[WhistleCall] = WhistleCall.objects.filter(
        whistle__closed_on__isnull=True, state__in=(CallState.REPORTED, CallState.RETURNED)
    )
    return found
