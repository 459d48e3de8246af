"""Samples of homes claimed issued: what they are drawn from, what was found, how often each organisation erred."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from projects.ledger.choices import MoveKind
from projects.ledger.models import Move
from projects.progress.models import Sample, SampledHome, SampleResult
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound
from registry.kernel.intervals import Interval, wilson
from registry.kernel.periods import Month
from registry.kernel.rates import rate_text
from registry.kernel.stages import Track, Use


@dataclass(frozen=True)
class Claim:
    """That a home was issued: on which day, by which act."""

    unit_id: int
    on: date
    act_id: int


@dataclass(frozen=True)
class ErrorRate:
    """How many of the homes checked of an organisation were wrong, or without evidence."""

    organisation: str
    drawn: int
    checked: int
    errors: int

    @property
    def share(self) -> str:
        """The share as printed."""
        return rate_text(self.errors, self.checked)

    @property
    def interval(self) -> Interval | None:
        """Between which shares the error of all its claims lies; none before anything was checked."""
        return wilson(self.errors, self.checked)


def claims(month: Month, *, known_at: datetime) -> list[Claim]:
    """Return the homes claimed issued in a month, as known at a moment; old certificates apart. One query."""
    moves = Move.objects.filter(
        track=Track.CERTIFICATE.value, to_stage="issued", to_use=Use.DWELLING.value,
        occurred_on__gte=month.first, occurred_on__lte=month.last, recorded_at__lte=known_at,
    ).exclude(Q(kind=MoveKind.OPENING) | Q(from_stage=F("to_stage")))  # fmt: skip
    standing = moves.exclude(reversed_by__recorded_at__lte=known_at).order_by("unit_id", "id")
    by_unit = {unit: Claim(unit, on, act) for unit, on, act in standing.values_list("unit_id", "occurred_on", "act_id")}
    return list(by_unit.values())


def samples() -> "QuerySet[Sample]":
    """Return the samples with how many of their homes were checked, newest first. One query."""
    return Sample.objects.annotate(checked=Count("homes", filter=~Q(homes__result=""))).order_by("-month", "-id")


def sample_by_code(code: str) -> Sample:
    """Return a sample. Refused: a code that none has."""
    sample: Sample | None = Sample.objects.filter(code=code).first()
    if sample is None:
        raise NotFound("没有这次抽查。请在抽查列表中核对编号。")
    return sample


def homes_of(actor: Actor, sample: Sample) -> "QuerySet[SampledHome]":
    """Return the homes of a sample that the actor may see, in order. No query yet."""
    rows: QuerySet[SampledHome] = SampledHome.objects.visible_to(actor).filter(sample=sample)
    return rows.select_related("unit__building__project").order_by("ordinal")


def error_rates(actor: Actor, sample: Sample) -> list[ErrorRate]:
    """Return how often each organisation erred in the homes that the actor may see, and all together. One query."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = SampledHome.objects.visible_to(actor).filter(sample=sample).values_list("claimed_by", "result")
    for organisation, result in rows:
        for name in (organisation, "合计"):
            counts[name][0] += 1
            counts[name][1] += bool(result)
            counts[name][2] += result not in ("", SampleResult.RIGHT)
    whole = counts.pop("合计", None)
    lines = [ErrorRate(name, *count) for name, count in sorted(counts.items())]
    return [*lines, ErrorRate("合计", *whole)] if whole is not None else lines
