"""doctor says what is missing and how to get it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from registry.audit.invariants import INVARIANTS
from registry.web import doctor
from registry.web.doctor import Finding, State
from registry.web.structure import differences
from tests.factories.tampering import undone


def found(findings: list[Finding], name: str) -> Finding:
    return next(finding for finding in findings if finding.name == name)


def test_key_file_that_is_absent_is_missing(settings: Any, tmp_path: Path) -> None:
    settings.KEY_FILE = tmp_path / "registry.keys"

    finding = found(doctor.machine_checks(), "密钥文件")

    assert finding.state is State.MISSING
    assert "从备份中取回" in finding.remedy


def test_key_file_that_others_may_read_is_missing_its_mode(settings: Any, tmp_path: Path) -> None:
    settings.KEY_FILE = tmp_path / "registry.keys"
    settings.KEY_FILE.write_text("key")
    settings.KEY_FILE.chmod(0o644)

    finding = found(doctor.machine_checks(), "密钥文件")

    assert finding.state is State.MISSING
    assert finding.remedy == f"请执行：chmod 600 {settings.KEY_FILE}"


def test_key_file_of_mode_600_is_ok(settings: Any, tmp_path: Path) -> None:
    settings.KEY_FILE = tmp_path / "registry.keys"
    settings.KEY_FILE.write_text("key")
    settings.KEY_FILE.chmod(0o600)

    assert found(doctor.machine_checks(), "密钥文件").state is State.OK


def test_time_zone_other_than_shanghai_is_missing(settings: Any) -> None:
    settings.TIME_ZONE = "UTC"

    assert found(doctor.machine_checks(), "时区").state is State.MISSING


def test_package_below_its_floor_is_named(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "requirements.floor").write_text("django>=99.1\nopenpyxl>=3.1\nno-such-package>=1\n")
    settings.BASE_DIR = tmp_path

    finding = found(doctor.machine_checks(), "软件包版本")

    assert finding.state is State.MISSING
    assert "django" in finding.detail
    assert "no-such-package 未安装（至少 1）" in finding.detail
    assert "openpyxl" not in finding.detail


def test_little_space_is_a_warning(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FREE_MIB", 1 << 40)

    assert found(doctor.machine_checks(), "数据目录").state is State.WARNING


def test_uploads_are_read_with_defusedxml() -> None:
    assert found(doctor.machine_checks(), "defusedxml").state is State.OK


@pytest.mark.django_db
def test_database_is_named_with_its_version() -> None:
    findings = doctor.database_checks()

    assert found(findings, "数据库").detail.startswith(("SQLite 3.", "PostgreSQL 1"))
    assert doctor.is_sound(findings)
    assert found(findings, "数据库结构").state is State.OK


@pytest.mark.parametrize(
    ("states", "expected"),
    [([State.OK], True), ([State.OK, State.WARNING], True), ([State.WARNING, State.MISSING], False)],
)
def test_sound_means_that_nothing_is_missing(states: list[State], expected: bool) -> None:
    assert doctor.is_sound(Finding("组", "项", state, "") for state in states) is expected


def test_check_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> list[Line]:
        raise OSError("磁盘故障")

    monkeypatch.setattr(doctor, "_declared", {"字体": fails})

    finding = next(iter(doctor._of_apps()))

    assert (finding.state, finding.detail) == (State.WARNING, "无法检查：文件：读写失败，请检查磁盘和权限。")


def test_a_check_that_breaks_is_a_finding_and_the_next_is_still_said() -> None:
    def breaks() -> list[Finding]:
        raise ZeroDivisionError

    said = list(doctor._guarded("组", breaks, lambda: [Finding("组", "项", State.OK, "")]))

    assert [(each.name, each.state, each.detail) for each in said] == [
        ("breaks", State.WARNING, "没有查成（ZeroDivisionError）"),
        ("项", State.OK, ""),
    ]


@pytest.mark.django_db
def test_a_column_lost_on_the_way_is_named_though_every_migration_is_marked() -> None:
    assert found(doctor.database_checks(), "表与程序").state is State.OK
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE jobs_workerbeat RENAME COLUMN beaten_at TO beaten")

    finding = found(doctor.database_checks(), "表与程序")

    assert finding.state is State.MISSING
    assert finding.detail == "表 jobs_workerbeat 缺少列 beaten_at；表 jobs_workerbeat 多出列 beaten"


PLANTED = {
    "sqlite": (
        ("CREATE TRIGGER sneaky AFTER INSERT ON ledger_move BEGIN SELECT 1; END", "多出触发器 sneaky"),
        ("CREATE VIEW sneaky AS SELECT * FROM ledger_holder", "多出视图 sneaky"),
        ("ALTER TABLE accounts_person ADD COLUMN is_superuser integer", "表 accounts_person 多出列 is_superuser"),
    ),
    "postgresql": (
        ("CREATE VIEW sneaky AS SELECT * FROM ledger_holder", "多出视图 sneaky"),
        ("CREATE RULE sneaky AS ON DELETE TO ledger_move DO INSTEAD NOTHING", "多出规则 sneaky"),
        (
            "CREATE FUNCTION sneaky() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "多出函数 sneaky",
        ),
        ("ALTER TABLE accounts_person ADD COLUMN is_superuser integer", "表 accounts_person 多出列 is_superuser"),
        (
            "ALTER TABLE ledger_project DROP CONSTRAINT ledger_project_code_key",
            "表 ledger_project 的列 code 缺少唯一约束",
        ),
    ),
}


@pytest.mark.django_db
def test_what_is_planted_in_the_database_is_named() -> None:
    assert differences() == []
    for sql, said in PLANTED[connection.vendor]:
        with undone(), connection.cursor() as cursor:
            cursor.execute(sql)
            assert differences() == [said]
            assert [violation.found for violation in INVARIANTS["I49"].violations(None)] == [said]


@dataclass(frozen=True)
class Line:
    label: str
    ok: bool
    found: str
    advice: str = ""


def test_check_of_an_app_is_shown_in_its_group(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        Line("仿宋", True, "FandolFang R"),
        Line("楷体", False, "LXGW WenKai", "请取得"),
        Line("黑体", False, "", "请安装"),
    ]
    monkeypatch.setattr(doctor, "_declared", {"字体": lambda: lines})

    findings = list(doctor._of_apps())

    assert [(f.group, f.name, f.state) for f in findings] == [
        ("字体", "仿宋", State.OK),
        ("字体", "楷体", State.WARNING),
        ("字体", "黑体", State.MISSING),
    ]
    assert findings[2].detail == "没有"


def test_two_checks_for_one_group_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_declared", {})
    doctor.declare_check("字体", list)

    with pytest.raises(ValueError, match="two checks for 字体"):
        doctor.declare_check("字体", tuple)


def test_command_exits_with_one_and_says_why_as_json(manage: Callable[..., Any], tmp_path: Path) -> None:
    result = manage("doctor", "--json")
    data = json.loads(result.stdout)

    assert result.returncode == (0 if data["sound"] else 1)
    assert {"group", "name", "state", "detail", "remedy"} == set(data["findings"][0])
    assert all(finding["remedy"] for finding in data["findings"] if finding["state"] == "missing")
