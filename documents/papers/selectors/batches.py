"""Which homes a batch is about, what becomes of each, and what its page says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Max, Min, QuerySet

from documents.papers.kinds import BY_CODE
from documents.papers.models import BatchLine, Outcome, Paper, PaperBatch
from documents.papers.powers import organ_for, require_subject
from documents.papers.selectors.drafts import DRAFTERS, Asked, Draft, require_recipient
from projects.ledger.models import Project, Unit
from projects.progress.selectors import units_of
from registry.accounts.models import Organisation
from registry.jobs.models import Job
from registry.kernel.authority import Actor
from registry.kernel.errors import DomainError, NotFound
from registry.store.scoping import TenantQuerySet

JOB: Final = "notices.issue"
NARROWED: Final = ("building", "use", "certificate", "entrance", "q", "side")
SEPARATORS: Final = str.maketrans(dict.fromkeys("－—-　，,、/\t", " "))


@dataclass(frozen=True)
class Verdict:
    """What becomes of a home: its notice, or why it gets none."""

    unit: Unit
    outcome: Outcome
    reason: str = ""
    draft: Draft | None = None


@dataclass(frozen=True)
class Tally:
    """How many were asked for and what became of them; whatever happens, the parts sum to the whole."""

    asked: int
    waiting: int
    issued: int
    refused: int
    skipped: int

    @property
    def words(self) -> str:
        """The sum in words, the same on the page, in the workbook and on the print file."""
        waiting = f"、待出具{self.waiting}份" if self.waiting else ""
        return f"应出{self.asked}份＝已出具{self.issued}份＋不能出具{self.refused}份＋已有有效文书{self.skipped}份{waiting}"


def chosen_units(actor: Actor, project: Project, words: Mapping[str, Any], *, on: date) -> "QuerySet[Unit]":
    """Return the homes that a batch is asked for, in building order: those that match, or those of a list. No query."""
    units = units_of(actor, project.pk, filters={name: str(words.get(name) or "") for name in NARROWED}, on=on)
    if words.get("units"):
        units = units.filter(pk__in=words["units"])
    return units.order_by("building__number_order", "building_id", "entrance", "floor_order", "room", "id")


def listed_units(actor: Actor, project: Project, text: str, *, on: date) -> tuple[list[int], list[str]]:
    """Find the homes of a list, a line each: 楼栋 单元 户号, or 楼栋 户号; also the lines that name none or several."""
    places: dict[tuple[str, ...], list[int]] = {}
    for unit in units_of(actor, project.pk, filters={}, on=on):
        building = _bare(unit.building.number)
        places.setdefault((building, unit.room), []).append(unit.pk)
        places.setdefault((building, _bare(unit.entrance), unit.room), []).append(unit.pk)
    keys: list[int] = []
    wrong: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = line.translate(SEPARATORS).split()
        place = places.get((*map(_bare, parts[:-1]), parts[-1]), []) if len(parts) in (2, 3) else []
        if len(place) == 1:
            keys += place
        else:
            wrong.append(line)
    return keys, wrong


def _bare(name: str) -> str:
    for word in ("号楼", "单元", "栋", "幢", "楼"):
        name = name.removesuffix(word)
    return name.lstrip("0") or name


def verdicts(
    kind: str, project: Project, units: Sequence[Unit], words: Mapping[str, Any], *, organ: Organisation, on: date
) -> list[Verdict]:
    """Decide each of many homes: issued, refused for a reason, or skipped since its people have a notice in force."""
    declared = BY_CODE[kind]
    asked = Asked(words["place"], words["phone"], bool(words.get("is_masked")))
    papers = Paper.objects.filter(kind=kind, voided_on__isnull=True, unit__in=[unit.pk for unit in units])
    live: dict[int, list[Paper]] = {}
    for paper in papers.order_by("id"):
        live.setdefault(paper.unit_id, []).append(paper)
    fit, decided = [], {}
    for unit in units:
        try:
            require_subject(kind, declared.label, unit, organ)
            fit.append(unit)
        except DomainError as refusal:
            decided[unit.pk] = Verdict(unit, Outcome.REFUSED, refusal.message)
    drafts = DRAFTERS[kind](project, fit, asked, issued_on=on) if fit else {}
    for unit in fit:
        decided[unit.pk] = _verdict(unit, declared.label, drafts[unit.pk], live.get(unit.pk, ()))
    for unit in units:
        if live.get(unit.pk) and decided[unit.pk].outcome == Outcome.REFUSED:
            decided[unit.pk] = Verdict(unit, Outcome.SKIPPED, _told(live[unit.pk][0]))
    return [decided[unit.pk] for unit in units]


def _verdict(unit: Unit, label: str, draft: Draft | DomainError, live: Sequence[Paper]) -> Verdict:
    if isinstance(draft, DomainError):
        return Verdict(unit, Outcome.REFUSED, draft.message)
    try:
        require_recipient(draft.recipient, label)
    except DomainError as refusal:
        return Verdict(unit, Outcome.REFUSED, refusal.message)
    other = next((paper for paper in live if paper.recipient_key in ("", draft.recipient)), None)
    if other is not None:
        return Verdict(unit, Outcome.SKIPPED, _told(other))
    return Verdict(unit, Outcome.ISSUED, "", draft)


def _told(paper: Paper) -> str:
    return f"已有有效的{paper.number}，{paper.issued_on}出具"


@dataclass(frozen=True)
class BatchPreview:
    """What a batch would do: the sum, why not by number, and the homes that get none."""

    tally: Tally
    reasons: list[tuple[str, int]]
    without: list[Verdict]


SHOWN: Final = 200
PREVIEWED: Final = 1_000  # homes decided at a time


def preview_batch(actor: Actor, project: Project, kind: str, words: Mapping[str, Any], *, on: date) -> BatchPreview:
    """Decide every home of a batch without writing anything."""
    organ = organ_for(actor, kind, BY_CODE[kind].label)
    units = list(chosen_units(actor, project, words, on=on))
    every = [
        verdict
        for start in range(0, len(units), PREVIEWED)
        for verdict in verdicts(kind, project, units[start : start + PREVIEWED], words, organ=organ, on=on)
    ]
    counts = Counter(verdict.outcome for verdict in every)
    tally = Tally(len(every), 0, counts[Outcome.ISSUED], counts[Outcome.REFUSED], counts[Outcome.SKIPPED])
    without = [verdict for verdict in every if verdict.outcome != Outcome.ISSUED]
    reasons = Counter(verdict.reason for verdict in without if verdict.outcome == Outcome.REFUSED)
    return BatchPreview(tally, reasons.most_common(), without[:SHOWN])


def batches_visible_to(actor: Actor) -> TenantQuerySet:
    """Return the batches of the projects that the actor may see. No query yet."""
    batches: TenantQuerySet = PaperBatch.objects.visible_to(actor).select_related("project", "organ", "asked_by")
    return batches


def batch_by_number(actor: Actor, number: str) -> PaperBatch:
    """Find a batch. One query."""
    batch: PaperBatch | None = batches_visible_to(actor).filter(number=number).first()
    if batch is None:
        raise NotFound("未找到该批文书。请在文书页核对。")
    return batch


def tally_of(batch: PaperBatch) -> Tally:
    """Count what became of a batch. One query."""
    counts = dict(batch.lines.order_by().values_list("outcome").annotate(n=Count("id")))
    known = [counts.get(outcome, 0) for outcome in (Outcome.ISSUED, Outcome.REFUSED, Outcome.SKIPPED)]
    issued, refused, skipped = known
    return Tally(batch.asked, batch.asked - sum(known), issued, refused, skipped)


def lines_of(batch: PaperBatch, outcome: str = "") -> "QuerySet[BatchLine]":
    """Return the lines of a batch in building order. No query yet."""
    lines: QuerySet[BatchLine] = batch.lines.select_related("unit__building", "paper").order_by("position")
    return lines.filter(outcome=outcome) if outcome else lines


def lines_without(batch: PaperBatch) -> "QuerySet[BatchLine]":
    """Return the lines of a batch that get no paper, in building order. No query yet."""
    return lines_of(batch).filter(outcome__in=[Outcome.REFUSED, Outcome.SKIPPED])


def job_of(batch: PaperBatch) -> Job | None:
    """Find the job that does a batch. One query."""
    job: Job | None = Job.objects.filter(idempotency_key=job_key(batch.number)).first()
    return job


def job_key(number: str) -> str:
    """Return the key of the job of a batch: asked for once."""
    return f"{JOB}:{number}"


def numbers_of(batch: PaperBatch) -> tuple[int, int] | None:
    """Return the first and the last serial of a batch; None if it has none yet. One query."""
    span = batch.papers.aggregate(first=Min("serial"), last=Max("serial"))
    return None if span["first"] is None else (span["first"], span["last"])
