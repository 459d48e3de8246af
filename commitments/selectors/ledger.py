"""The list of instruments as filtered, and the ledger of promises (承诺事项台账): one line a promise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from commitments.choices import KEPT, RUNNING, InstrumentKind, InstrumentState, ObligationState
from commitments.models import Clause, Instrument, Obligation
from projects.ledger.models import IN_THE_BOOKS, Unit
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor
from registry.kernel.numerals import whole_number
from registry.kernel.scope import Scope, UnitFacts
from registry.kernel.stages import Feature, Use
from registry.lists.orders import Order, by_heads, by_pinyin, if_any, ranked

CHUNK: Final = 40
INSTRUMENT_ORDERS: Final = (  # of the page and of its export
    Order("newest", "最近起草", ("-id",)),
    *by_heads(
        {
            "instrument": by_pinyin("title"),
            "kind": ranked("kind", InstrumentKind),
            "project": by_pinyin("project__name"),
            "issuer": by_pinyin("issuer__name"),
            "state": ranked("state", InstrumentState),
            "promises": "promises",
            "promises_late": "promises_late",
            "signed_on": if_any("signed_on"),
            "effective_on": if_any("effective_on"),
            "ended_on": if_any("ended_on"),
        },
        tie=("-id",),
    ),
)
OVERDUE: Final = {"late": "有逾期承诺", "lapsed": "有条款失效"}


def instruments_chosen(actor: Actor, words: Mapping[str, Any], on: date) -> "QuerySet[Instrument]":
    """Return the instruments that the actor may see, as filtered, newest first. No query yet."""
    found: QuerySet[Instrument] = Instrument.objects.visible_to(actor).select_related("project", "issuer")
    for name in ("state", "kind"):
        if words.get(name):
            found = found.filter(**{name: words[name]})
    if words.get("district"):
        found = found.filter(project__district_code=words["district"])
    if (issuer := whole_number(str(words.get("issuer", "")))) is not None:
        found = found.filter(issuer=issuer)
    if words.get("overdue") == "late":
        late = Obligation.objects.filter(letter__instrument=OuterRef("pk"), due_on__lt=on).exclude(state__in=KEPT)
        found = found.filter(Exists(late), state__in=RUNNING)
    elif words.get("overdue") == "lapsed":
        lapsed = Clause.objects.filter(instrument=OuterRef("pk"), lapses_on__lte=on)
        found = found.filter(Exists(lapsed), state__in=RUNNING)
    if words.get("q"):
        text = str(words["q"]).strip()
        found = found.filter(Q(number__icontains=text) | Q(title__icontains=text) | Q(project__name__icontains=text))
    return found.order_by("-id")


def counted(found: "QuerySet[Instrument]", on: date) -> "QuerySet[Instrument]":
    """Put beside each instrument its promises, and how many of them are late. No query yet."""
    late = Q(letter__obligations__due_on__lt=on, state__in=RUNNING) & ~Q(letter__obligations__state__in=KEPT)
    return found.annotate(
        promises=Count("letter__obligations"), promises_late=Count("letter__obligations", filter=late)
    )


def instrument_choices(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """Return what the list can be narrowed by: districts and issuers that occur. Two queries."""
    seen = Instrument.objects.visible_to(actor).order_by()
    districts = seen.values_list("project__district_code", "project__district_name").distinct()
    issuers = Organisation.objects.filter(pk__in=seen.values("issuer")).order_by("code")
    return {
        "state": [(state.value, state.label) for state in InstrumentState],
        "kind": [(kind.value, kind.label) for kind in InstrumentKind],
        "district": sorted(districts),
        "issuer": [(str(one.pk), str(one)) for one in issuers],
        "overdue": list(OVERDUE.items()),
    }


@dataclass(frozen=True)
class PromiseLine:
    """A promise as its ledger prints it."""

    ordinal: int
    instrument: Instrument
    promise: Obligation
    blockers: str
    state: str
    days_late: int
    reported_on: date | None
    homes: int
    issued: int


def promise_lines(actor: Actor, words: Mapping[str, Any], on: date) -> Iterator[PromiseLine]:
    """Return the promises of the letters chosen, letter by letter, numbered. Four queries for every 40."""
    letters = instruments_chosen(actor, words, on).filter(kind=InstrumentKind.LETTER, effective_on__isnull=False)
    keys = list(letters.order_by("project__district_code", "project__code", "id").values_list("pk", flat=True))
    number = 0
    for start in range(0, len(keys), CHUNK):
        for line in _lines(keys[start : start + CHUNK], on):
            number += 1
            yield PromiseLine(number, *line)


def _lines(keys: Sequence[int], on: date) -> Iterator[tuple[Any, ...]]:
    rows = (
        Obligation.objects.filter(letter__instrument__in=keys)
        .select_related("letter__instrument__project", "letter__instrument__issuer", "verifier")
        .prefetch_related("backs__clause__blocker")
        .order_by("letter__instrument__project__code", "letter__instrument_id", "ordinal")
    )
    promises = list(rows)
    homes = _homes({promise.letter.instrument.project_id for promise in promises})
    for promise in promises:
        instrument = promise.letter.instrument
        clauses = [one.clause for one in promise.backs.all()]
        scopes = [Scope.from_data(one.scope_in) - Scope.from_data(one.scope_out) for one in clauses]
        caught = [
            was_issued
            for unit, was_issued in homes.get(instrument.project_id, ())
            if any(scope.matches(unit) for scope in scopes)
        ]
        is_open = promise.state not in KEPT
        late = (on - promise.due_on).days if is_open and instrument.state in RUNNING else 0
        blockers = "、".join(dict.fromkeys(one.blocker.number for one in clauses))
        yield (
            instrument, promise, blockers, _state(promise, late), max(0, late), promise.reported_on, len(caught),
            sum(caught),
        )  # fmt: skip


def _state(promise: Obligation, late: int) -> str:
    return "逾期" if late > 0 else ObligationState(promise.state).label


def _homes(projects: set[int]) -> dict[int, list[tuple[UnitFacts, bool]]]:
    rows = Unit.objects.filter(IN_THE_BOOKS, building__project_id__in=projects, use=Use.DWELLING.value)
    fields = ("building__project_id", "certificate", "id", "building_id", "entrance", "floor", "use", "features")
    found: dict[int, list[tuple[UnitFacts, bool]]] = {}
    for project, stage, key, building, entrance, floor, use, features in rows.values_list(*fields).iterator(2000):
        unit = UnitFacts(key, building, entrance, floor, Use(use), Feature(features))
        found.setdefault(project, []).append((unit, stage == "issued"))
    return found
