"""Every command × everything that fails around it: one Chinese sentence, exit 2, no traceback."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class

from registry.kernel.periods import Month
from registry.store.commands import RegistryCommand, a_count, a_day, a_moment, a_month, a_port
from tests.architecture.source import ROOT
from tests.store.walk import LEAST, our_commands, typed

BAD = {a_day: "2022-02-30", a_month: "2022-13", a_moment: "yesterday", a_count: "0", a_port: "65536"}
LOOKS = {"doctor"}  # it never fails itself: what is wrong is its finding, and its exit code 1
EARLIER = {"restore": "找不到备份文件"}  # refused before the database is asked
ENGLISH = re.compile(r"Traceback|Error|error:|invalid|failed|refused")


def in_process(settings: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run Python as an operator does, with these settings and no others of ours."""
    ours = {"DATABASE_URL", "KEY_FILE", "DATA_DIR", "DJANGO_SETTINGS_MODULE", "DEBUG", "SECRET_KEY"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        env={**{key: value for key, value in os.environ.items() if key not in ours}, **settings},
    )  # fmt: skip


def test_every_command_stands_on_the_one_base() -> None:
    classes = {name: type(load_command_class(str(get_commands()[name]), name)) for name in our_commands()}

    assert set(classes) == set(LEAST)
    assert [name for name, made in classes.items() if not issubclass(made, RegistryCommand)] == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgres://a:b@127.0.0.1:5/x", "连接不上数据库，服务没有启动或地址不对。"),
        ("sqlite:///{folder}/text", "所指的文件不是数据库。"),
        ("sqlite:////proc/none/x.sqlite3", "数据库文件打不开。"),
        ("sqlite:///{folder}/empty.sqlite3", "数据库结构与程序不一致，没有执行。请先运行 manage.py migrate"),
    ],
    ids=["down", "not a database", "cannot be opened", "unmigrated"],
)
def test_no_command_is_traced_whatever_the_database_is(url: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database, a text that is long enough to be told from one" * 20)
    but = ["serve"] if "empty" in url else []  # it brings an empty database up to date: that is its work

    done = in_process(
        {"DATA_DIR": str(tmp_path), "DATABASE_URL": url.format(folder=tmp_path)}, "-m", "tests.store.walk", *but
    )

    assert done.returncode == 0, done.stderr
    told: dict[str, dict[str, Any]] = json.loads(done.stdout)
    unsaid = {}
    for name, line in told.items():
        wanted = (1, "处理办法") if name in LOOKS else (2, EARLIER.get(name, words))
        if line["code"] != wanted[0] or wanted[1] not in line["said"] or ENGLISH.search(line["said"]):
            unsaid[name] = line
    assert unsaid == {}


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "nonsense", "应为 postgres://用户:口令@主机:端口/库名"),
        ("DATABASE_URL", "postgres://a:secret@127.0.0.1:99999/x", "端口 1 至 65535"),
        ("DATABASE_URL", "mysql://a:secret@127.0.0.1/x", "应为 postgres://"),
        ("DEBUG", "perhaps", "应为 1 或 0"),
        ("IDLE_MINUTES", "many", "应为 整数"),
        ("IDLE_MINUTES", "0", "只能是 1 至 1440"),
        ("TRUSTED_PROXIES", "-1", "只能是 0 至 9"),
        ("ALLOWED_HOSTS", "https://taizhang.example.cn/", "不带 https:// 和端口"),
        ("PUBLIC_ADDRESS", "taizhang.example.cn", "应为公众打开的网址"),
        ("CRYPTO_SUITE", "rot13", "只能是 sm 或 aes"),
        ("DATA_DIR", "/proc/none", "不能建立。请由管理员建好"),
    ],
)
def test_a_bad_setting_is_named_by_every_command_and_found_by_doctor(
    name: str, value: str, words: str, tmp_path: Path
) -> None:
    settings = {"DATA_DIR": str(tmp_path), name: value}

    refused = in_process(settings, "manage.py", "migrate")
    looked = in_process(settings, "manage.py", "doctor", "--json")

    assert refused.returncode == 2
    assert refused.stderr.startswith(f"设置 {name} ")
    assert words in refused.stderr
    assert "secret" not in refused.stderr
    assert (looked.returncode, looked.stderr) == (1, "")
    assert json.loads(looked.stdout)["findings"][0]["name"] == name


@pytest.mark.once
def test_an_unknown_command_is_refused_in_words(tmp_path: Path) -> None:
    done = in_process({"DATA_DIR": str(tmp_path)}, "manage.py", "close_year")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "没有“close_year”这个命令。全部命令见 manage.py help 和 docs/commands.md。\n"


@pytest.mark.once
@pytest.mark.parametrize(("name", "words"), [("import", "import_units、import_list"), ("export", "export_monthly")])
def test_a_package_s_own_command_that_passes_the_rules_by_is_refused(name: str, words: str, tmp_path: Path) -> None:
    done = in_process({"DATA_DIR": str(tmp_path)}, "manage.py", name, "csv", "ledger.Unit")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"“{name}”命令不")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def arguments_of(name: str) -> list[Any]:
    command = load_command_class(str(get_commands()[name]), name)
    return list(command.create_parser("manage.py", name)._actions)


def test_no_argument_is_read_by_a_type_that_speaks_english() -> None:
    own = {action.type for name in our_commands() for action in arguments_of(name) if action.dest != "verbosity"}

    assert own - set(BAD) <= {None, str, int}
    assert [
        f"{name} {action.dest}"
        for name in our_commands()
        for action in arguments_of(name)
        if action.type is int and action.dest not in {"verbosity", "seed"}
    ] == []


@pytest.mark.parametrize("name", sorted(LEAST))
def test_a_bad_value_of_any_argument_is_said(name: str, tmp_path: Path) -> None:
    least = [part.format(folder=tmp_path) for part in LEAST[name]]
    for action in arguments_of(name):
        if action.type in BAD:
            bad = BAD[action.type]
        elif action.choices and action.dest != "verbosity":
            bad = "no-such-choice"
        else:
            continue
        given = [f"{action.option_strings[-1]}={bad}"] if action.option_strings else []
        tried = [*least, *given] if given else [bad, *least[1:]]

        told = typed(name, *tried)

        assert told["code"] == 2, (action.dest, told)
        assert bad in told["said"]
        assert "写法： manage.py" in told["said"]
        assert not ENGLISH.search(told["said"])


@pytest.mark.parametrize("name", ["advance_units", "import_list", "import_units", "issue_notices", "check_ledger"])
def test_an_unknown_person_or_project_is_said(name: str, manage: Any, tmp_path: Path) -> None:
    least = [part.format(folder=tmp_path) for part in LEAST[name]]
    done = manage(name, *(least or ["--project=NO"]))

    assert done.returncode == 2
    assert re.search(r"nobody|NO|none\.xlsx", done.stdout + done.stderr)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["check_ledger", "verify_audit", "check_papers", "create_admin", "rotate_keys"])
def test_a_key_file_that_cannot_be_read_is_no_finding_about_the_data(
    name: str, manage: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY_FILE", str(tmp_path))

    done = manage(name)

    assert done.returncode == 2, done.stdout + done.stderr
    assert f"密钥文件{tmp_path}读不出来" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_no_month_ahead_is_exported_and_no_anchors_are_read_that_are_not_there(manage: Any, tmp_path: Path) -> None:
    ahead = manage("export_monthly", "2099-03", f"--out={tmp_path / 'm.xlsx'}")
    unread = manage("verify_audit", f"--anchor={tmp_path / 'none'}")

    assert (ahead.returncode, ahead.stdout) == (2, "2099年3月尚未开始，没有数字。请填本月或以前的月份。\n")
    assert not (tmp_path / "m.xlsx").exists()
    assert (unread.returncode, unread.stderr) == (2, f"找不到锚点文件{tmp_path / 'none'}。请核对路径。\n")


@pytest.mark.once
def test_a_setting_left_empty_is_none(tmp_path: Path) -> None:
    told = in_process(
        {"DATA_DIR": " ", "KEY_FILE": ""}, "-c", "from registry import env; print(env.DATA_DIR, env.KEY_FILE)"
    )

    assert told.stdout.split() == [str(ROOT / "var"), str(ROOT / "var" / "keys" / "registry.keys")]


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (a_day, "2022-03-07", date(2022, 3, 7)),
        (a_month, "2022-03", Month(2022, 3)),
        (a_count, "12", 12),
        (a_port, "65535", 65535),
    ],
)
def test_a_right_value_is_read(read: Any, text: str, value: Any) -> None:
    assert read(text) == value


def test_a_moment_is_in_shanghai_time_unless_it_says_otherwise() -> None:
    assert a_moment("2022-03-05T09:00").isoformat() == "2022-03-05T09:00:00+08:00"
    assert a_moment("2022-03-05T09:00+00:00").isoformat() == "2022-03-05T09:00:00+00:00"
