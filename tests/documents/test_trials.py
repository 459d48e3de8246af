"""Every service of documents: denied without the right, unknown to strangers, undone if its record fails."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from documents.exports.models import ExportFile
from documents.exports.services.export_jobs import destroy_export, finish_export, open_export, request_export
from documents.exports.services.workbooks import export_list
from documents.intake.models import ImportSession
from documents.intake.reading.list_shape import UNITS
from documents.intake.services.list_sessions import (
    carry_out_session,
    close_list_session,
)
from documents.intake.services.new_buildings import agree_buildings
from documents.intake.services.sessions import (
    accept_session,
    commit_session,
    expire_session,
    return_session,
    submit_session,
)
from documents.intake.services.take_back_list import ListUndo, note_list_undone, undo_list
from documents.intake.services.take_back_units import propose_undo, undo_session
from documents.intake.services.uploads import note_copy, save_mapping
from documents.papers.services import print_first_passwords
from documents.reference.services import TABLES, Line, propose_reference, row_mark
from registry.accounts.services.account_lists import AccountDraft, open_accounts
from registry.accounts.services.approvals import approve
from registry.jobs.worker import Worker
from registry.kernel.authority import Role
from registry.kernel.errors import NotFound
from registry.lists.kinds import LISTS
from registry.store.clock import true_now
from tests.documents.intake.services.lists import DAY, listed, staged, written, written_by_two
from tests.documents.intake.services.sessions import carried_out, sent
from tests.documents.intake.services.test_work_lists import laid
from tests.documents.papers.trials import PAPERS
from tests.documents.reports.trials import (
    ask_close,
    ask_now,
    ask_restate,
    bulletin,
    change,
    close,
    flash,
    instruct,
    keep,
    keep_made,
    pause,
    report,
    restate,
    resume,
    review,
    set_up,
    take,
)
from tests.documents.trials_of_uploads import (
    divide,
    divide_later,
    receive,
    stage,
    stage_later,
    stage_other,
    stage_other_later,
)
from tests.factories.accounts import lay_cast
from tests.factories.projects import TODAY, Estate, lay_estate, on_day
from tests.factories.trials import (
    Prepared,
    Trial,
    digest,
    services_of,
    try_as_a_stranger,
    try_unrecorded_then_recorded,
    try_without_the_right,
)


@pytest.fixture
def estate(db: None, settings: Any, tmp_path: Path) -> Estate:
    settings.FILES_DIR = tmp_path
    return lay_estate(lay_cast())


def submitted(estate: Estate) -> ImportSession:
    session = staged(estate, listed(estate), by="developer")
    with on_day(DAY):
        return submit_session(actor=estate.cast.developer.actor, session=session)


def buildings(estate: Estate) -> ImportSession:
    return sent(estate, "buildings", laid("buildings", {"number": "7"}))


# Files come in ------------------------------------------------------------------------------------------------------


def copy(estate: Estate) -> Prepared:
    session = staged(estate, listed(estate))
    return lambda actor: note_copy(actor=actor, session=session, reason="改正退回的行")


def map_columns(estate: Estate) -> Prepared:
    session = staged(estate, listed(estate))
    headers = {column.header: column.name for column in LISTS[UNITS].columns if column.required}
    return lambda actor: save_mapping(actor=actor, session=session, headers=headers, words={})


# … are decided on ---------------------------------------------------------------------------------------------------


def agree(estate: Estate) -> Prepared:
    session = staged(estate, listed(estate), by="developer", ticked=False)
    return lambda actor: agree_buildings(actor=actor, session=session, numbers=["9"])


def submit(estate: Estate) -> Prepared:
    session = staged(estate, listed(estate), by="developer")
    return lambda actor: submit_session(actor=actor, session=session)


def accept(estate: Estate) -> Prepared:
    session = submitted(estate)
    return lambda actor: accept_session(actor=actor, session=session, placed_on=DAY)


def commit(estate: Estate) -> Prepared:
    session = staged(estate, listed(estate))
    return lambda actor: commit_session(actor=actor, session=session, placed_on=DAY)


def send_back(estate: Estate) -> Prepared:
    session = submitted(estate)
    return lambda actor: return_session(actor=actor, session=session, reason="户号不全")


def expire(estate: Estate) -> Prepared:
    session = staged(estate, listed(estate))
    return lambda actor: expire_session(actor=actor, session=session)


def note_done(estate: Estate) -> Prepared:
    key = buildings(estate).pk
    return lambda actor: close_list_session(actor=actor, session=ImportSession.objects.get(pk=key), found=[], report={})


# … and are taken back -----------------------------------------------------------------------------------------------


def undo(estate: Estate) -> Prepared:
    session = written(estate, listed(estate))
    return lambda actor: undo_session(actor=actor, session=session, reason="传错了文件")


def note_undone(estate: Estate) -> Prepared:
    session = carried_out(estate, buildings(estate))
    return lambda actor: note_list_undone(actor=actor, session=session, plan=ListUndo(retired=1), reason="传错了")


# Papers, months, exports --------------------------------------------------------------------------------------------


def passwords(estate: Estate) -> Prepared:
    township = estate.cast.township.organisation
    with on_day(TODAY):
        draft = AccountDraft(2, "wangsl", "王示例", "", township, Role.TOWNSHIP, None, TODAY, None)
        approval = open_accounts(actor=estate.cast.system_admin.actor, drafts=[draft], file_name="账号.xlsx")
        approve(actor=estate.cast.security_admin.actor, approval=approval)
    return lambda actor: print_first_passwords(actor=actor, approval=approval, address="http://x/")


def ask_export(estate: Estate) -> Prepared:
    return lambda actor: request_export(actor=actor, words={}, filters="全部")


def list_out(estate: Estate) -> Prepared:
    words = {"project": estate.project.code}
    return lambda actor: export_list(actor=actor, name="units", words=words, on=TODAY)


def asked(estate: Estate) -> ExportFile:
    with on_day(TODAY):
        export_file: ExportFile = request_export(actor=estate.cast.district.actor, words={}, filters="全部")
    return export_file


def made(estate: Estate) -> ExportFile:
    export = asked(estate)
    assert Worker("w").run(once=True) == 1
    export.refresh_from_db()
    return export


def finish(estate: Estate) -> Prepared:
    export = asked(estate)
    return lambda actor: finish_export(actor=actor, export=export, rows=15, size=9)


def fetch(estate: Estate) -> Prepared:
    export = made(estate)
    return lambda actor: open_export(actor=actor, export=export)


def destroy(estate: Estate) -> Prepared:
    export, later = made(estate), true_now() + timedelta(days=30)
    return lambda actor: destroy_export(actor=actor, export=export, now=later)


TRIALS: dict[str, Trial] = {
    **PAPERS,
    "stage_import": Trial("import.staged", "district", "strange_district", stage),
    "receive_upload": Trial("import.received", "district", "strange_district", receive),
    "stage_received": Trial("import.staged", "district", "strange_district", stage_later),
    "stage_received_rows": Trial("import.staged", "district", "strange_district", stage_other_later),
    "divide_file": Trial("import.divided", "district", "", divide),
    "divide_received": Trial("import.divided", "district", "strange_district", divide_later),
    "stage_list_rows": Trial("import.staged", "district", "strange_district", stage_other),
    "note_copy": Trial("import.copied", "district", "strange_district", copy),
    "save_mapping": Trial("import.mapped", "developer", "strange_developer", map_columns),
    "agree_buildings": Trial("import.buildings", "developer", "strange_developer", agree),
    "submit_session": Trial("import.submitted", "developer", "strange_developer", submit),
    "accept_session": Trial("import.committed", "district", "strange_district", accept),
    "commit_session": Trial("import.committed", "district", "strange_district", commit),
    "return_session": Trial("import.returned", "district", "strange_district", send_back),
    "expire_session": Trial("import.expired", "district", "strange_district", expire),
    "close_list_session": Trial("import.committed", "district", "strange_district", note_done),
    "undo_session": Trial("import.undone", "district", "strange_district", undo),
    "note_list_undone": Trial("import.undone", "district", "strange_district", note_undone),
    "print_first_passwords": Trial("passwords.printed", "security_admin", "", passwords, denied="auditor"),
    "close_month": Trial("month.closed", "city", "", close),
    "keep_count": Trial("month.counted", "city", "", keep),
    "issue_bulletin": Trial("bulletin.issued", "city", "", bulletin),
    "issue_flash": Trial("bulletin.issued", "city", "", flash),
    "record_instruction": Trial("bulletin.instructed", "city", "", instruct),
    "report_month": Trial("month.signed", "township", "", report),
    "review_month": Trial("month.signed", "district", "", review),
    "propose_restatement": Trial("approval.proposed", "city", "", ask_restate),
    "restate_month": Trial("month.restated", "city", "", restate),
    "add_schedule": Trial("schedule.added", "district", "", set_up, denied="system_admin"),
    "change_schedule": Trial("schedule.changed", "district", "strange_district", change, denied="system_admin"),
    "pause_schedule": Trial("schedule.paused", "district", "strange_district", pause, denied="system_admin"),
    "resume_schedule": Trial("schedule.resumed", "district", "strange_district", resume, denied="system_admin"),
    "ask_run": Trial("schedule.asked", "district", "strange_district", ask_now, denied="system_admin"),
    "keep_run": Trial("schedule.ran", "system", "", keep_made, denied=""),
    "take_run": Trial("schedule.taken", "district", "strange_district", take, denied="system_admin"),
    "propose_close": Trial("approval.proposed", "city", "", ask_close),
    "request_export": Trial("export.asked", "district", "", ask_export, denied="system_admin"),
    "export_list": Trial("list.exported", "district", "strange_district", list_out, denied="system_admin"),
    "finish_export": Trial("export.made", "district", "", finish, denied=""),
    "open_export": Trial("export.taken", "district", "", fetch, denied=""),
    "destroy_export": Trial("export.destroyed", "district", "", destroy, denied=""),
}


# What is no service by itself and writes through those of others: the same four answers -----------------------------


def carry_out(session: ImportSession) -> Prepared:
    return lambda actor: carry_out_session(actor=actor, session=session)


def carry_out_buildings(estate: Estate) -> Prepared:
    return carry_out(buildings(estate))


def undo_buildings(estate: Estate) -> Prepared:
    session = carried_out(estate, buildings(estate))
    return lambda actor: undo_list(actor=actor, session=session, reason="传错了")


def ask_to_undo(estate: Estate) -> Prepared:
    session = written_by_two(estate, listed(estate))
    return lambda actor: propose_undo(actor=actor, session=session, reason="开发建设单位报错")


def holiday() -> Iterable[Line]:
    values = {"day": "2022-04-05", "kind": "holiday", "name": "清明节", "year": 2022, "notice": "演示〔2022〕1号"}
    stands = TABLES["holidays"].model.objects.filter(day="2022-04-05").first()
    return [Line("2022-04-05", values, [("节日", "", "清明节")], is_new=stands is None, stood=row_mark(stands))]


def ask_reference(estate: Estate) -> Prepared:
    return lambda actor: propose_reference(actor=actor, table="holidays", lines=list(holiday()), source="手工")


def agree_reference(estate: Estate) -> Prepared:
    with on_day(TODAY):
        approval = ask_reference(estate)(estate.cast.system_admin.actor)
    return lambda actor: approve(actor=actor, approval=approval)


WHOLES: dict[str, Trial] = {
    "carry_out_session": Trial("import.committed", "district", "strange_district", carry_out_buildings, answers=1),
    "undo_list": Trial("import.undone", "district", "strange_district", undo_buildings, answers=1),
    "propose_undo": Trial("approval.proposed", "district", "strange_district", ask_to_undo),
    "propose_reference": Trial("approval.proposed", "system_admin", "", ask_reference),
    "carry_out": Trial("holiday.kept", "city", "", agree_reference),
}
EVERY = {**TRIALS, **WHOLES}


def test_every_service_is_tried() -> None:
    assert set(TRIALS) == services_of("documents.")


def test_every_other_service_is_tried_in_its_own_folder() -> None:
    elsewhere = services_of("registry.", "projects.", "commitments.")
    assert services_of("registry", "projects", "commitments", "documents") == elsewhere | set(TRIALS)
    assert services_of("registry.web.attachments.") == services_of("registry.web.") == {"attach", "void_attachment"}
    own = ("registry.accounts.", "registry.audit.", "registry.jobs.", "registry.web.attachments.")
    assert services_of("registry.") == services_of(*own), "tests/accounts, audit, jobs, web/attachments"


@pytest.mark.parametrize("name", [name for name, trial in EVERY.items() if trial.denied])
def test_a_service_is_denied_without_the_right_and_writes_nothing(estate: Estate, name: str) -> None:
    try_without_the_right(EVERY[name], estate)


@pytest.mark.parametrize("name", [name for name, trial in EVERY.items() if trial.stranger])
def test_a_service_is_unknown_to_a_stranger_and_writes_nothing(estate: Estate, name: str) -> None:
    try_as_a_stranger(EVERY[name], estate)


@pytest.mark.parametrize("name", EVERY)
def test_a_service_leaves_nothing_if_its_record_fails(
    estate: Estate, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    try_unrecorded_then_recorded(EVERY[name], estate, monkeypatch)


@pytest.mark.parametrize("who", ["district_second", "city", "auditor", "strange_district"])
def test_an_export_is_given_to_who_asked_for_it_and_to_nobody_else(estate: Estate, who: str) -> None:
    act = fetch(estate)
    before = digest()

    with on_day(TODAY), pytest.raises(NotFound, match="不是您要的"):
        act(getattr(estate.cast, who).actor)

    assert digest() == before
    with on_day(TODAY):
        assert b"".join(act(estate.cast.district.actor)).startswith(b"PK")


def test_a_list_of_projects_is_its_senders_and_no_other_districts(estate: Estate) -> None:
    """It hangs on no project: that is no way round the scope."""
    header = "项目编号,项目名称,区代码,区,街道乡镇代码,街道乡镇,房屋类型,纳入日期\n"
    row = "CY-0201,演示二期,110105,朝阳区,110105027,十八里店乡,安置房,2020-03-01\n"
    session = sent(estate, "projects", (header + row).encode())
    trial = Trial("project.taken_in", "district", "strange_district", lambda _: carry_out(session))

    try_as_a_stranger(trial, estate)
