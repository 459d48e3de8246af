"""Large exports by a job: what stands in the sheet, who may have it, with people in clear only by two, until when."""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from openpyxl import load_workbook

from documents.exports import sources
from documents.exports.models import ExportFile, ExportState
from documents.exports.services import export_jobs, workbooks
from documents.exports.services.export_jobs import (
    FULL,
    JOB,
    destroy_export,
    open_export,
    path_of,
    propose_personal,
    request_export,
)
from documents.render import xlsx_stream
from projects.ledger.models import Participation, Unit
from projects.ledger.selectors import unit_details
from registry.accounts.models import Assignment
from registry.accounts.selectors import waiting_for
from registry.accounts.services.approvals import approve
from registry.audit.models import Act
from registry.jobs.lease import JobCancelled, Lease, claim
from registry.jobs.models import Job, JobState, WorkerBeat
from registry.jobs.services import cancel, enqueue
from registry.jobs.worker import Worker, run_job
from registry.kernel.authority import Actor, Role, system_actor
from registry.kernel.errors import NotFound, PermissionRefused
from registry.kernel.identifiers import synthetic_identity
from registry.store.clock import true_now
from registry.store.guard import fixture_writes, technical_writes
from registry.store.sealed_files import PIECE
from tests.documents.intake.services.lists import listed, written
from tests.factories.accounts import STARTED, Player, assert_asks, lay_assignment, sign_in
from tests.factories.laid import laid
from tests.factories.projects import TODAY, Estate, lay_strange_estate
from tests.factories.trials import last_act, refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def estate(estate: Estate) -> Estate:
    """The estate and three homes of an import, whose holders have numbers."""
    laid("three homes of an import", lambda on: written(on, listed(on)), estate)
    return estate


def asked(player: Player, **words: str) -> ExportFile:
    export: ExportFile = request_export(actor=player.actor, words=words, filters="全部")
    return export


def agreed(estate: Estate, **words: str) -> ExportFile:
    """An export with people, asked for by one of the district and agreed to by another."""
    cast = estate.cast
    approval = propose_personal(actor=cast.district.actor, words=words, filters="全部", reason="核对身份")
    export: ExportFile = approve(actor=cast.district_second.actor, approval=approval).outcome
    return export


def made(export: ExportFile) -> ExportFile:
    Worker("w").run(once=True)
    export.refresh_from_db()
    return export


def content_of(actor: Actor, export: ExportFile) -> bytes:
    return b"".join(open_export(actor=actor, export=export))


def sheet_of(actor: Actor, export: ExportFile) -> list[list[Any]]:
    sheet = load_workbook(io.BytesIO(content_of(actor, export))).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def body_of(actor: Actor, export: ExportFile) -> list[dict[str, Any]]:
    rows = sheet_of(actor, export)
    head = next(at for at, row in enumerate(rows) if row[0] == "项目编号")
    return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 : head + 1 + export.rows]]


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.FILES_DIR = tmp_path
    return tmp_path / "exports"


def test_export_holds_the_homes_in_reach_with_people_masked(estate: Estate, folder: Path) -> None:
    lay_strange_estate(estate.cast)
    actor = estate.cast.district.actor

    export = made(asked(estate.cast.district))

    rows = body_of(actor, export)
    assert (export.state, export.rows, len(rows)) == (ExportState.READY, 18, 18)
    assert {row["项目编号"] for row in rows} == {estate.project.code}
    assert "张*二" in {row["权利人"] for row in rows}
    assert "证件号码" not in rows[0]
    assert rows[0]["办证"] == "待办"


def test_export_says_who_took_it_and_when_on_the_sheet_and_on_every_page(estate: Estate, folder: Path) -> None:
    export = made(asked(estate.cast.district))

    content = content_of(estate.cast.district.actor, export)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = html.unescape(archive.read("xl/worksheets/sheet1.xml").decode())
    stamp = f"编号{export.number}"
    assert stamp in xml[: xml.index("项目编号")]
    assert stamp in re.findall("<oddHeader>.*?</oddHeader>", xml)[0]
    assert stamp in re.findall("<oddFooter>.*?</oddFooter>", xml)[0]
    assert (Act.objects.get(pk=export.act_id).event, last_act().event) == ("export.asked", "export.taken")
    assert export.file_name.startswith("房屋明细_全部_")


def test_filters_narrow_the_export(estate: Estate, folder: Path) -> None:
    export = made(asked(estate.cast.district, use="retail", project=estate.project.code))

    assert {row["用途"] for row in body_of(estate.cast.district.actor, export)} == {"商业"}
    assert export.rows == 3


def test_file_lies_sealed(estate: Estate, folder: Path) -> None:
    export = made(agreed(estate))

    (file,) = folder.iterdir()
    assert file == path_of(export)
    assert not file.read_bytes().startswith(b"PK")
    assert file.stat().st_mode & 0o077 == 0
    assert file.stat().st_size < PIECE


def test_nobody_else_fetches_it(estate: Estate, folder: Path) -> None:
    export = made(asked(estate.cast.district))

    with pytest.raises(NotFound):
        content_of(estate.cast.district_second.actor, export)


def test_people_in_clear_need_a_reason(estate: Estate) -> None:
    with refused("未填写用途", field="reason"):
        propose_personal(actor=estate.cast.district.actor, words={}, filters="全部", reason=" ")


def test_people_in_clear_need_a_second_person(estate: Estate) -> None:
    actor = estate.cast.district.actor
    approval = propose_personal(actor=actor, words={}, filters="全部", reason="核对身份")
    assert not ExportFile.objects.exists()

    with refused("须由两人办理", code="second_person"):
        approve(actor=actor, approval=approval)


def test_agreed_export_has_people_in_clear_and_says_what_for(estate: Estate, folder: Path) -> None:
    export = made(agreed(estate))

    rows = body_of(estate.cast.district.actor, export)
    people = {row["权利人"]: row["证件号码"] for row in rows}
    assert people["张小二"] == synthetic_identity(1)
    assert (export.is_personal, export.reason, export.agreed_by) == (
        True,
        "核对身份",
        estate.cast.district_second.person,
    )
    assert last_act().event == "export.taken"
    top = str(sheet_of(estate.cast.district.actor, export)[:4])
    assert "用途：核对身份" in top
    assert "含个人信息" in export.file_name


def test_identifiers_are_text_and_areas_numbers(estate: Estate, folder: Path) -> None:
    export = made(agreed(estate))

    row = next(row for row in body_of(estate.cast.district.actor, export) if row["权利人"] == "张小二")
    assert isinstance(row["证件号码"], str)
    assert isinstance(row["户号"], str)
    assert row["建筑面积（m²）"] == 76.5


def test_no_formula_comes_of_data(estate: Estate, folder: Path) -> None:
    with fixture_writes():
        Unit.objects.filter(pk=estate.homes[0]).update(remark="=HYPERLINK(1)")
    export = made(asked(estate.cast.district))

    book = load_workbook(io.BytesIO(content_of(estate.cast.district.actor, export)))
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row} <= {"s", "n", "d"}
    assert "=HYPERLINK(1)" in {row["备注"] for row in body_of(estate.cast.district.actor, export)}


def test_who_lost_the_right_meanwhile_gets_nothing(estate: Estate, folder: Path) -> None:
    export = agreed(estate)
    with fixture_writes():
        estate.cast.district.person.is_active = False
        estate.cast.district.person.save()

    made(export)

    assert (export.state, Job.objects.get().state) == (ExportState.WAITING, JobState.FAILED)
    assert not path_of(export).exists()


def test_cancelled_export_leaves_no_file(estate: Estate, folder: Path) -> None:
    export = asked(estate.cast.district)
    lease = claim("w")
    assert lease is not None
    cancel(actor=estate.cast.district.actor, job=Job.objects.get())

    run_job(lease)

    assert (Job.objects.get().state, list(folder.iterdir())) == (JobState.CANCELLED, [])
    assert JobCancelled.__name__ not in Job.objects.get().error
    export.refresh_from_db()
    assert export.state == ExportState.WAITING


def test_retry_of_an_export_doubles_nothing(estate: Estate, folder: Path) -> None:
    export = asked(estate.cast.district)
    folder.mkdir(parents=True)
    path_of(export).with_suffix(".part").write_bytes(b"half of it, from a worker that died")
    claim("gone", lease=timedelta(seconds=-1))

    made(export)
    enqueue(actor=estate.cast.district.actor, kind=JOB, key="again", params={"export": export.pk})
    made(export)

    assert [file.name for file in folder.iterdir()] == [export.number]
    assert Act.objects.filter(event="export.made").count() == 1
    assert len(body_of(estate.cast.district.actor, export)) == 18


def test_disk_full_while_exporting_is_told_and_leaves_nothing(estate: Estate, folder: Path) -> None:
    """The kernel's own full device stands where the file is written."""
    export = asked(estate.cast.district)
    folder.mkdir(parents=True)
    path_of(export).with_suffix(".part").symlink_to("/dev/full")

    made(export)

    job = Job.objects.get()
    assert (job.state, job.error, export.state) == (JobState.FAILED, FULL, ExportState.WAITING)
    assert list(folder.iterdir()) == []
    [item] = waiting_for(estate.cast.district.actor, on=TODAY).items
    assert (item.title, item.link) == (f"任务失败：{job.label}。{FULL}", "/documents/exports/")
    assert FULL in sign_in(estate.cast.district).get("/documents/exports/").content.decode()
    assert not Act.objects.filter(event="export.made").exists()


def test_file_is_destroyed_in_time_and_its_record_stays(estate: Estate, folder: Path) -> None:
    export = made(asked(estate.cast.district))
    actor = system_actor("到期销毁")
    with refused("尚未到期"):
        destroy_export(actor=actor, export=export, now=true_now())

    with technical_writes():
        ExportFile.objects.update(expires_at=true_now() - timedelta(minutes=1))
    enqueue(actor=actor, kind="exports.destroy", key="night", params={})
    made(export)

    assert (export.state, list(folder.iterdir())) == (ExportState.DESTROYED, [])
    assert last_act().event == "export.destroyed"
    with refused("已经到期销毁", code="gone"):
        content_of(estate.cast.district.actor, export)


# What is a list's, and what is lost on the way ------------------------------------------------------------------------


def long_list(
    estate: Estate, monkeypatch: pytest.MonkeyPatch, player: str = "district", name: str = "units"
) -> ExportFile:
    monkeypatch.setattr(workbooks, "LONG", 0)
    words = {"project": estate.project.code} if name == "units" else {}
    asked = workbooks.export_list(actor=getattr(estate.cast, player).actor, name=name, words=words, on=TODAY)
    assert isinstance(asked, ExportFile)
    return asked


def test_who_lost_the_right_to_a_list_before_its_end_gets_nothing(
    estate: Estate, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = long_list(estate, monkeypatch)
    with fixture_writes():
        Assignment.objects.filter(person=estate.cast.district.person).update(ends=STARTED + timedelta(days=1))

    made(export)

    job = Job.objects.get()
    assert (export.state, job.state) == (ExportState.WAITING, JobState.FAILED)
    assert "职责已经结束" in job.error
    assert not path_of(export).exists()


def test_who_lost_a_project_after_the_end_is_refused_at_download(
    estate: Estate, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A department no longer takes part: what was made for its reach then is not given to its reach now."""
    department = estate.cast.department
    export = made(long_list(estate, monkeypatch, "department"))
    assert content_of(department.actor, export).startswith(b"PK"), "the control: with the project it is given"
    with fixture_writes():
        Participation.objects.filter(organisation=department.organisation).update(takes_part=False)

    with refused("已不在您的范围内", code="out_of_reach"):
        content_of(department.actor, export)


def test_export_is_given_to_the_role_in_which_it_was_asked_for(
    estate: Estate, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person of two roles: the job works in the one that asked, and the other does not fetch it."""
    cast = estate.cast
    other = Player(
        cast.district.person,
        cast.department.organisation,
        lay_assignment(cast.district.person, cast.department.organisation, Role.DEPARTMENT),
    )

    export = made(long_list(estate, monkeypatch))

    assert export.state == ExportState.READY
    with refused("其他职责", code="other_role"):
        content_of(other.actor, export)
    assert content_of(cast.district.actor, export).startswith(b"PK")


def test_role_that_may_no_longer_see_the_list_is_refused_at_download(
    estate: Estate, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = made(long_list(estate, monkeypatch))
    with technical_writes():
        ExportFile.objects.filter(pk=export.pk).update(name="acts")
    weaker = replace(estate.cast.district.actor, role=Role.DEVELOPER)
    export.refresh_from_db()

    with pytest.raises(PermissionRefused):
        content_of(weaker, export)


@pytest.mark.parametrize("name", ["details", "units"])
def test_export_goes_on_while_others_write(
    estate: Estate, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """SQLite refuses to write a beat over a cursor left open once somebody else has written: none may be open."""
    monkeypatch.setattr(export_jobs, "PAGES", 2)  # a beat every second block
    monkeypatch.setattr(xlsx_stream, "BLOCK", 2)
    monkeypatch.setattr(sources, "PORTION", 4)
    monkeypatch.setattr(unit_details, "READ", 4)
    monkeypatch.setattr(unit_details, "PORTION", 4)
    export = asked(estate.cast.district) if name == "details" else long_list(estate, monkeypatch)
    beat = Lease.beat

    def beat_while_others_write(self: Lease, **words: Any) -> None:
        beat(self, **words)
        transaction.on_commit(written_by_another)

    monkeypatch.setattr(Lease, "beat", beat_while_others_write)

    made(export)

    assert (export.state, export.rows, Job.objects.get().error) == (ExportState.READY, 18, "")


def written_by_another() -> None:
    """A write over another connection, as another process would do it."""

    def write() -> None:
        with technical_writes():
            WorkerBeat.objects.update_or_create(worker="other", defaults={"beaten_at": true_now()})
        connection.close()

    thread = Thread(target=write)
    thread.start()
    thread.join()


def test_portions_keep_the_order_and_ask_once_a_portion(estate: Estate) -> None:
    units = Unit.objects.order_by("-room", "id")

    with assert_asks(1 + 5):
        found = list(sources.portions(units, size=4))

    assert [unit.pk for unit in found] == list(units.values_list("pk", flat=True))
    assert len(found) == 18
