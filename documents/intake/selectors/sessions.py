"""Reading import sessions: the equation, rows by verdict with a filter, kinds of error, the mapping of columns."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from documents.intake.models import EXPORT_NO, UNTITLED, ImportSession, SourceFile, StagedRow
from documents.intake.reading.codes import CODES
from documents.intake.reading.list_shape import UNITS
from documents.intake.reading.row_draft import COMMENTS
from documents.intake.reading.unit_columns import HEADER
from registry.accounts.models import Approval
from registry.jobs.models import Job
from registry.jobs.selectors import time_left, worker_state
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import header_key
from registry.kernel.errors import NotFound
from registry.kernel.stages import Track, stage_of
from registry.lists.kinds import list_called

TABS: Final = (
    ("refused", "退回"), ("changed", "变更"), ("added", "新增"), ("unchanged", "相同"), ("skipped", "跳过"),
)  # fmt: skip
ALL, WARNED, NORMALISED = "all", "warned", "normalised"
UNNAMED: Final = "其他"  # of what has no name: never its code
AS_TEMPLATE: Final = "同模板"
VERDICT_WORDS: Final = dict(TABS)
SIZE: Final = 100
PLACE: Final = re.compile("^第 ?[0-9]+ ?行(?:“[^”]*”)?：?")
UNIT_HEADERS: Final = (
    "楼栋(幢号)",
    "单元号",
    "楼层",
    "户号(房号)",
    "规划用途",
    "建筑面积",
    "权利人姓名",
    "证件号码",
    "购房合同号/安置协议号",
)
SPARED: Final = ("规划用途", "建筑面积", "证件号码", "购房合同号/安置协议号")  # where another column is at fault
OF_COLUMNS: Final = ("NO_HEADER", "MISSING_COLUMN", "DUP_COLUMN")  # faults that matching the columns mends
ASKED_FOR: Final = ("area", "holder", "identity", "phone")
WHERE_STATED: Final = (HEADER["certificate_no"], HEADER["issued_on"])  # what makes a home issued is always seen


def session_by_id(actor: Actor, pk: int, wanted: Permission = Permission.IMPORT_READ) -> ImportSession:
    """Find an import that the actor may see; refused to whom the kind of list does not concern. One query.

    Who may send or accept a kind of list may see its sessions, and so may who reads imports at all.
    """
    found = (
        ImportSession.objects.visible_to(actor)
        .select_related("project", "uploaded_by", "decided_by", "undone_by", "part_of")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound("没有这次导入。")
    session: ImportSession = found
    reads = actor.can(Permission.IMPORT_READ) and (session.kind == UNITS or actor.can(Permission.AUDIT_READ))
    if wanted != Permission.IMPORT_READ or not reads:
        actor.require(list_called(session.kind).sent_by)
    return session


def sessions_of(actor: Actor, project_id: int | None, kind: str) -> list[ImportSession]:
    """List the imports of a kind of a project, or of no project, newest first. One query."""
    sessions = ImportSession.objects.visible_to(actor).filter(project_id=project_id, kind=kind)
    return list(sessions.select_related("uploaded_by").order_by("-id")[:30])


def sessions_to_expire(actor: Actor, before: Any) -> list[ImportSession]:
    """List the imports uploaded before a moment of which something staged is still kept. One query."""
    sealed = StagedRow.objects.filter(sealed__isnull=False).values("session_id")
    kept = (
        Q(pk__in=sealed)
        | Q(pk__in=SourceFile.objects.values("session_id"))
        | Q(state__in=("staged", "submitted", "reading"))
    )
    sessions = ImportSession.objects.visible_to(actor).filter(kept, uploaded_at__lte=before)
    return list(sessions.select_related("project").order_by("id"))


@dataclass(frozen=True)
class PreviewRow:
    """One staged row as shown: cells with the number of the error that marks each, then the errors."""

    row: int
    cells: tuple[tuple[str, str], ...]
    errors: tuple[dict[str, str], ...]
    changes: tuple[tuple[str, str, str], ...]
    verdict: str = ""
    warnings: tuple[str, ...] = ()
    said: str = ""
    place: str = ""
    normalised: tuple[tuple[str, str, str, str], ...] = ()
    comments: str = ""


@dataclass(frozen=True)
class PreviewPage:
    """One page of staged rows, the headers that they need, and where the next page begins."""

    headers: tuple[str, ...]
    rows: list[PreviewRow] = field(default_factory=list)
    after: int | None = None


def preview_page(
    session: ImportSession, tab: str, *, code: str = "", text: str = "", after: int = 0, size: int = SIZE
) -> PreviewPage:
    """List staged rows of a tab, by row, narrowed by kind of error and by building or room. One query."""
    rows = _rows_of(session, tab)
    if code:
        rows = rows.filter(**{"warnings__contains" if tab == WARNED else "codes__contains": f" {code} "})
    for word in text.split()[:4]:
        rows = rows.filter(place__icontains=word)
    staged_rows = list(rows.filter(row__gt=after).order_by("row")[: size + 1])
    shown = staged_rows[:size]
    headers = _headers(session.kind, shown)
    return PreviewPage(
        headers, [_preview_row(staged, headers) for staged in shown], shown[-1].row if len(staged_rows) > size else None
    )


def _headers(kind: str, shown: Sequence[StagedRow]) -> tuple[str, ...]:
    """The columns that a page needs: of the unit list the usual ones and those with errors, of others all but the
    project's, which is the same in every row."""
    columns = list_called(kind).columns
    if kind != UNITS:
        return tuple(column.header for column in columns if column.name != "project")
    bad = {error["column"] for staged in shown for error in staged.errors if error["column"]}
    stated = {header for header in WHERE_STATED if any(staged.shown.get(header) for staged in shown)}
    more = [header for header in columns.headers if header in bad | stated and header not in UNIT_HEADERS]
    usual = [name for name in UNIT_HEADERS if name in bad or name not in SPARED or not bad - {*UNIT_HEADERS}]
    return (*usual, *more)


def _rows_of(session: ImportSession, tab: str) -> "QuerySet[StagedRow]":
    rows: QuerySet[StagedRow] = session.staged_rows.all()
    if tab == NORMALISED:
        return rows.exclude(normalised=[])
    if tab == WARNED:
        return rows.exclude(warnings="")
    return rows if tab == ALL else rows.filter(verdict=tab)


def _preview_row(staged: StagedRow, headers: Sequence[str]) -> PreviewRow:
    errors = tuple(_told(error) for error in staged.errors)
    bad = {error["column"]: n for n, error in reversed(list(enumerate(errors, start=1)))}
    return PreviewRow(
        staged.row,
        tuple((staged.shown.get(header, ""), str(bad.get(header, ""))) for header in headers),
        errors,
        tuple((c[0], c[1], c[2]) for c in staged.changes),
        VERDICT_WORDS[staged.verdict],
        tuple(remedy_of(code) for code in staged.warnings.split()),
        staged.said,
        staged.place,
        tuple((column, before, after, rule) for column, before, after, rule in staged.normalised),
        staged.shown.get(COMMENTS, ""),
    )


def _told(error: dict[str, str]) -> dict[str, str]:
    """Part what is wrong from how to mend it, as the page shows them."""
    said = PLACE.sub("", error["message"])  # the row and the column stand beside it
    asked = said.find("请")
    starts = said.rfind("。", 0, asked) + 1 or asked  # whom the request is for stands before it: 写错的，请改正
    what, mend = said[:starts], said[starts:]
    if asked <= 0 or mend == "请":
        return {**error, "message": said}
    return {**error, "message": what.rstrip("，。") + "。", "remedy": mend}


def normalised_count(session: ImportSession) -> int:
    """Count the rows of which a cell is staged otherwise than it was written. One query."""
    return int(session.staged_rows.exclude(normalised=[]).count())


def warned_count(session: ImportSession) -> int:
    """Count the rows with warnings. One query."""
    return int(session.staged_rows.exclude(warnings="").count())


def error_kinds(session: ImportSession) -> list[tuple[str, str, int]]:
    """Count the errors by kind: code, what it is called, how many. One query."""
    counter: Counter[str] = Counter()
    for (errors,) in session.staged_rows.filter(verdict="refused").values_list("errors"):
        counter.update(error["code"] for error in errors)
    return [(code, label_of(code), count) for code, count in counter.most_common()]


def warning_kinds(session: ImportSession) -> list[tuple[str, str, int]]:
    """Count the rows by warning. One query."""
    counter: Counter[str] = Counter()
    for (codes,) in session.staged_rows.exclude(warnings="").values_list("warnings"):
        counter.update(codes.split())
    return [(code, label_of(code), count) for code, count in counter.most_common()]


def label_of(code: str) -> str:
    """Return the short name of a code."""
    spec: Any = CODES.get(code)
    return spec.label if spec is not None else UNNAMED


def remedy_of(code: str) -> str:
    """Return what a warning tells its reader to do."""
    spec: Any = CODES.get(code)
    return spec.message() if spec is not None else UNNAMED


def unread_titles(session: ImportSession) -> list[str]:
    """List the titles that were read as none of our columns, and the filled columns that have none. No query."""
    read = set(session.mapping.values())
    untitled = [f"{column}（没有表头）" for column in session.params.get(UNTITLED, ())]
    return [*(title for title in session.titles if title and title not in read), *untitled]


def own_export(session: ImportSession) -> dict[str, str]:
    """Return, of a file that this system wrote out, its number and what it may change. No query."""
    number = session.params.get(EXPORT_NO)
    if not number:
        return {}
    kind = list_called(session.kind)
    read = [column.header for column in kind.columns if column.name in session.mapping and not column.personal]
    places = ("project", "building", "entrance", "floor", "room")
    may = [header for header in read if header not in {HEADER[name] for name in places}] if kind.is_placed else read
    return {"number": number, "may": "、".join(may), "masked": "是" if kind.is_placed else ""}


def absent_columns(session: ImportSession) -> list[str]:
    """List the columns of a unit list that say who, what and how large, if the file lacks them. No query."""
    if session.kind != UNITS or not session.mapping:
        return []
    return [HEADER[name] for name in ASKED_FOR if name not in session.mapping]


def unanswered(lacking: Sequence[str]) -> str:
    """Say that a file lacks columns, and nobody has said that it is meant so."""
    return f"文件没有“{'”“'.join(lacking)}”，尚未确认。确实没有的，请勾选后再写入；列名不同的，请先设置列的对应。"


@dataclass(frozen=True)
class MappedColumn:
    """One of our columns and the title of the file that it was read from; how the two were matched."""

    name: str
    header: str
    title: str
    how: str
    is_required: bool


def mapping_of(session: ImportSession) -> list[MappedColumn]:
    """Return which column was read from which title of the file. No query."""
    mapped_columns = []
    for column in list_called(session.kind).columns:
        title = session.mapping.get(column.name, "")
        known = {header_key(word) for word in column.synonyms}
        how = (
            "没有这一列" if not title else "同模板" if header_key(title) == header_key(column.header) else "按常用写法"
        )
        if title and how == "按常用写法" and header_key(title) not in known:
            how = "按本单位的对应"
        mapped_columns.append(MappedColumn(column.name, column.header, title, how, column.required))
    return mapped_columns


def unknown_words(session: ImportSession) -> dict[str, list[str]]:
    """List the words of a file that are among no column's choices, by column. One query."""
    columns = {column.header: column for column in list_called(session.kind).translatable}
    found: dict[str, dict[str, None]] = {column.name: {} for column in columns.values()}
    for shown, errors in session.staged_rows.filter(verdict="refused").values_list("shown", "errors"):
        for error in errors:
            column = columns.get(error["column"])
            if column is None or error["code"] not in (column.unknown_code, "CHOICE_UNKNOWN"):
                continue
            if shown.get(column.header):
                found[column.name][shown[column.header]] = None
    return {name: list(words)[:20] for name, words in found.items() if words}


def has_source(session: ImportSession) -> bool:
    """Return whether the upload is still kept. One query."""
    return SourceFile.objects.filter(session=session).exists()


def marks_of(session: ImportSession) -> list[tuple[int, str, str]]:
    """List every error with its place: what the marked copy shows. One query."""
    own = Q(session=session) | Q(session__part_of=session)  # of a file of several projects, those of its parts too
    rows = StagedRow.objects.filter(own, verdict="refused").order_by("row").values_list("row", "errors")
    return [(row, error["column"], error["message"]) for row, errors in rows for error in errors]


def undo_waits(session: ImportSession) -> bool:
    """Return whether a second person is asked to undo it. One query."""
    return Approval.objects.filter(
        kind__in=("import.undo", "list.undo"), status="waiting", payload__session=session.pk
    ).exists()


def reading_of_session(session: ImportSession, now: datetime) -> dict[str, Any]:
    """Return the job that reads a session, how long it takes, whether a worker is there. Four queries."""
    job = Job.objects.filter(idempotency_key=f"imports.read:{session.pk}").first()
    if session.state != "reading" or job is None:
        return {"job": job}
    is_waiting = job.state in ("queued", "running")
    return {"job": job, "worker": worker_state(), "is_waiting": is_waiting, "left": time_left(job, now)}


def stage_said(session: ImportSession) -> str:
    """Say to which stage a list moves its homes; "" for other lists. No query."""
    if "track" not in session.params:
        return ""
    track = Track(session.params["track"])
    return f"{track.label}办理至“{stage_of(track, session.params['to']).label}”"
