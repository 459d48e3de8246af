"""Large exports: asked for, made by a job into a sealed file, fetched by who asked, destroyed in time.

The homes in reach, or a list that is too long to be made while somebody waits. One with names, numbers and telephones
in clear needs the right to take them out, a reason, and a second person.
"""

import errno
import os
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from documents.exports.models import ExportFile, ExportState
from documents.exports.sources import DETAILS, Source, projects_in, require_right, source_of
from documents.render.xlsx import Sheet
from documents.render.xlsx_stream import write_stream
from projects.ledger.selectors.unit_details import detail_units
from projects.ledger.unit_details import TITLE
from registry.accounts.models import Approval
from registry.accounts.selectors import actor_as, actor_by_key
from registry.accounts.services.approvals import propose
from registry.audit.recording import record
from registry.jobs.lease import Lease
from registry.jobs.models import Job
from registry.jobs.services import enqueue
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError, NotFound
from registry.kernel.reasons import ASKED, is_substantial
from registry.store.acts import Row, current_act, within_act, write
from registry.store.clock import SHANGHAI, ledger_today, shanghai_day
from registry.store.locks import lock
from registry.store.root import visible_projects
from registry.store.sealed_files import SealedWriter, read_sealed

JOB: Final = "exports.make"
PERSONAL: Final = "export.personal"
KEPT_DAYS: Final = 7
PAGES: Final = 20  # blocks of a thousand rows between two beats
FULL: Final = "磁盘已满，未生成文件。请联系系统管理员腾出空间后重试。"
GONE: Final = "没有这份导出，或不是您要的。请在导出页核对。"
TABLE: Final = "documents_exportfile"


class ExportRefused(DomainError):
    """An export that can't be asked for, made or fetched."""


@write(Permission.UNIT_READ, once=True)
def request_export(*, actor: Actor, words: Mapping[str, str], filters: str) -> ExportFile:
    """Ask for the homes in the actor's reach, people masked, and hand the work to a job.

    `filters` says the filters in words: they stand in the sheet, the file's name, the trail. Refused if no home fits.
    """
    _counted(actor, words)
    return queue_export(actor, DETAILS, TITLE, words, filters)


def propose_personal(*, actor: Actor, words: Mapping[str, str], filters: str, reason: str) -> Approval:
    """Ask a second person for an export with names, identity numbers and telephones in clear.

    Refused without the right to take them out, which is more than to see one, or a reason that says something.
    """
    actor.require(Permission.IDENTITY_EXPORT)
    if not is_substantial(reason):
        raise ExportRefused(f"未填写用途，或过于简单。请写明个人信息的用途和使用单位，{ASKED}。", field="reason")
    count = _counted(actor, words)
    approval: Approval = propose(
        actor=actor,
        kind=PERSONAL,
        title=f"导出{count}户的姓名、证件号码、电话",
        payload={"words": dict(words), "filters": filters, "count": count},
        reason=reason.strip(),
        area_code=actor.area_code,
    )
    return approval


def _counted(actor: Actor, words: Mapping[str, str]) -> int:
    count = detail_units(actor, words).count()
    if not count:
        raise ExportRefused("没有符合条件的户。请核对项目编号，或放宽条件。")
    return count


def counted_for(approval: Approval) -> int:
    """Count the homes that an asked-for export would hold now, in the asker's present reach."""
    asker = actor_by_key(person_key=approval.proposed_by_id, on=shanghai_day(approval.proposed_at))
    return int(detail_units(asker, approval.payload["words"]).count())


def carry_out_personal(*, actor: Actor, approval: Approval) -> ExportFile:
    """Hand an agreed export to a job, in the name of who asked. Runs inside the act of approval."""
    payload = approval.payload
    asker = actor_by_key(person_key=approval.proposed_by_id, on=current_act().today)
    asker.require(Permission.IDENTITY_EXPORT)
    return queue_export(
        asker, DETAILS, TITLE, payload["words"], payload["filters"], reason=approval.reason, agreed_by=actor.person_id
    )


@within_act
def queue_export(
    asker: Actor,
    name: str,
    title: str,
    words: Mapping[str, str],
    filters: str,
    *,
    reason: str = "",
    agreed_by: int | None = None,
) -> ExportFile:
    """Put an export down and hand it to a job that works in the asker's present role. Runs inside an act."""
    act = current_act()
    number = f"DC{act.id}"  # the act's own: whoever holds the sheet finds its record
    export: ExportFile = ExportFile.objects.create(
        number=number,
        name=name,
        title=title,
        words=dict(words),
        filters=filters[:300],
        is_personal=agreed_by is not None,
        reason=reason[:200],
        asked_by_id=asker.person_id,
        asked_at=act.recorded_at,
        agreed_by_id=agreed_by,
        act_id=act.id,
    )
    label = f"导出{title}（{filters}）" + ("，含个人信息" if export.is_personal else "")
    params = {"export": export.pk, "role": asker.role.value, "organisation": asker.organisation_id}
    enqueue(actor=asker, kind=JOB, key=f"{JOB}:{number}", label=label[:160], params=params)

    record(
        event="export.asked",
        subject=export,
        facts={
            "title": title, "filters": filters, "number": number, "personal": "，含个人信息" if export.is_personal else "",
        },
        reason=reason,
        rows=[Row.added(export, "state", "is_personal")],
    )  # fmt: skip
    return export


def write_export(lease: Lease) -> dict[str, Any]:
    """Write the sheet of an export into its sealed file, streamed; a retry writes the same file anew.

    The asker's rights are read anew. What fails, is cancelled or killed leaves no file that anyone could fetch.
    """
    export: ExportFile = ExportFile.objects.get(pk=lease.job.params["export"])
    if export.state != ExportState.WAITING:
        return _result(export)
    today = ledger_today()
    actor = _asker(lease.job, export, today)
    source, reach = source_of(export, actor, today), projects_in(export, actor)
    path = path_of(export)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    try:
        rows, size = _written(lease, export, source, actor, part)
        os.replace(part, path)
        with transaction.atomic():
            export = finish_export(actor=actor, export=export, rows=rows, size=size)
            lease.beat(done=rows, total=rows, checkpoint={"made": export.number, "projects": reach}, stage="完成")
    except OSError as fault:
        _remove(part, path)
        if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise ExportRefused(FULL, code="disk_full") from fault
        raise
    except BaseException:
        _remove(part, path)
        raise
    return _result(export)


def _asker(job: Job, export: ExportFile, today: date) -> Actor:
    """Who asked, in the role of then; refused if that is over."""
    if "role" not in job.params:
        return actor_by_key(person_key=export.asked_by_id, on=today)
    role, organisation = job.params["role"], job.params["organisation"]
    return actor_as(person_key=export.asked_by_id, role=role, organisation_id=organisation, on=today)


def _result(export: ExportFile) -> dict[str, Any]:
    return {"rows": export.rows, "number": export.number, "link": f"/documents/exports/files/{export.pk}/"}


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _written(lease: Lease, export: ExportFile, source: Source, actor: Actor, part: Path) -> tuple[int, int]:
    beats = 0

    def beat(done: int) -> None:
        nonlocal beats
        beats += 1
        if beats % PAGES == 1:
            with transaction.atomic():
                lease.beat(done=done, total=source.total, checkpoint={}, stage="写入工作簿")

    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        sealed = SealedWriter(out, _place(export))
        sheet = _sheet(export, source, actor)
        count = write_stream(sealed, sheet, source.rows(), words=source.words, beat=beat)  # type: ignore[arg-type]
        sealed.end()
        out.flush()
        os.fsync(out.fileno())
    return count, sealed.size


def stamp_of(actor: Actor, asked_at: datetime, number: str) -> str:
    """Say who took something out of the registry, when, and under which number."""
    return f"{actor.organisation_name} {actor.name} {asked_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 导出，编号{number}"


def _sheet(export: ExportFile, source: Source, actor: Actor) -> Sheet:
    stamp = stamp_of(actor, export.asked_at, export.number)
    if export.is_personal:
        note = f"含个人信息，用途：{export.reason}。只作此用，不得外传；{KEPT_DAYS}日后系统销毁，取走的也请及时销毁。"
    else:
        note = "姓名已脱敏。请妥善保管，不得外传。"
    return Sheet(
        title=export.title,
        columns=source.columns,
        rows=(),
        heading=((export.filters, stamp), note),
        totals={} if any(column.total for column in source.columns) else None,
        paper="A3",
        frozen=source.frozen,
        filters=True,
        watermark=f"{'含个人信息　' if export.is_personal else ''}{stamp}",
    )


@write(Permission.ACCOUNT_SELF)
def finish_export(*, actor: Actor, export: ExportFile, rows: int, size: int) -> ExportFile:
    """Say that the file of an export lies ready, and until when. Refused if it was made before."""
    act = current_act()
    current = lock(export)
    if current.state != ExportState.WAITING:
        raise ExportRefused("这份导出已经生成过。")
    current.state, current.rows, current.size = ExportState.READY, rows, size
    current.made_at, current.expires_at = act.recorded_at, act.recorded_at + timedelta(days=KEPT_DAYS)
    current.file_name = _file_name(current, act.today)
    current.save(update_fields=["state", "rows", "size", "made_at", "expires_at", "file_name"])

    record(
        event="export.made",
        subject=current,
        facts={"title": current.title, "rows": rows, "filters": current.filters, "number": current.number},
        rows=[Row.of(TABLE, current.pk, before={"state": "waiting"}, after={"state": "ready", "rows": rows})],
    )
    return current


def _file_name(export: ExportFile, today: date) -> str:
    parts = [export.title, export.filters.replace("：", "-").replace("，", "_"), f"{today:%Y%m%d}"]
    if export.is_personal:
        parts.insert(1, "含个人信息")
    return f"{'_'.join(parts)[:150]}.xlsx"


@write(Permission.ACCOUNT_SELF)
def open_export(*, actor: Actor, export: ExportFile) -> Iterator[bytes]:
    """Open the file of an export for who asked for it, and record that it was taken.

    Refused to who lost the right, the role or a project of it since: what was made for a reach leaves to that reach.
    """
    if export.asked_by_id is None or export.asked_by_id != actor.person_id:
        raise NotFound(GONE)
    require_right(actor, export)
    _require_reach(actor, job_of(export))
    path = path_of(export)
    if export.state != ExportState.READY or not path.is_file():
        raise ExportRefused("文件尚未生成，或已经到期销毁。请重新导出。", code="gone")

    record(event="export.taken", subject=export, facts={"title": export.title, "number": export.number})
    return read_sealed(path, _place(export))


def _require_reach(actor: Actor, job: Job | None) -> None:
    asked = {} if job is None else job.params
    if "role" in asked and (asked["role"], asked["organisation"]) != (actor.role.value, actor.organisation_id):
        raise ExportRefused("该导出系以其他职责提出。请切换至相应职责，或重新导出。", code="other_role")
    held = set() if job is None else set(job.checkpoint.get("projects", ()))
    if held - set(visible_projects(actor, sorted(held))):
        raise ExportRefused("其中有项目已不在您的范围内，这份导出不能再取。请重新导出。", code="out_of_reach")


@write(Permission.JOB_READ)
def destroy_export(*, actor: Actor, export: ExportFile, now: datetime) -> ExportFile:
    """Destroy the file of an export whose time is over. The record of it stays.

    The file goes when the act is committed: an act that is rolled back leaves an export that can still be fetched.
    """
    current = lock(export)
    if current.state != ExportState.READY or current.expires_at is None or current.expires_at > now:
        raise ExportRefused(f"该导出尚未到期，或已经销毁。生成{KEPT_DAYS}日后才销毁。")
    current.state = ExportState.DESTROYED
    current.save(update_fields=["state"])
    transaction.on_commit(partial(_remove, path_of(current), path_of(current).with_suffix(".part")))

    record(
        event="export.destroyed",
        subject=current,
        facts={"title": current.title, "number": current.number},
        rows=[Row.changed(current, {"state": ExportState.READY})],
    )
    return current


def remove_leftovers() -> int:
    """Remove files whose export is destroyed: a process killed between commit and removal left them. One query."""
    folder = Path(settings.FILES_DIR) / "exports"
    lying = {path.stem: path for path in folder.iterdir()} if folder.is_dir() else {}
    gone = ExportFile.objects.filter(number__in=list(lying), state=ExportState.DESTROYED)
    numbers = list(gone.values_list("number", flat=True))
    _remove(*(lying[number] for number in numbers))
    return len(numbers)


def job_of(export: ExportFile) -> Job | None:
    """Return the job that makes an export. One query."""
    job: Job | None = Job.objects.filter(idempotency_key=f"{JOB}:{export.number}").first()
    return job


def path_of(export: ExportFile) -> Path:
    """Return the place of an export's sealed file."""
    return Path(settings.FILES_DIR) / "exports" / export.number


def _place(export: ExportFile) -> str:
    return f"export.{export.number}"
