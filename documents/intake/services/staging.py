"""Staging: a read file laid beside the ledger, each row with its verdict. Nothing enters the ledger here."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from documents.intake.models import (
    EXPORT_NO,
    ROWS,
    TAKES_TWO,
    UNTITLED,
    ImportSession,
    SessionState,
    SourceFile,
    StagedRow,
)
from documents.intake.reading.codes import CODES
from documents.intake.reading.list_shape import UNITS
from documents.intake.reading.results import ReadResult, UnitRow
from documents.intake.reading.unit_columns import HEADER
from documents.intake.services.ledger_faults import add_doubts, fault_of, place_shown
from documents.intake.services.new_buildings import NewBuildings
from projects.ledger.models import IN_THE_BOOKS, Project, Unit
from projects.ledger.selectors.certificates import PlacedCertificate
from projects.ledger.selectors.names import units_by_name
from projects.ledger.services.certificates import merged
from projects.progress.services.place import PlacedHolder, PlacedUnit, Placement, compare_units
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.stages import Feature, Use
from registry.lists.kinds import list_called
from registry.lists.rows import Fault
from registry.store.acts import Row, current_act, within_act, write
from registry.store.bulk import insert_rows
from registry.store.crypto import encrypt, encrypt_bytes

TOLD: Final = ("file_sha256", "state", "outcome")  # of a session, in the trail
COLUMN: Final = "stagedrow.sealed"
SOURCE: Final = "sourcefile.sealed"
VERDICTS: Final = ("added", "changed", "unchanged", "refused", "skipped")
STAGED_FIELDS = (
    "session_id", "row", "verdict", "unit_key", "shown", "sealed", "changes", "errors", "warnings", "codes", "place",
    "said", "made", "normalised",
)  # fmt: skip
CHANGE_LABELS = {
    "use": "规划用途",
    "features": "特征",
    "unit_code": "不动产单元号",
    "area": "建筑面积",
    "agreement_no": "合同、协议号",
    "remark": "备注",
    "certificate_no": "产权证号",
    "issued_on": "发证日期",
    "certificate": "办证",
    "holders": "权利人",
    "shares": "份额、说明",
    "phone": "联系电话",
}


def placed_units(rows: Iterable[UnitRow]) -> dict[tuple[str, str, str, str], PlacedUnit]:
    """Join rows of one unit (co-owners on rows of their own) into one unit each, in file order."""
    grouped: dict[tuple[str, str, str, str], list[UnitRow]] = defaultdict(list)
    for row in rows:
        grouped[(row.building, row.entrance, row.floor, row.room)].append(row)
    return {place: _placed(same) for place, same in grouped.items()}


def _placed(rows: Sequence[UnitRow]) -> PlacedUnit:
    first = rows[0]
    holders = [
        PlacedHolder(h.name, h.identity_kind, h.identity, h.phone, h.share, h.note)
        for row in rows
        for h in row.holders
        if h.name
    ]
    stated = [PlacedCertificate(c.number, c.is_legacy, c.issued_on) for row in rows for c in row.certificates]
    return PlacedUnit(
        row=first.row,
        building=first.building,
        entrance=first.entrance,
        floor=first.floor,
        floor_order=first.floor_order,
        room=first.room,
        use=first.use,
        features=first.features,
        unit_code=first.unit_code,
        area=first.area,
        holders=tuple(dict.fromkeys(holders)),
        agreement_no=first.agreement_no,
        remark=first.remark,
        certificates=merged((), stated),
        cleared=frozenset().union(*(row.cleared for row in rows)),
    )


@write(Permission.IMPORT_STAGE, on="project", once=True)
def stage_import(
    *,
    actor: Actor,
    project: Project,
    file_name: str,
    file_sha256: str,
    result: ReadResult,
    all_or_nothing: bool = False,
    content: bytes = b"",
    whole: ImportSession | None = None,
) -> ImportSession:
    """Lay a read unit list beside the ledger: each row with its verdict. Nothing enters the ledger.

    `whole` is the session of a file of several projects, of which this is the part of one.
    """
    session = create_session(
        actor=actor, project=project, kind=UNITS, file_name=file_name, file_sha256=file_sha256, result=result
    )
    session.all_or_nothing, session.file_size, session.part_of = all_or_nothing, len(content), whole
    return _stage_units(session, project, result, content)


@write(Permission.IMPORT_STAGE, on="session")
def stage_received(*, actor: Actor, session: ImportSession, result: ReadResult) -> ImportSession:
    """Lay a unit list that a job has read beside the ledger, as the session that its upload made."""
    if session.project is None:
        raise DomainError("清册没有所属项目。")
    return _stage_units(taken_over(actor, session, result), session.project, result, b"")


@within_act
def taken_over(actor: Actor, session: ImportSession, result: ReadResult) -> ImportSession:
    """Make of the session of an upload that a job has read the one that its result says, not stored yet."""
    staged = create_session(
        actor=actor, project=session.project, kind=session.kind, file_name=session.file_name,
        file_sha256=session.file_sha256, result=result,
    )  # fmt: skip
    staged.pk, staged.file_size, staged.uploaded_at = session.pk, session.file_size, session.uploaded_at
    staged.uploaded_by_id, staged.params = session.uploaded_by_id, {**staged.params, **session.params}
    return staged


def _stage_units(session: ImportSession, project: Project, result: ReadResult, content: bytes) -> ImportSession:
    warned: set[str] = set()
    staged = [] if result.file_error else _verdicts(project, result, warned, session)
    session.warnings = [*session.warnings, *sorted(warned)]
    session.absent = _absent(project, staged)
    return write_staged_rows(session, result=result, staged=staged, content=content)


def create_session(
    *, actor: Actor, project: Project | None, kind: str, file_name: str, file_sha256: str, result: ReadResult
) -> ImportSession:
    """Make the session of a read file, not stored yet. Inside an open act."""
    act = current_act()
    return ImportSession(
        project=project,
        kind=kind,
        file_name=file_name[:200],
        file_sha256=file_sha256,
        state=SessionState.REFUSED if result.file_error else SessionState.STAGED,
        sheet=result.sheet[:80],
        header_row=result.header_row,
        uploaded_by_id=actor.person_id,
        uploaded_at=act.recorded_at,
        act_id=act.id,
        file_error=result.file_error,
        message=result.message,
        warnings=list(result.warnings),
        titles=list(result.titles),
        mapping=dict(result.mapping),
        sheets=list(result.sheets),
        params={
            TAKES_TWO: list_called(kind).takes_two(actor),
            **({EXPORT_NO: result.export_no} if result.export_no else {}),
            **({UNTITLED: list(result.untitled)} if result.untitled else {}),
        },
    )


@within_act
def write_staged_rows(
    session: ImportSession, *, result: ReadResult, staged: "Sequence[StagedTuple]", content: bytes
) -> ImportSession:
    """Store a session with its staged rows and the file, sealed; a refused file leaves a session too.

    Every attempt is on record. The file is kept until it is written, returned or expires: for the marked copy, and to
    read it anew by another mapping.
    """
    known = ImportSession.objects.filter(pk=session.pk).values(*TOLD).first() if session.pk else None
    if result.file_error:
        session.outcome = "reject"
        session.save()
        if result.titles or result.sheets:
            keep_source(session, content)
        elif not content:
            SourceFile.objects.filter(session=session).delete()
        record(
            event="import.refused",
            subject=session,
            chain=session.project_id,
            facts={"file": session.file_name, "message": result.message, "code": result.file_error},
            rows=Row.kept(session, known, *TOLD),
        )
        return session
    committed = ImportSession.objects.filter(
        project=session.project, kind=session.kind, file_sha256=session.file_sha256, state=SessionState.COMMITTED
    )
    if committed.exists() and "ALREADY_IMPORTED" not in session.warnings:
        session.warnings = [*session.warnings, "ALREADY_IMPORTED"]
    session.rows_present = result.rows_present
    for verdict in VERDICTS:
        setattr(session, verdict, sum(1 for row in staged if row[1] == verdict))
    session.outcome = "rows" if session.refused else "accept"
    session.save()
    insert_rows(StagedRow, STAGED_FIELDS, ((session.id, *row) for row in staged))
    keep_source(session, content)

    good = session.added + session.changed + session.unchanged
    is_divided = session.state == SessionState.DIVIDED
    rows = session.params[ROWS] if is_divided else session.rows_present
    record(
        event="import.divided" if is_divided else "import.staged",
        subject=session,
        chain=session.project_id,
        facts={"file": session.file_name, "rows": rows, "good": good, "refused": session.refused},
        rows=Row.kept(session, known, *TOLD),
    )
    return session


@within_act
def keep_source(session: ImportSession, content: bytes) -> None:
    """Keep an upload, sealed, for its marked copy and to be read anew. Inside an open act."""
    if content:
        SourceFile.objects.create(session=session, sealed=encrypt_bytes(content, SOURCE))


def _absent(project: Project, staged: "Sequence[StagedTuple]") -> int:
    """Count the units of the ledger that the file does not name: they stay as they are."""
    named = {row[2] for row in staged if row[2] is not None}
    return int(Unit.objects.filter(IN_THE_BOOKS, building__project=project).count()) - len(named)


StagedTuple = tuple[
    int, str, int | None, dict[str, Any], bytes | None, list[Any], list[Any], str, str, str, str, list[Any], list[Any]
]


def _named(
    project: Project, rows: Sequence[UnitRow], errors: dict[int, list[dict[str, str]]], warned: set[str]
) -> list[UnitRow]:
    """Rows that call a unit by another scheme's name, as the ledger places it; two units of one name are refused."""
    by_name = units_by_name(project)
    if not by_name:
        return list(rows)
    places = set(
        Unit.objects.filter(IN_THE_BOOKS, building__project=project).values_list(
            "building__number", "entrance", "floor", "room"
        )
    )
    unit_rows: list[UnitRow] = []
    for row in rows:
        called = by_name.get((row.building, row.room), ())
        if (row.building, row.entrance, row.floor, row.room) in places or not called:
            unit_rows.append(row)
            continue
        coded = [unit for unit in called if row.unit_code and unit.unit_code == row.unit_code] or list(called)
        if len(coded) > 1:
            labels = "、".join(f"{unit.building}{unit}" for unit in coded)
            message = CODES["NAME_AMBIGUOUS"].message(count=len(coded), units=labels)
            errors[row.row].append(
                {"column": "户号(房号)", "code": "NAME_AMBIGUOUS", "message": f"第 {row.row} 行“户号(房号)”{message}"}
            )
            continue
        [unit] = coded
        warned.add("BY_NAME")
        unit_rows.append(
            replace(
                row, building=unit.building.number, entrance=unit.entrance, floor=unit.floor,
                floor_order=unit.floor_order, room=unit.room,
            )
        )  # fmt: skip
    return _once_each(rows, unit_rows, errors)


def _once_each(
    rows: Sequence[UnitRow], named: Sequence[UnitRow], errors: dict[int, list[dict[str, str]]]
) -> list[UnitRow]:
    """Leave out the rows that were written as different homes and are one by their names; each names the others."""
    written = {row.row: (row.building, row.entrance, row.floor, row.room) for row in rows}
    meant: dict[tuple[str, str, str, str], list[UnitRow]] = defaultdict(list)
    for row in named:
        meant[row.building, row.entrance, row.floor, row.room].append(row)
    for same in meant.values():
        if len({written[row.row] for row in same}) > 1:
            for row in same:
                others = "、".join(str(other.row) for other in same if other is not row)
                said = f"按户名与第 {others} 行是同一户，都不写入。请核对后只留正确的一行。"
                errors[row.row].append(Fault("UNIT_DUP", said, HEADER["room"]).at(row.row))
    return [row for row in named if row.row not in errors]


def _verdicts(project: Project, result: ReadResult, warned: set[str], session: ImportSession) -> list[StagedTuple]:
    errors: dict[int, list[dict[str, str]]] = defaultdict(list)
    for error in result.errors:
        errors[error.row].append({"column": error.column, "code": error.code, "message": error.message})
    good = _named(project, [row for row in result.rows if row.row not in errors], errors, warned)
    units = placed_units(good)
    act = current_act()
    doubtful = [_placed([row]) for row in result.doubtful]
    placement = compare_units(
        project=project, rows=list(units.values()), today=act.today, reader=act.actor, doubtful=doubtful
    )
    verdicts = _by_place(placement)
    fresh = NewBuildings.of(project, placement)
    session.params = {**session.params, **fresh.params}
    warned |= fresh.warnings
    add_doubts(errors, placement, fresh)
    normalised = normalised_by_row(result)
    staged: list[StagedTuple] = []

    def stage_row(
        row: int, verdict: str, key: int | None, shown: Mapping[str, str], sealed: bytes | None, changes: list[Any],
        faults: list[dict[str, str]],
    ) -> None:  # fmt: skip
        warned = code_words(result.row_warnings.get(row, ()))
        codes = code_words(dict.fromkeys(error["code"] for error in faults if error["code"]))
        staged.append(
            (
                row, verdict, key, dict(shown), sealed, changes, faults, warned, codes,
                place_shown(shown, normalised.get(row, [])), "", [], normalised.get(row, []),
            )
        )  # fmt: skip

    for row in good:
        verdict, key, changes, wrong = verdicts[units[(row.building, row.entrance, row.floor, row.room)].place]
        refusals = [fault.at(row.row) for fault in wrong]
        if verdict == "changed" and row.clears_people:
            session.params = {**session.params, TAKES_TWO: True}
        if verdict == "added" and fresh.is_held(row.building):
            verdict, refusals = "refused", [fresh.fault(row.row, row.building)]
        sealed = encrypt(json.dumps(row.to_data(), ensure_ascii=False), COLUMN)
        stage_row(row.row, verdict, key, row.shown, sealed, changes, refusals)
    for number, faults in errors.items():
        stage_row(number, "refused", None, result.shown.get(number, {}), None, [], faults)
    for number, reason in result.skipped:
        skipped = [{"column": "", "code": "", "message": reason}]
        stage_row(number, "skipped", None, {"备注": reason}, None, [], skipped)
    return sorted(staged, key=lambda row: row[0])


def normalised_by_row(result: ReadResult) -> dict[int, list[Any]]:
    """Return what was changed between cell and staged value, by row: column, from, to, rule."""
    by_row: dict[int, list[Any]] = defaultdict(list)
    for change in result.normalised:
        by_row[change.row].append([change.column, change.before, change.after, change.rule])
    return by_row


def code_words(codes: Iterable[str]) -> str:
    """Join codes with spaces around each, so that one is found by ` CODE `."""
    text = " ".join(codes)[:190]
    return f" {text} " if text else ""


Verdict = tuple[str, int | None, list[Any], list[Fault]]


def _by_place(placement: Placement) -> Mapping[tuple[str, str, str, str], Verdict]:
    verdicts: dict[tuple[str, str, str, str], Verdict] = {}
    for row in placement.added:
        verdicts[row.place] = ("added", None, [], [])
    for row, key, changes in placement.changed:
        shown = [
            [CHANGE_LABELS[name], _shown(name, old), "清空" if new in (None, "") else _shown(name, new)]
            for name, (old, new) in changes.items()
        ]
        verdicts[row.place] = ("changed", key, shown, [])
    for row, key in placement.unchanged:
        verdicts[row.place] = ("unchanged", key, [], [])
    for row, code, reason in placement.refused:
        faults = verdicts.setdefault(row.place, ("refused", None, [], []))[3]
        faults.append(fault_of(placement, row, code, reason))
    return verdicts


def _shown(name: str, value: Any) -> str:
    if value in (None, ""):
        return "（空）"
    if name == "use":
        return Use(value).label
    if name == "features":
        return Feature(value).label or "（无）"
    return str(value)
