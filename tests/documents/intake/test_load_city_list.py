"""The fast load of many projects: what it refuses, what it writes, and that it goes on where it was killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from documents.intake.services.city import KIND, checked_city, digest_of, key_of, load_city
from projects.ledger.models import Move, Project, Unit
from projects.ledger.services.projects import take_in_project
from registry.audit.models import Act
from registry.jobs.lease import claim
from registry.jobs.models import Job, JobState
from registry.jobs.services import enqueue
from registry.jobs.worker import Worker, run_job
from registry.kernel.authority import system_actor
from tests.conftest import ROOT
from tests.documents.intake.reading.files import Row, home, text_file, workbook
from tests.factories.accounts import lay_areas
from tests.factories.books import faults_in_the_books
from tests.factories.projects import PLACED, on_day
from tests.factories.trials import refused

pytestmark = pytest.mark.django_db(transaction=True)
Manage = Callable[..., subprocess.CompletedProcess[str]]
CODES = ("CS-0001", "CS-0002", "CS-0003")
HOMES = 4


@pytest.fixture(autouse=True)
def city(transactional_db: None) -> None:
    """Three empty projects."""
    lay_areas()
    with on_day(PLACED):
        for code in CODES:
            lay_project(code)


def lay_project(code: str) -> Project:
    project: Project = take_in_project(
        actor=system_actor("测试"), code=code, name=code, township_code="110105027", housing_type="resettlement", taken_in_on=PLACED,
    )  # fmt: skip
    return project


def city_rows(**changed: Row) -> list[Row]:
    """Homes of three projects, in turns; `r2={...}` changes the row that stands in row 2 of the file."""
    rows = [home(n, project=CODES[(n - 1) % 3]) for n in range(1, 3 * HOMES + 1)]
    return [row | changed.get(f"r{at}", {}) for at, row in enumerate(rows, start=2)]


def laid(folder: Path, rows: list[Row] | None = None, name: str = "全市.xlsx") -> Path:
    path = folder / name
    content = workbook(city_rows() if rows is None else rows)
    path.write_bytes(content)
    return path


def facts(done: subprocess.CompletedProcess[str], code: int = 0) -> dict[str, Any]:
    assert done.returncode == code, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def books() -> list[tuple[Any, ...]]:
    return sorted(
        Unit.objects.values_list("building__project__code", "building__number", "floor", "room", "holders_masked")
    )


def test_city_load_writes_each_project_in_one_act(manage: Manage, tmp_path: Path) -> None:
    acts = Act.objects.count()

    said = facts(manage("load_city_list", str(laid(tmp_path)), "--json"))

    assert (said["projects"], said["rows"], said["added"], said["refused"]) == (3, 12, 12, 0)
    assert Unit.objects.count() == 12
    assert Act.objects.count() == acts + 3
    assert set(Act.objects.order_by("-id").values_list("event", flat=True)[:3]) == {"units.placed"}
    assert faults_in_the_books() == []
    job = Job.objects.get()
    assert (job.kind, job.state, job.done, job.total) == (KIND, JobState.DONE, 12, 12)


def test_city_list_of_sums_alone_is_not_loaded(tmp_path: Path) -> None:
    path = laid(tmp_path, [{"building": "合计", "area": "912.00"}])

    with refused("表头下面没有数据行", code="NO_ROWS"):
        checked_city(path, system_actor("测试"), lambda stage, done: None)


def test_city_list_of_an_unknown_project_is_not_loaded(tmp_path: Path) -> None:
    path = laid(tmp_path, city_rows(r2={"project": "CS-0404"}))

    with refused("台账中没有这些项目编号：CS-0404", code="UNKNOWN_PROJECT"):
        checked_city(path, system_actor("测试"), lambda stage, done: None)


def test_city_list_with_a_wrong_row_is_not_loaded(tmp_path: Path) -> None:
    path = laid(tmp_path, city_rows(r3={"use": "怪"}))

    with refused("有1处错误，整份未导入", code="ROW_ERRORS"):
        checked_city(path, system_actor("测试"), lambda stage, done: None)


def test_homes_of_a_city_load_come_with_their_certificates(manage: Manage, tmp_path: Path) -> None:
    titled = city_rows(
        r2={"certificate_no": "京房权证朝字第1号、京房权证朝字第2号", "issued_on": "2005-06-30"},
        r3={"certificate_no": "京(2022)朝不动产权第0012345号"},
    )

    said = facts(manage("load_city_list", str(laid(tmp_path, titled)), "--json"))

    assert (said["added"], said["refused"]) == (12, 0)
    issued = Unit.objects.filter(certificate="issued").values_list("building__project__code", "certificate_no")
    assert sorted(issued) == [
        ("CS-0001", "京房权证朝字第1号、京房权证朝字第2号"), ("CS-0002", "京（2022）朝不动产权第0012345号"),
    ]  # fmt: skip
    assert faults_in_the_books() == []


def test_same_file_again_writes_nothing_and_says_so(manage: Manage, tmp_path: Path) -> None:
    path = laid(tmp_path)
    facts(manage("load_city_list", str(path), "--json"))
    acts, before = Act.objects.count(), books()

    said = facts(manage("load_city_list", str(path), "--json"))

    assert "已导入，未再写入" in said["message"]
    assert (Act.objects.count(), books(), Job.objects.count()) == (acts, before, 1)


def test_text_file_gives_the_same_books(manage: Manage, tmp_path: Path) -> None:
    path = tmp_path / "全市.csv"
    path.write_text(text_file(city_rows()), encoding="utf-8-sig")

    assert facts(manage("load_city_list", str(path), "--json"))["added"] == 12


def test_dry_run_writes_nothing(manage: Manage, tmp_path: Path) -> None:
    said = facts(manage("load_city_list", str(laid(tmp_path)), "--dry-run", "--json"))

    assert (said["projects"], said["rows"]) == (3, 12)
    assert (Unit.objects.count(), Job.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("changed", "error", "says"),
    [
        ({"r3": {"use": "怪"}}, "ROW_ERRORS", "有1处错误"),
        ({"r3": {"project": "CS-9999"}}, "UNKNOWN_PROJECT", "CS-9999"),
    ],
)
def test_bad_file_is_refused_whole_with_every_error(
    manage: Manage, tmp_path: Path, changed: dict[str, Row], error: str, says: str
) -> None:
    said = facts(manage("load_city_list", str(laid(tmp_path, city_rows(**changed))), "--json"), code=2)

    assert said["error"] == error
    assert says in said["message"]
    assert [one["row"] for one in said["row_errors"]] == ([3] if error == "ROW_ERRORS" else [])
    assert (Unit.objects.count(), Job.objects.count()) == (0, 0)


def test_file_that_is_not_plain_is_refused_in_words(manage: Manage, tmp_path: Path) -> None:
    path = tmp_path / "全市.xlsx"
    path.write_bytes(workbook(city_rows(), edit=lambda sheet: sheet.merge_cells("B2:B3")))

    done = manage("load_city_list", str(path))

    assert done.returncode == 2
    assert "有合并单元格" in done.stdout
    assert "Traceback" not in done.stderr
    assert Unit.objects.count() == 0


def test_missing_file_is_told_with_exit_code_2(manage: Manage) -> None:
    done = manage("load_city_list", "没有.xlsx")

    assert (done.returncode, "找不到文件" in done.stdout + done.stderr) == (2, True)


def test_user_loads_within_reach_only(manage: Manage, tmp_path: Path) -> None:
    done = manage("load_city_list", str(laid(tmp_path)), "--as", "没有这个人", "--json")

    assert done.returncode == 2
    assert Unit.objects.count() == 0


def begun(path: Path) -> Job:
    """A load that was asked for and begun by nobody."""
    found = digest_of(path)
    params = {
        "path": str(path), "file": path.name, "sha256": found, "placed_on": PLACED.isoformat(), "as_system": True,
    }  # fmt: skip
    return enqueue(actor=system_actor("全市"), kind=KIND, key=key_of(found), params=params, label="全市")


def killed_after(projects: int, path: Path) -> None:
    """Load in a lease that is over at once, and die after so many projects."""
    lease = claim("gone:1", lease=timedelta(seconds=-1))
    assert lease is not None

    def die(stage: str, done: int, total: int) -> None:
        if done >= projects * HOMES:
            raise SystemExit

    with pytest.raises(SystemExit):
        run_job(lease, lambda held: load_city(held, say=die))


@pytest.mark.parametrize("projects", [1, 2, 3])
def test_load_taken_over_by_a_worker_loses_and_doubles_nothing(projects: int, tmp_path: Path) -> None:
    path = laid(tmp_path)
    begun(path)
    acts = Act.objects.count()
    killed_after(projects, path)
    assert Unit.objects.count() == projects * HOMES

    Worker("next").run(once=True)

    job = Job.objects.get()
    assert (job.state, job.error) == (JobState.DONE, "")
    assert (job.result["projects"], job.result["added"], job.result["unchanged"]) == (3, 12, 0)
    assert (Unit.objects.count(), Act.objects.count()) == (12, acts + 3)
    assert faults_in_the_books() == []


def test_load_goes_on_only_with_the_same_file(tmp_path: Path) -> None:
    path = laid(tmp_path)
    begun(path)
    killed_after(1, path)
    laid(tmp_path, city_rows(r2={"remark": "改过"}))

    Worker("next").run(once=True)

    assert Job.objects.get().error == "文件和开始时的不一样，未继续导入。请放回原来的文件。"
    assert Unit.objects.count() == HOMES


def test_load_does_not_go_on_without_its_file(tmp_path: Path) -> None:
    path = laid(tmp_path)
    begun(path)
    killed_after(1, path)
    path.unlink()

    Worker("next").run(once=True)

    assert Job.objects.get().error == "未找到原文件，未继续导入。请恢复原文件后重试。"
    assert Unit.objects.count() == HOMES


def test_half_done_load_needs_resume_to_go_on(manage: Manage, tmp_path: Path) -> None:
    path = laid(tmp_path)
    begun(path)
    killed_after(1, path)

    refused = facts(manage("load_city_list", str(path), "--json"), code=2)
    assert "--resume" in refused["message"]
    assert Unit.objects.count() == HOMES

    said = facts(manage("load_city_list", str(path), "--resume", "--json"))
    assert (said["projects"], said["added"], Unit.objects.count()) == (3, 12, 12)


@pytest.mark.parametrize("seconds", [1.7, 2.2, 2.6])
def test_kill_9_at_any_moment_then_resume_gives_the_same_books(
    seconds: float, database_url: str, manage: Manage, tmp_path: Path
) -> None:
    rows = [home(n, project=CODES[n % 3], building=f"{n // 90 + 1}号楼", floor=str(n % 90)) for n in range(1, 271)]
    path = laid(tmp_path, rows)
    process = subprocess.Popen(
        [sys.executable, ROOT / "manage.py", "load_city_list", str(path), "--json"],
        env={**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "registry.settings"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()

    facts(manage("load_city_list", str(path), "--resume", "--json"))

    assert Unit.objects.count() == 270
    assert Move.objects.filter(kind="opening").count() == 3 * 270
    assert Job.objects.get().result["added"] == 270
    assert faults_in_the_books() == []
