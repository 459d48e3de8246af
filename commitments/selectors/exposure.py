"""Exposure (承诺兑现情况): homes issued on promises not yet kept, promises overdue, how many were kept on time.

Source: features F8. A home counts once for a letter, if it was issued while the letter was in force and a promise that
backs a clause including it was not kept. A promise is kept on time if it was verified by the date then due; an agreed
extension moves that date.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from commitments.choices import InstrumentState, ObligationState
from commitments.models import (
    Clause,
    ExposureCap,
    ExposurePoint,
    ExposureRun,
    Instrument,
    InstrumentKind,
    Obligation,
    ObligationEvent,
)
from projects.ledger.models import IN_THE_BOOKS, Unit
from registry.kernel.authority import Actor
from registry.kernel.rates import format_rate, rate
from registry.kernel.scope import Scope, UnitFacts
from registry.kernel.stages import Feature, Use

CHUNK = 40
NEVER_IN_FORCE = (InstrumentState.DRAFT, InstrumentState.COUNTERSIGN, InstrumentState.SIGNED, InstrumentState.WITHDRAWN)
FIGURES = ("homes", "promises", "overdue", "kept_on_time", "kept_late")


@dataclass(frozen=True)
class Point:
    """A letter on a day."""

    on: date
    is_live: bool
    homes: int
    promises: int
    overdue: int
    kept_on_time: int
    kept_late: int


@dataclass(frozen=True)
class _Promise:
    """A promise through time: its due date from each day on, when it was verified, which clauses it backs."""

    dues: tuple[tuple[date, date], ...]
    verified_on: date | None
    is_waived: bool
    clauses: frozenset[int]

    def due_on(self, on: date) -> date:
        found = self.dues[0][1]
        for since, due in self.dues:
            if since <= on:
                found = due
        return found

    def is_kept(self, on: date) -> bool:
        return self.is_waived or (self.verified_on is not None and self.verified_on <= on)

    def was_in_time(self) -> bool:
        return self.verified_on is not None and self.verified_on <= self.due_on(self.verified_on)


def letters_in_force() -> "QuerySet[Instrument]":
    """Return the letters that are or were in force, in the order of their keys. No query yet."""
    found: QuerySet[Instrument] = Instrument.objects.filter(kind=InstrumentKind.LETTER, effective_on__isnull=False)
    return found.exclude(state__in=NEVER_IN_FORCE).select_related("project").order_by("id")


def exposure_of(letters: Sequence[Instrument], days: Sequence[date]) -> Iterator[tuple[Instrument, list[Point]]]:
    """Measure letters on each of some days, ascending. Four queries for every 40 letters."""
    for start in range(0, len(letters), CHUNK):
        chunk = letters[start : start + CHUNK]
        keys = [letter.pk for letter in chunk]
        scopes = _scopes(keys)
        promises = _promises(keys)
        issued = _issued({letter.project_id for letter in chunk})
        for letter in chunk:
            units = issued.get(letter.project_id, ())
            caught = [
                (on, frozenset(key for key, scope in scopes.get(letter.pk, ()) if scope.matches(unit)))
                for on, unit in units
                if letter.effective_on is not None and on >= letter.effective_on
            ]
            yield letter, [_point(letter, promises.get(letter.pk, ()), caught, day) for day in days]


def _point(
    letter: Instrument, promises: Sequence[_Promise], caught: Sequence[tuple[date, frozenset[int]]], day: date
) -> Point:
    is_begun = letter.effective_on is not None and letter.effective_on <= day
    is_live = is_begun and (letter.ended_on is None or day < letter.ended_on)
    known = promises if is_begun else ()
    waiting = [one for one in known if not one.is_kept(day)] if is_live else []
    backing = frozenset[int]().union(*(one.clauses for one in waiting))
    kept = [one for one in known if one.is_kept(day) and not one.is_waived]
    return Point(
        on=day,
        is_live=is_live,
        homes=sum(1 for on, clauses in caught if on <= day and clauses & backing) if backing else 0,
        promises=len(waiting),
        overdue=sum(1 for one in waiting if one.due_on(day) < day),
        kept_on_time=sum(1 for one in kept if one.was_in_time()),
        kept_late=sum(1 for one in kept if not one.was_in_time()),
    )


def _scopes(keys: Iterable[int]) -> dict[int, list[tuple[int, Scope]]]:
    found: dict[int, list[tuple[int, Scope]]] = {}
    for clause in Clause.objects.filter(instrument__in=list(keys)):
        scope = Scope.from_data(clause.scope_in) - Scope.from_data(clause.scope_out)
        found.setdefault(clause.instrument_id, []).append((clause.pk, scope))
    return found


def _promises(keys: Iterable[int]) -> dict[int, list[_Promise]]:
    rows = Obligation.objects.filter(letter__instrument__in=list(keys)).annotate(instrument=F("letter__instrument_id"))
    backs: dict[int, set[int]] = {}
    for promise, clause in rows.values_list("pk", "backs__clause_id"):
        backs.setdefault(promise, set()).update([clause] if clause else [])
    later: dict[int, list[tuple[date, date]]] = {}
    events = ObligationEvent.objects.filter(obligation__letter__instrument__in=list(keys), kind="extended")
    for promise, on, due in events.order_by("id").values_list("obligation_id", "happened_on", "new_due_on"):
        later.setdefault(promise, []).append((on, due))
    found: dict[int, list[_Promise]] = {}
    fields = ("pk", "instrument", "original_due_on", "verified_on", "state")
    for pk, instrument, original, verified_on, state in rows.values_list(*fields):
        dues = ((date.min, original), *later.get(pk, ()))
        one = _Promise(dues, verified_on, state == ObligationState.WAIVED, frozenset(backs.get(pk, ())))
        found.setdefault(instrument, []).append(one)
    return found


def _issued(projects: Iterable[int]) -> dict[int, list[tuple[date, UnitFacts]]]:
    rows = Unit.objects.filter(
        IN_THE_BOOKS,
        building__project_id__in=list(projects),
        certificate="issued",
        use=Use.DWELLING.value,
        certificate_on__isnull=False,
    )
    fields = ("building__project_id", "certificate_on", "id", "building_id", "entrance", "floor", "use", "features")
    found: dict[int, list[tuple[date, UnitFacts]]] = {}
    for project, on, key, building, entrance, floor, use, features in rows.values_list(*fields).iterator(2000):
        unit = UnitFacts(key, building, entrance, floor, Use(use), Feature(features))
        found.setdefault(project, []).append((on, unit))
    return found


def exposure_now(organisation_id: int, on: date) -> int:
    """Count the homes that stand issued on an organisation's promises not yet kept. Four queries a chunk."""
    letters = list(letters_in_force().filter(issuer=organisation_id))
    return sum(points[0].homes for _, points in exposure_of(letters, [on]))


# -- what pages read ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """One signer or developer, or everybody: exposure, promises, how they were kept."""

    key: int | None
    name: str
    letters: int
    homes: int
    promises: int
    overdue: int
    kept_on_time: int
    kept_late: int
    cap: int | None = None

    @property
    def overdue_rate(self) -> str:
        """Overdue of the promises that are open."""
        return format_rate(rate(self.overdue, self.promises))

    @property
    def kept_rate(self) -> str:
        """Kept on time of all that were kept or are overdue: what is late counts against, kept or not."""
        return format_rate(self.kept_share)

    @property
    def kept_share(self) -> Decimal | None:
        """The same, as a number."""
        return rate(self.kept_on_time, self.kept_on_time + self.kept_late + self.overdue)

    @property
    def is_over(self) -> bool:
        """Whether the cap is reached."""
        return self.cap is not None and self.homes >= self.cap


def last_exposure() -> ExposureRun | None:
    """Return the last count, if there is one. One query."""
    found: ExposureRun | None = ExposureRun.objects.order_by("-id").first()
    return found


def _points(actor: Actor, run: ExposureRun) -> Any:
    return ExposurePoint.objects.visible_to(actor).filter(run=run)


def _standing(row: dict[str, Any], key: Any, name: str, cap: int | None = None) -> Standing:
    counts = {figure: row[figure] or 0 for figure in FIGURES}
    return Standing(key=key, name=name, letters=int(row["live"] or 0), cap=cap, **counts)


def _summed(points: Any, *by: str) -> Any:
    sums = {name: Sum(name) for name in FIGURES}
    return points.order_by().values(*by).annotate(live=Count("id", filter=Q(is_live=True)), **sums)


def whole_standing(actor: Actor, run: ExposureRun) -> Standing:
    """Sum everything that the actor may see, on the day of the count. One query."""
    points = _points(actor, run).filter(on=run.as_of)
    rows = list(_summed(points, "run_id"))
    empty: dict[str, Any] = dict.fromkeys((*FIGURES, "live"), 0)
    return _standing(rows[0] if rows else empty, None, "全部")


def standings_by_signer(actor: Actor, run: ExposureRun) -> list[Standing]:
    """Return each signer on the day of the count, the most exposed first. Two queries."""
    points = _points(actor, run).filter(on=run.as_of)
    rows = _summed(points, "instrument__issuer_id", "instrument__issuer__name", "instrument__issuer__short_name")
    caps = caps_in_force(run.as_of)
    found = [
        _standing(
            row,
            row["instrument__issuer_id"],
            row["instrument__issuer__short_name"] or row["instrument__issuer__name"],
            caps.get(row["instrument__issuer_id"]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one.homes, -one.overdue, one.name))


def standings_by_developer(actor: Actor, run: ExposureRun) -> list[Standing]:
    """Return each developer that performs, on the day of the count, the most exposed first. One query."""
    points = _points(actor, run).filter(on=run.as_of)
    rows = _summed(
        points, "instrument__letter__performer_id", "instrument__letter__performer__name",
        "instrument__project__developer_id", "instrument__project__developer__name",
    )  # fmt: skip
    sums: dict[tuple[Any, str], dict[str, int]] = {}
    for row in rows:
        performer = row["instrument__letter__performer_id"]
        owner = (row["instrument__project__developer_id"], row["instrument__project__developer__name"] or "未登记")
        who = (performer, row["instrument__letter__performer__name"]) if performer else owner
        total = sums.setdefault(who, dict.fromkeys((*FIGURES, "live"), 0))
        for name in total:
            total[name] += row[name] or 0
    found = [_standing(total, key, name) for (key, name), total in sums.items()]
    return sorted(found, key=lambda one: (-one.homes, -one.overdue, one.name))


def exposure_trend(actor: Actor, run: ExposureRun) -> list[tuple[date, int, int]]:
    """Return (day, homes, overdue) at the month ends of the count, ascending. One query."""
    rows = _summed(_points(actor, run), "on")
    return sorted((row["on"], row["homes"] or 0, row["overdue"] or 0) for row in rows)


def caps_in_force(on: date) -> dict[int, int | None]:
    """Return, per organisation, its cap on a day. One query."""
    rows = ExposureCap.objects.filter(effective_on__lte=on).order_by("effective_on", "id")
    return dict(rows.values_list("organisation_id", "homes"))


def developer_faults(instrument: Instrument, on: date) -> list[str]:
    """Name the letters of the same developer that are in breach or have lapsed. Two queries."""
    letter = getattr(instrument, "letter", None)
    developer = (letter.performer_id if letter else None) or instrument.project.developer_id
    if developer is None:
        return []
    own = Q(letter__performer=developer) | Q(letter__performer__isnull=True, project__developer=developer)
    live = letters_in_force().filter(own, ended_on__isnull=True).exclude(pk=instrument.pk)
    late = live.annotate(lapse=Max("clauses__lapses_on", filter=Q(clauses__lapses_on__lte=on)))
    return [str(one) for one in late.filter(Q(state=InstrumentState.BREACHED) | Q(lapse__isnull=False))]
