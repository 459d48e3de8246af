"""Commands speak Chinese to whoever types them wrong, and never trace what the user did."""

import errno
import json

import pytest

from registry.store.faults import FILES, file_words
from registry.web.commands import LedgerCommand


class Trial(LedgerCommand):
    """A command that does what the test says."""

    help = "试"
    needs_keys = False
    needs_database = False

    def add_own(self, parser) -> None:
        parser.add_argument("kind", choices=["a", "b"])
        parser.add_argument("--project", required=True)
        parser.add_argument("--limit", type=int, default=0)

    def run(self, options):
        if options["project"] == "full":
            raise OSError(errno.ENOSPC, "No space left on device", "/x/y")
        return {"message": options["kind"]}, 0


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    """The exit code, what was printed, and what was said to the operator."""
    try:
        Trial().run_from_argv(["manage.py", "trial", *arguments])
        code = 0
    except SystemExit as stop:
        code = int(stop.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "缺少kind, --project。请补上。"),
        (("a",), "缺少--project。请补上。"),
        (("c", "--project", "x"), "kind不能是'c'。可选：'a', 'b'。"),
        (("a", "--project"), "--project后面要跟一个值。"),
        (("a", "--project", "x", "--limit", "many"), "--limit要填数字，不能是'many'。"),
        (("a", "--project", "x", "--best"), "不认识--best。请核对写法。"),
    ],
)
def test_wrong_arguments_are_answered_in_words_and_the_way_to_write_them(capsys, arguments, words):
    code, out, said = run(capsys, *arguments)

    assert (code, out) == (2, "")
    assert f"命令没有执行：{words}" in said
    assert "写法： manage.py trial" in said


@pytest.mark.django_db
def test_a_full_disk_is_said_and_not_traced(capsys):
    assert run(capsys, "a", "--project", "full")[:2] == (2, f"/x/y：{FILES[errno.ENOSPC]}。\n")
    code, out, _ = run(capsys, "a", "--project", "full", "--json")
    assert (code, json.loads(out)["error"]) == (2, "file")


@pytest.mark.django_db
def test_a_right_command_runs(capsys):
    assert run(capsys, "b", "--project", "x") == (0, "b\n", "")


def test_an_unknown_fault_still_names_its_file():
    assert file_words(OSError(errno.EIO, "Input/output error", "/x")) == "/x：读写失败，请检查磁盘和权限。"


def test_help_lists_the_commands_own_arguments_in_chinese():
    text = Trial().create_parser("manage.py", "trial").format_help()

    assert "显示这段说明" in text
    assert "结果按 JSON 输出" in text
    assert "traceback" not in text
