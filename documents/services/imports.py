"""Import sessions: staged, submitted, accepted by a second person, written in one transaction."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from documents.intake.results import ReadResult, UnitRow
from documents.models import ImportSession, SessionState, StagedRow
from projects.ledger.models import Project
from projects.progress.services.place import PlacedHolder, PlacedUnit, Placement, compare_units, place_within_act
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import DomainError
from registry.kernel.stages import Feature, Use
from registry.store.acts import Row, current_act, write
from registry.store.bulk import insert_rows
from registry.store.crypto import decrypt, encrypt

COLUMN = "stagedrow.sealed"
STAGED_FIELDS = ("session_id", "row", "verdict", "unit_key", "shown", "sealed", "changes", "errors")
CHANGE_LABELS = {
    "use": "规划用途",
    "features": "特征",
    "unit_code": "不动产单元号",
    "area": "建筑面积",
    "agreement_no": "合同、协议号",
    "remark": "备注",
    "holders": "权利人",
    "phone": "联系电话",
}


class ImportRefused(DomainError):
    """An import that can't go on."""


def placed_units(rows: Iterable[UnitRow]) -> dict[tuple[str, str, str, str], PlacedUnit]:
    """This will join rows of one unit (co-owners on rows of their own) into one unit each, in file order."""
    grouped: dict[tuple[str, str, str, str], list[UnitRow]] = defaultdict(list)
    for row in rows:
        grouped[(row.building, row.entrance, row.floor, row.room)].append(row)
    return {place: _placed(same) for place, same in grouped.items()}


def _placed(rows: Sequence[UnitRow]) -> PlacedUnit:
    first = rows[0]
    holders = [
        PlacedHolder(h.name, h.identity_kind, h.identity, h.phone) for row in rows for h in row.holders if h.name
    ]
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
    )


@write(Permission.IMPORT_STAGE, on=lambda kw: kw["project"])
def stage_import(
    *,
    actor: Actor,
    project: Project,
    file_name: str,
    file_sha256: str,
    result: ReadResult,
    all_or_nothing: bool = False,
) -> ImportSession:
    """This will lay a read file beside the ledger: each row with its verdict. Nothing enters the ledger.

    A refused file leaves a session too, with its reason: every attempt is on record.
    """
    act = current_act()
    session = ImportSession(
        project=project,
        file_name=file_name[:200],
        file_sha256=file_sha256,
        state=SessionState.REFUSED if result.file_error else SessionState.STAGED,
        sheet=result.sheet[:80],
        header_row=result.header_row,
        all_or_nothing=all_or_nothing,
        uploaded_by_id=actor.person_id,
        uploaded_at=act.recorded_at,
        act_id=act.id,
        file_error=result.file_error,
        message=result.message,
        warnings=list(result.warnings),
    )
    if result.file_error:
        session.outcome = "reject"
        session.save(force_insert=True)
        record(
            event="import.refused",
            subject=session,
            chain=project.id,
            facts={"file": session.file_name, "message": result.message, "code": result.file_error},
            rows=[Row("documents_importsession", session.id, None, {"state": "refused"})],
        )
        return session
    staged = _verdicts(project, result)
    committed = ImportSession.objects.filter(project=project, file_sha256=file_sha256, state=SessionState.COMMITTED)
    if committed.exists() and "ALREADY_IMPORTED" not in session.warnings:
        session.warnings = [*session.warnings, "ALREADY_IMPORTED"]
    session.rows_present = result.rows_present
    for verdict in ("added", "changed", "unchanged", "refused", "skipped"):
        setattr(session, verdict, sum(1 for row in staged if row[1] == verdict))
    session.outcome = "rows" if session.refused else "accept"
    session.save(force_insert=True)
    insert_rows(StagedRow, STAGED_FIELDS, ((session.id, *row) for row in staged))

    good = session.added + session.changed + session.unchanged
    record(
        event="import.staged",
        subject=session,
        chain=project.id,
        facts={"file": session.file_name, "rows": session.rows_present, "good": good, "refused": session.refused},
        rows=[Row("documents_importsession", session.id, None, {"sha256": file_sha256})],
    )
    return session


StagedTuple = tuple[int, str, int | None, dict[str, Any], bytes | None, list[Any], list[Any]]


def _verdicts(project: Project, result: ReadResult) -> list[StagedTuple]:
    errors: dict[int, list[dict[str, str]]] = defaultdict(list)
    for error in result.errors:
        errors[error.row].append({"column": error.column, "code": error.code, "message": error.message})
    good = [row for row in result.rows if row.row not in errors]
    units = placed_units(good)
    placement = compare_units(project=project, rows=list(units.values()))
    verdicts = _by_place(placement)
    staged: list[StagedTuple] = []
    for row in good:
        verdict, key, changes, refusal = verdicts[units[(row.building, row.entrance, row.floor, row.room)].place]
        refusals = [{"column": "", "code": refusal[0], "message": f"第 {row.row} 行：{refusal[1]}"}] if refusal else []
        sealed = encrypt(json.dumps(row.to_data(), ensure_ascii=False), COLUMN)
        staged.append((row.row, verdict, key, dict(row.shown), sealed, changes, refusals))
    for number, found in errors.items():
        staged.append((number, "refused", None, dict(result.shown.get(number, {})), None, [], found))
    for number, reason in result.skipped:
        staged.append(
            (number, "skipped", None, {"备注": reason}, None, [], [{"column": "", "code": "", "message": reason}])
        )
    return sorted(staged, key=lambda row: row[0])


Verdict = tuple[str, int | None, list[Any], tuple[str, str] | None]


def _by_place(placement: Placement) -> Mapping[tuple[str, str, str, str], Verdict]:
    verdicts: dict[tuple[str, str, str, str], Verdict] = {}
    for row in placement.added:
        verdicts[row.place] = ("added", None, [], None)
    for row, key, changes in placement.changed:
        shown = [[CHANGE_LABELS[name], _shown(name, old), _shown(name, new)] for name, (old, new) in changes.items()]
        verdicts[row.place] = ("changed", key, shown, None)
    for row, key in placement.unchanged:
        verdicts[row.place] = ("unchanged", key, [], None)
    for row, code, reason in placement.refused:
        verdicts[row.place] = ("refused", None, [], (code, reason))
    return verdicts


def _shown(name: str, value: Any) -> str:
    if value in (None, ""):
        return "（空）"
    if name == "use":
        return Use(value).label
    if name == "features":
        return Feature(value).label or "（无）"
    return str(value)


def _locked(session: ImportSession, *states: SessionState) -> ImportSession:
    current: ImportSession = (
        ImportSession.objects.select_for_update(of=("self",)).select_related("project").get(pk=session.pk)
    )
    if current.state not in states:
        raise ImportRefused(f"这次导入现在是「{current.get_state_display()}」，不能这样办。请刷新页面再看。")
    return current


@write(Permission.IMPORT_STAGE, on=lambda kw: kw["session"])
def submit_session(*, actor: Actor, session: ImportSession, all_or_nothing: bool = False) -> ImportSession:
    """This will hand a staged file to the second person."""
    current = _locked(session, SessionState.STAGED)
    _require_something(current, all_or_nothing)
    current.state, current.all_or_nothing = SessionState.SUBMITTED, all_or_nothing
    current.save(update_fields=["state", "all_or_nothing"])
    good = current.added + current.changed
    inbox.put(
        role=Role.DISTRICT,
        not_for=current.uploaded_by_id,
        area_code=current.project.district_code,
        verb="复核导入",
        title=f"《{current.file_name}》{good}行，退回{current.refused}行",
        link=f"/documents/imports/{current.id}/",
        project_key=current.project_id,
        project_name=current.project.name,
        from_label=f"{actor.organisation_name} {actor.name}",
        source=f"documents_importsession:{current.id}",
    )

    record(
        event="import.submitted",
        subject=current,
        chain=current.project_id,
        facts={"file": current.file_name, "rows": good},
        rows=[Row("documents_importsession", current.id, {"state": "staged"}, {"state": "submitted"})],
    )
    return current


def _require_something(session: ImportSession, all_or_nothing: bool) -> None:
    if all_or_nothing and session.refused:
        raise ImportRefused(
            f"有{session.refused}行有错，选「全部没错才导入」时一行也不导入。请改好再传，或改选先导入没有错的行。"
        )
    if not session.added + session.changed + session.unchanged:
        raise ImportRefused("没有一行能导入。请按标出的错误改好再传。")


@write(Permission.IMPORT_ACCEPT, on=lambda kw: kw["session"])
def accept_session(*, actor: Actor, session: ImportSession, placed_on: date) -> ImportSession:
    """This will write a submitted file into the ledger, by a second person, all good rows in one transaction."""
    current = _locked(session, SessionState.SUBMITTED)
    if actor.person_id is not None and actor.person_id == current.uploaded_by_id:
        raise ImportRefused("上传的人不能自己复核。请由区专班另一人复核。", code="second_person")
    return _commit(actor, current, placed_on)


@write(Permission.IMPORT_ACCEPT, on=lambda kw: kw["session"])
def commit_session(*, actor: Actor, session: ImportSession, placed_on: date) -> ImportSession:
    """This will write one's own staged file: the task force's own files need no second person."""
    current = _locked(session, SessionState.STAGED)
    return _commit(actor, current, placed_on)


def _commit(actor: Actor, session: ImportSession, placed_on: date) -> ImportSession:
    act = current_act()
    _require_something(session, session.all_or_nothing)
    rows = [
        UnitRow.from_data(json.loads(decrypt(sealed, COLUMN)))
        for (sealed,) in session.staged_rows.filter(verdict__in=("added", "changed", "unchanged"))
        .order_by("row")
        .values_list("sealed")
    ]
    placement = place_within_act(
        project=session.project,
        rows=list(placed_units(rows).values()),
        placed_on=placed_on,
        source=f"导入《{session.file_name}》",
    )
    if placement.refused:
        row, _, reason = placement.refused[0]
        raise ImportRefused(f"预览之后台账有变动，第{row.row}行不能写入：{reason}请重新上传预览。")
    session.state, session.decided_by_id = SessionState.COMMITTED, actor.person_id
    session.decided_at, session.commit_act_id = act.recorded_at, act.id
    session.save(update_fields=["state", "decided_by", "decided_at", "commit_act_id"])
    inbox.close(f"documents_importsession:{session.id}")

    record(
        event="import.committed",
        subject=session,
        chain=session.project_id,
        facts={
            "file": session.file_name,
            "added": session.added,
            "changed": session.changed,
            "unchanged": session.unchanged,
            "refused": session.refused,
        },
        rows=[Row("documents_importsession", session.id, None, {"state": "committed"})],
    )
    return session


@write(Permission.IMPORT_ACCEPT, on=lambda kw: kw["session"])
def return_session(*, actor: Actor, session: ImportSession, reason: str) -> ImportSession:
    """This will send a submitted file back, with the reason."""
    current = _locked(session, SessionState.SUBMITTED)
    if not reason.strip():
        raise ImportRefused("没有填退回原因。", field="reason")
    act = current_act()
    current.state, current.message = SessionState.RETURNED, reason.strip()
    current.decided_by_id, current.decided_at = actor.person_id, act.recorded_at
    current.save(update_fields=["state", "message", "decided_by", "decided_at"])
    inbox.close(f"documents_importsession:{current.id}")

    record(
        event="import.returned",
        subject=current,
        chain=current.project_id,
        facts={"file": current.file_name},
        reason=reason,
        rows=[Row("documents_importsession", current.id, {"state": "submitted"}, {"state": "returned"})],
    )
    return current


def decimal_text(value: Decimal | None) -> str:
    """This will give an area as the file would state it."""
    return "" if value is None else f"{value:.2f}"
