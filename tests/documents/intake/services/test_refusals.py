"""Refusals that no ordinary way through the pages leads to: each is raised once, and leaves everything as it was."""

from collections.abc import Callable
from typing import Any

import pytest

from documents.exports.services.export_jobs import finish_export, propose_personal, request_export
from documents.intake.models import ImportSession, SessionState, SourceFile
from documents.intake.reading.list_shape import UNITS
from documents.intake.services.receiving import receive_upload
from documents.intake.services.sessions import commit_session, submit_session
from documents.intake.services.staging import stage_received
from documents.intake.services.take_back_units import carry_out_undo_stages
from documents.intake.services.uploads import marked_copy, save_mapping
from documents.reference.services import TABLES, propose_reference
from registry.accounts.models import Approval
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.errors import DomainError, NotFound
from registry.lists.kinds import LISTS, list_called
from registry.lists.rows import ListInput
from registry.store.acts import write
from registry.store.guard import fixture_writes
from tests.documents.intake.services.lists import DAY, listed, staged, written_by_two
from tests.documents.intake.services.sessions import sent
from tests.documents.trials_of_uploads import read
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import refused

ALL = {"项目编号": "project", "楼栋(幢号)": "building"}


def bad_rows_only(estate: Estate) -> ImportSession:
    return staged(estate, listed(estate, 1, r2={"use": "怪"}))


def of_no_project(estate: Estate, session: ImportSession, state: SessionState = SessionState.STAGED) -> ImportSession:
    """A session as no upload makes it."""
    with fixture_writes():
        ImportSession.objects.filter(pk=session.pk).update(
            project=None, state=state, uploaded_by=estate.cast.district.person
        )
    session.refresh_from_db()
    return session


def test_a_list_without_one_good_row_is_neither_submitted_nor_written(estate: Estate) -> None:
    session = bad_rows_only(estate)

    with on_day(DAY), refused("没有可导入的行"):
        commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)
    with on_day(DAY), refused("没有可导入的行"):
        submit_session(actor=estate.cast.district.actor, session=session)


def test_a_list_of_projects_is_written_by_its_sender_and_not_submitted(estate: Estate) -> None:
    header = "项目编号,项目名称,区代码,区,街道乡镇代码,街道乡镇,房屋类型,纳入日期\n"
    row = "CY-0201,演示二期,110105,朝阳区,110105027,十八里店乡,安置房,2020-03-01\n"
    session = sent(estate, "projects", (header + row).encode())

    with on_day(TODAY), refused("该种清单无需复核"):
        submit_session(actor=estate.cast.district.actor, session=session)


def test_a_unit_list_of_no_project_is_placed_nowhere(estate: Estate) -> None:
    session = of_no_project(estate, staged(estate, listed(estate)))

    with on_day(DAY), refused("清册没有所属项目"):
        commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)


def test_an_upload_of_no_project_is_not_staged(estate: Estate) -> None:
    content, result = read(estate)
    actor = estate.cast.district.actor
    with on_day(DAY):
        session = receive_upload(
            actor=actor, project=estate.project, kind=LISTS[UNITS], content=content, file_name="清册.xlsx", params={}
        )
    of_no_project(estate, session, SessionState.READING)

    with on_day(DAY), refused("清册没有所属项目"):
        stage_received(actor=actor, session=session, result=result)


@write(Permission.IMPORT_ACCEPT)
def agree_to_undo(*, actor: Actor, approval: Approval) -> None:
    """The act of the approval, without the approval."""
    carry_out_undo_stages(actor=actor, approval=approval)


def test_a_list_of_stages_of_no_project_is_not_taken_back(estate: Estate) -> None:
    session = of_no_project(estate, written_by_two(estate, listed(estate)), SessionState.COMMITTED)
    approval = Approval(payload={"session": session.pk, "reason": "点错"}, proposed_by=estate.cast.district.person)

    with refused("这次导入没有可撤销的"):
        agree_to_undo(actor=estate.cast.district.actor, approval=approval)


@pytest.mark.parametrize(
    ("kind", "message"), [("units", "清册按入账日期写入，不在这里办"), ("stages", "该种清单须在项目下上传")]
)
def test_a_list_is_done_only_as_its_kind_is_done(estate: Estate, kind: str, message: str) -> None:
    taken = ListInput(estate.cast.district.actor, None, [], {})

    with refused(message):
        LISTS[kind].carry_out(taken, is_trial=True)


def test_a_kind_that_there_is_not_is_not_found() -> None:
    with pytest.raises(NotFound, match="没有这种清单"):
        list_called("letters-of-credit")


def test_a_file_that_is_destroyed_gives_no_marked_copy(estate: Estate) -> None:
    session = bad_rows_only(estate)
    with fixture_writes():
        SourceFile.objects.all().delete()

    with on_day(DAY), refused("原文件已经销毁", code="source_gone"):
        marked_copy(actor=estate.cast.district.actor, session=session, reason="改正退回的行")


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({**ALL, "某列": "no_such"}, "没有这一列"),
        ({**ALL, "栋": "building"}, "“楼栋.幢号.”对应了两列"),
        (ALL, "必填的列未对应"),
    ],
)
def test_a_mapping_that_does_not_fit_the_columns_is_refused(
    estate: Estate, headers: dict[str, str], message: str
) -> None:
    session = staged(estate, listed(estate))

    with on_day(DAY), refused(message):
        save_mapping(actor=estate.cast.district.actor, session=session, headers=headers, words={})


def test_who_has_no_organisation_keeps_no_mapping(estate: Estate) -> None:
    session = staged(estate, listed(estate))

    with on_day(DAY), refused("账号没有所在单位"):
        save_mapping(actor=system_actor("测试"), session=session, headers=ALL, words={})


def test_a_file_is_said_to_be_made_once(estate: Estate) -> None:
    actor = estate.cast.district.actor
    with on_day(TODAY):
        export = request_export(actor=actor, words={}, filters="全部")
        finish_export(actor=actor, export=export, rows=15, size=9)

    with on_day(TODAY), refused("这份导出已经生成过"):
        finish_export(actor=actor, export=export, rows=15, size=9)


@pytest.mark.parametrize(
    ("ask", "message", "field"),
    [
        (lambda actor: propose_personal(actor=actor, words={}, filters="全部", reason=" "), "未填写用途", "reason"),
        (
            lambda actor: request_export(actor=actor, words={"project": "CY-0000"}, filters="无"),
            "没有符合条件的户",
            None,
        ),
    ],
)
def test_an_export_of_nothing_or_for_nothing_is_not_asked_for(
    estate: Estate, ask: Callable[[Any], Any], message: str, field: str | None
) -> None:
    with on_day(TODAY), refused(message, field=field):
        ask(estate.cast.district.actor)


def test_a_reference_table_without_a_change_is_not_proposed(estate: Estate) -> None:
    with on_day(TODAY), refused("内容未作修改，无需提请", code="unchanged"):
        propose_reference(actor=estate.cast.system_admin.actor, table="holidays", lines=[], source="手工")


def test_an_organisation_keeps_its_kind_and_area_for_ever(estate: Estate) -> None:
    kept = estate.cast.township.organisation
    values = {
        "code": kept.code, "name": kept.name, "short_name": "", "document_prefix": "", "parent": "", "is_active": True,
        "kind": "department", "area_code": kept.area_code,
    }  # fmt: skip

    with pytest.raises(DomainError, match="类别和行政区划不能改"):
        TABLES["organisations"].apply(estate.cast.city.actor, values, None)
