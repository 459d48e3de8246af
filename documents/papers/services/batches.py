"""Papers to many homes: asked for once, numbered portion by portion, laid out from the stored snapshots, archived.

A portion is numbered in one act and archived in the next, so that nobody waits for the typesetter with a lock in hand.
What is numbered and not archived when a worker dies is laid out by the next one from the same snapshots: no number is
taken twice, no letter is made twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from documents.papers.kinds import BY_CODE
from documents.papers.models import BatchLine, Outcome, Paper, PaperBatch
from documents.papers.powers import POWERS, PaperRefused, organ_for
from documents.papers.selectors.batches import JOB, Verdict, chosen_units, job_key, verdicts
from documents.papers.selectors.snapshots import snapshot_of
from documents.papers.selectors.wording import words_of
from documents.papers.services.archive import keep
from documents.papers.services.issuing import completed, live_key_of, next_serial, sealed
from documents.render.batch import Batch
from projects.ledger.locks import lock_project, lock_units
from projects.ledger.models import Project
from registry.accounts.models import Organisation
from registry.audit.recording import record
from registry.jobs.services import enqueue
from registry.kernel.authority import Actor, Permission
from registry.store.acts import Row, current_act, within_act, write
from registry.store.locks import lock, lock_rows

PORTION: Final = 100


@write(Permission.DOCUMENT_ISSUE, on="project", once=True)
def request_batch(*, actor: Actor, project: Project, kind: str, words: Mapping[str, Any], filters: str) -> PaperBatch:
    """Ask for a kind of paper for many homes of a project, and hand the work to a job in the asker's present role.

    Refused: a kind that is not for homes, an organ that does not issue it, a choice that no home fits.
    """
    act, declared = current_act(), BY_CODE[kind]
    organ = organ_for(actor, kind, declared.label)
    asked = chosen_units(actor, project, words, on=act.today).count()
    if not asked:
        raise PaperRefused("没有符合条件的户，没有提交。请放宽条件。")
    batch: PaperBatch = PaperBatch.objects.create(
        number=f"PL{act.id}",
        project=project,
        kind=kind,
        words=dict(words),
        filters=filters[:300],
        is_masked=bool(words.get("is_masked")),
        organ=organ,
        asked_by_id=actor.person_id,
        asked_at=act.recorded_at,
        asked=asked,
        act_id=act.id,
    )
    params = {"batch": batch.pk, "role": actor.role.value, "organisation": organ.pk}
    label = f"{project.name}：批量出具{declared.label}{asked}份"
    enqueue(
        actor=actor, kind=JOB, key=job_key(batch.number), params=params, label=label[:160], project_id=project.pk,
        total=asked,
    )  # fmt: skip

    record(
        event="batch.asked",
        subject=batch,
        chain=project.pk,
        facts={"kind": declared.label, "number": batch.number, "filters": filters, "count": asked, "organ": organ.name},
        rows=[Row.added(batch, "number", "asked")],
    )
    return batch


@write(Permission.DOCUMENT_ISSUE, on="batch")
def lay_batch(*, actor: Actor, batch: PaperBatch) -> PaperBatch:
    """Put down the homes of a batch in building order: what was asked for stands from now on. Refused a second time."""
    lock_project(batch.project_id)
    current = lock(batch, "project")
    if current.is_laid:
        raise PaperRefused("本批的名单已经排定。")
    keys = list(
        chosen_units(actor, current.project, current.words, on=current_act().today).values_list("pk", flat=True)
    )
    BatchLine.objects.bulk_create(
        [BatchLine(batch=current, position=position, unit_id=key) for position, key in enumerate(keys, start=1)],
        batch_size=500,
    )
    before = {"is_laid": False, "asked": current.asked}
    current.is_laid, current.asked = True, len(keys)
    current.save(update_fields=["is_laid", "asked"])

    record(
        event="batch.laid",
        subject=current,
        chain=current.project_id,
        facts={"number": current.number, "count": len(keys)},
        rows=Row.if_changed(current, before),
    )
    return current


@dataclass(frozen=True)
class Numbered:
    """Papers that have their numbers and wait to be laid out, with what each says, and where they stand."""

    papers: tuple[Paper, ...]
    contexts: tuple[Mapping[str, Any], ...]
    span: tuple[int, int]


@write(Permission.DOCUMENT_ISSUE, on="batch")
def number_portion(*, actor: Actor, batch: PaperBatch, size: int = PORTION) -> Numbered:
    """Number the next homes of a batch, each with the snapshot it will be laid out from; say of the others why not.

    Every home is decided anew under its lock. Refused: nothing waits, or the organ is no longer the asker's.
    """
    act = current_act()
    organ = organ_for(actor, batch.kind, BY_CODE[batch.kind].label)
    project = lock_project(batch.project_id)
    waiting = batch.lines.filter(outcome=Outcome.WAITING).order_by("position")[:size]
    keys = list(waiting.values_list("unit_id", flat=True))
    units = {unit.pk: unit for unit in lock_units(None, keys, also_retired=True)}
    current = lock(batch)
    if current.organ_id != organ.pk:
        raise PaperRefused("您的单位已变更，本批不能继续出具。请由原单位人员重新提交。", code="no_power")
    lines = lock_rows(current.lines.filter(outcome=Outcome.WAITING, unit__in=keys).order_by("position"))
    if not lines:
        raise PaperRefused("本批没有待出具的户。", code="nothing_waits")
    stayed = [units[line.unit_id] for line in lines if units[line.unit_id].building.project_id == project.pk]
    decided = {
        verdict.unit.pk: verdict
        for verdict in verdicts(batch.kind, project, stayed, current.words, organ=organ, on=act.today)
    }
    issued = [line for line in lines if _is_issued(decided.get(line.unit_id))]
    papers = _numbered(current, project, organ, [decided[line.unit_id] for line in issued])
    for line, paper in zip(issued, papers, strict=True):
        line.paper, line.outcome = paper, Outcome.ISSUED
    for line in lines:
        if line.outcome == Outcome.WAITING:
            verdict = decided.get(line.unit_id)
            line.outcome = verdict.outcome if verdict else Outcome.REFUSED
            line.reason = (verdict.reason if verdict else "本户已不在本项目内。")[:300]
    BatchLine.objects.bulk_update(lines, ["paper", "outcome", "reason"], batch_size=500)

    record(
        event="batch.numbered",
        subject=current,
        chain=project.pk,
        facts={
            "kind": BY_CODE[current.kind].label, "number": current.number, "count": len(papers),
            "without": len(lines) - len(papers), "first": papers[0].number if papers else "",
            "last": papers[-1].number if papers else "",
        },
        rows=[
            *(Row.added(paper, "number", "snapshot_hash") for paper in papers),
            *(Row.changed(line, {"outcome": Outcome.WAITING}) for line in lines),
        ],
    )  # fmt: skip
    return Numbered(tuple(papers), tuple(map(snapshot_of, papers)), (lines[0].position, lines[-1].position))


def _is_issued(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.outcome == Outcome.ISSUED


@within_act
def _numbered(batch: PaperBatch, project: Project, organ: Organisation, issued: Sequence[Verdict]) -> list[Paper]:
    """Make the papers of the homes that get one, with the next numbers of the series, in order."""
    act, declared, power = current_act(), BY_CODE[batch.kind], POWERS[batch.kind]
    if not issued or power.series is None:
        return []
    prefix = power.series(organ, project)
    series, first = next_serial(prefix, act.today.year, len(issued))
    papers, words = [], words_of(batch.kind, project, organ, on=act.today)
    for serial, verdict in enumerate(issued, start=first):
        assert verdict.draft is not None
        number = declared.number(prefix, act.today.year, serial)
        headed = declared.headed(words(verdict.draft.snapshot), organ=organ.name, issued_on=act.today)
        full, digest, code = completed(declared, headed, number)
        papers.append(
            Paper(
                project=project,
                kind=batch.kind,
                series=series,
                serial=serial,
                number=number,
                title=str(headed["title"])[:160],
                addressee_masked=verdict.draft.addressee[:120],
                unit=verdict.unit,
                template_version=declared.version,
                snapshot_sealed=sealed(full),
                snapshot_hash=digest,
                issued_on=act.today,
                issued_at=act.recorded_at,
                issuer=organ,
                issued_by_id=batch.asked_by_id,
                live_key=live_key_of(declared, verdict.unit.pk, verdict.draft.recipient),
                recipient_key=verdict.draft.recipient,
                is_masked=batch.is_masked,
                retention=declared.archive,
                code=code,
                batch=batch,
                act_id=act.id,
            )
        )
    Paper.objects.bulk_create(papers, batch_size=200)
    return papers


def left_numbered(batch: PaperBatch, size: int = PORTION) -> Numbered | None:
    """Find papers that a worker numbered and did not archive before it ended. Two queries."""
    lines = batch.lines.filter(paper__pdf_hash="").select_related("paper").order_by("position")[:size]
    papers = tuple(line.paper for line in lines)
    if not papers:
        return None
    return Numbered(papers, tuple(map(snapshot_of, papers)), (lines[0].position, list(lines)[-1].position))


@write(Permission.DOCUMENT_ISSUE, on="batch")
def archive_portion(*, actor: Actor, batch: PaperBatch, numbered: Numbered, drawn: Batch) -> PaperBatch:
    """Archive what was laid out: each paper with its file, hash and fonts, the portion as a part of the print file.

    Refused: papers that are archived already; what is archived never changes.
    """
    current = lock(batch)
    papers = lock_rows(Paper.objects.filter(pk__in=[paper.pk for paper in numbered.papers]).order_by("id"))
    if any(paper.pdf_hash for paper in papers):
        raise PaperRefused("这些文书已经存档，不能再次存档。", code="archived")
    by_key = dict(zip((paper.pk for paper in numbered.papers), drawn.papers, strict=True))
    for paper in papers:
        rendered = by_key[paper.pk]
        paper.pdf_path, paper.pdf_hash = keep(rendered.bytes), rendered.sha256
        paper.fonts = [[font.family, font.sha256] for font in rendered.fonts]
    Paper.objects.bulk_update(papers, ["pdf_path", "pdf_hash", "fonts"], batch_size=200)
    pages = [rendered.pages for rendered in drawn.papers]
    part = [*numbered.span, keep(drawn.print_file.bytes, "prints"), drawn.print_file.sha256, pages]
    current.parts = sorted([*current.parts, part])
    current.save(update_fields=["parts"])

    record(
        event="batch.archived",
        subject=current,
        chain=current.project_id,
        facts={"number": current.number, "count": len(papers)},
        rows=[Row.changed(paper, {"pdf_hash": ""}) for paper in papers],
    )
    return current


@write(Permission.DOCUMENT_ISSUE, on="batch")
def finish_batch(*, actor: Actor, batch: PaperBatch) -> PaperBatch:
    """Say that a batch is done. Refused while a home waits or a paper is not archived."""
    current = lock(batch)
    if current.finished_at is not None:
        raise PaperRefused("本批已经办结。")
    if current.lines.filter(outcome=Outcome.WAITING).exists() or current.papers.filter(pdf_hash="").exists():
        raise PaperRefused("本批还有未出具或未存档的，不能办结。")
    current.finished_at = current_act().recorded_at
    current.save(update_fields=["finished_at"])

    record(
        event="batch.finished",
        subject=current,
        chain=current.project_id,
        facts={"number": current.number, "count": current.papers.count()},
    )
    return current


@write(Permission.DOCUMENT_READ, on="batch")
def take_batch(*, actor: Actor, batch: PaperBatch, what: str) -> PaperBatch:
    """Take papers of a batch out to print them, on record. Refused: who may not see the people they name.

    `what` says in words what was taken: the print file, some numbers of it, the separate files.
    """
    is_own = batch.organ_id == actor.organisation_id
    if not (batch.is_masked or is_own or actor.can(Permission.IDENTITY_REVEAL)):
        raise PaperRefused(
            "本批文书载有权利人完整姓名，仅限有查看个人信息权限的人员或出具单位打印。", code="names_people"
        )
    record(
        event="batch.taken",
        subject=batch,
        chain=batch.project_id,
        facts={"number": batch.number, "what": what},
    )
    return batch
