"""Issuing papers: numbered without gaps, rendered from a snapshot, archived sealed, never changed."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from documents.papers.kinds import BY_CODE
from documents.papers.models import NumberSeries, Paper
from documents.render.pdf import RenderedPdf, render_pdf
from projects.ledger.models import Project, Unit
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.store.acts import Row, current_act, within_act, write
from registry.store.clock import SHANGHAI
from registry.store.crypto import decrypt, encrypt
from registry.store.locks import lock, lock_one
from registry.store.second import by_row

SNAPSHOT = "paper.snapshot"


class PaperRefused(DomainError):
    """A paper that can't be issued or voided."""


@within_act
def next_serial(prefix: str, year: int) -> tuple[NumberSeries, int]:
    """Take the next number of a series: the counter row moves in the transaction of the paper."""
    NumberSeries.objects.bulk_create([NumberSeries(prefix=prefix, year=year)], ignore_conflicts=True)
    series = lock_one(NumberSeries, prefix=prefix, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return series, series.last


@write(Permission.DOCUMENT_ISSUE, on="project", once=True)
def issue_paper(
    *,
    actor: Actor,
    project: Project,
    kind: str,
    prefix: str,
    snapshot: Mapping[str, Any],
    issued_on: date,
    addressee_masked: str = "",
    unit: Unit | None = None,
    subject_key: int | None = None,
) -> Paper:
    """Number, render and archive a paper. The number's year is that of the Shanghai day of issue."""
    act, declared = current_act(), BY_CODE[kind]
    if issued_on > act.today:
        raise PaperRefused(f"日期{issued_on}还没到。", field="issued_on")
    if unit is not None and unit.building.project_id != project.id:
        raise PaperRefused("这一户不在本项目内，没有出具。请从本项目的户页面办理。", field="unit")
    series, serial = next_serial(prefix, issued_on.year)
    number = declared.number(prefix, issued_on.year, serial)
    plain = json.dumps(dict(snapshot), ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(plain.encode()).hexdigest()
    made_at = act.recorded_at.astimezone(SHANGHAI).isoformat(timespec="seconds")
    full = declared.completed(snapshot, number=number, made_at=made_at, digest=digest)
    rendered = render_pdf(declared.template, full)
    paper: Paper = Paper.objects.create(
        project=project,
        kind=kind,
        series=series,
        serial=serial,
        number=number,
        title=str(snapshot["title"])[:160],
        addressee_masked=addressee_masked[:120],
        unit=unit,
        subject_key=subject_key,
        template_version=declared.version,
        snapshot_sealed=encrypt(json.dumps(full, ensure_ascii=False, sort_keys=True), SNAPSHOT),
        snapshot_hash=digest,
        pdf_path=_archive(rendered),
        pdf_hash=rendered.sha256,
        fonts=[[font.family, font.sha256] for font in rendered.fonts],
        issued_on=issued_on,
        issued_at=act.recorded_at,
        issued_by_id=actor.person_id,
        act_id=act.id,
    )

    record(
        event="paper.issued",
        subject=paper,
        chain=project.id,
        facts={"kind": declared.label, "number": number, "sha256": rendered.sha256},
        rows=[Row.added(paper, "number", "pdf_hash")],
    )
    return paper


def issue_for_lower_app(
    *,
    actor: Actor,
    project: Project,
    kind: str,
    prefix: str,
    subject: Any,
    snapshot: Mapping[str, Any],
    issued_on: date,
    addressee: str = "",
) -> Paper:
    """Answer the port `issue_paper`: the kind makes its snapshot of the words. Runs inside an act."""
    declared: Any = BY_CODE[kind]
    return issue_paper.within(
        actor=actor,
        project=project,
        kind=kind,
        prefix=prefix,
        snapshot=declared.snapshot(**snapshot),
        issued_on=issued_on,
        addressee_masked=addressee,
        subject_key=subject.pk,
    )


def _archive(rendered: RenderedPdf) -> str:
    name = secrets.token_hex(16)
    path = Path(settings.FILES_DIR) / "papers" / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encrypt_bytes(rendered.bytes))
    path.chmod(0o600)
    return f"papers/{name[:2]}/{name}"


def encrypt_bytes(data: bytes) -> bytes:
    """Seal a file's content: papers name persons."""
    return encrypt(data.hex(), "file")


def read_pdf(paper: Paper) -> bytes:
    """Open the archived file and prove it by its hash."""
    path = Path(settings.FILES_DIR) / paper.pdf_path
    try:
        data = bytes.fromhex(decrypt(path.read_bytes(), "file"))
    except FileNotFoundError as error:
        raise PaperRefused(f"{paper.number}的存档文件不在。请联系系统管理员从备份恢复。") from error
    if hashlib.sha256(data).hexdigest() != paper.pdf_hash:
        raise PaperRefused(f"{paper.number}的存档与登记的校验值不符，不能打开。请联系系统管理员。")
    return data


def snapshot_of(paper: Paper) -> dict[str, Any]:
    """Open the stored snapshot of a paper."""
    snapshot: dict[str, Any] = json.loads(decrypt(paper.snapshot_sealed, SNAPSHOT))
    return snapshot


VOIDING: Final = by_row(
    "作废文书",
    "paper.issued_by_id",
    same="出具人不得自行作废。请由另一名有权限的人员办理。",
    legacy=lambda given: given["paper"].issued_by_id is None,  # issued by the system
)


@write(Permission.DOCUMENT_VOID, on="paper", second_person=VOIDING)
def void_paper(*, actor: Actor, paper: Paper, reason: str, on: date) -> Paper:
    """Void a paper: its number stays used, its file stays readable, marked."""
    current = lock(paper)
    if on < current.issued_on or on > current_act().today:
        raise PaperRefused(f"作废日期要在出具日期{current.issued_on}和今天之间。", field="on")
    if current.voided_on is not None:
        raise PaperRefused(f"{current.number}已经作废。")
    if not reason.strip():
        raise PaperRefused("没有填作废原因。", field="reason")
    VOIDING.require(actor, paper=current)
    current.voided_on, current.void_reason = on, reason.strip()
    current.save(update_fields=["voided_on", "void_reason"])

    record(
        event="paper.voided",
        subject=current,
        chain=current.project_id,
        facts={"kind": BY_CODE[current.kind].label, "number": current.number},
        reason=reason,
        rows=[Row.changed(current, {"voided_on": None})],
    )
    return current
