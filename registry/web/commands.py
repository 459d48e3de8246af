"""What the commands share: an actor by user name, JSON or words, refusals as sentences with exit codes."""

import errno
import json
import re
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from registry.accounts import selectors as accounts
from registry.kernel.authority import Actor, system_actor
from registry.kernel.errors import DomainError
from registry.store.canary import refuse_wrong_keys
from registry.store.clock import shanghai_day, true_now
from registry.store.disk import SAID as DISK_FULL
from registry.store.disk import is_disk_full

# What argparse says, and how an operator is told.
SAID: Final = (
    (re.compile(r"the following arguments are required: (.+)"), "缺少{0}。请补上。"),
    (re.compile(r"unrecognized arguments: (.+)"), "不认识{0}。请核对写法。"),
    (re.compile(r"argument (\S+): invalid choice: (.+) \(choose from (.+)\)"), "{0}不能是{1}。可选：{2}。"),
    (re.compile(r"argument (\S+): expected .*argument"), "{0}后面要跟一个值。"),
    (re.compile(r"argument (\S+): invalid (?:int|float) value: (.+)"), "{0}要填数字，不能是{1}。"),
)
FAULTS: Final = {
    errno.ENOENT: "没有这个文件或文件夹，请核对路径",
    errno.EACCES: "没有读写权限，请换个位置或请系统管理员授权",
    errno.EISDIR: "这是文件夹，请写明文件名",
    errno.ENOTDIR: "路径中有一段不是文件夹，请核对路径",
    errno.EEXIST: "已经存在，请换个名字",
    errno.ENOSPC: "磁盘已满，请腾出空间后重试；没有写成的部分不作数",
}


def file_words(fault: OSError) -> str:
    """Say in words what is wrong with a file or folder."""
    return f"{fault.filename or '文件'}：{FAULTS.get(fault.errno or 0, fault.strerror or '读写失败')}。"


class LedgerCommand(BaseCommand):
    """A command of the registry: `run` returns facts and an exit code; refusals are told, never traced."""

    suppressed_base_arguments = {
        "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color",
        "--skip-checks",
    }  # fmt: skip
    needs_keys = True  # whether a wrong key file refuses it: all but those that say what is wrong with it
    json_help = "结果按 JSON 输出，供脚本使用"

    def add_arguments(self, parser: CommandParser) -> None:
        """Every command knows --json."""
        parser.add_argument("--json", action="store_true", dest="as_json", help=self.json_help)
        self.add_own(parser)

    def add_own(self, parser: ArgumentParser) -> None:
        """What the command itself takes."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The parser, speaking the operators' language."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser._positionals.title, parser._optionals.title = "参数", "选项"
        for action in parser._actions:
            if "--help" in action.option_strings:
                action.help = "显示这段说明"
        parser.error = partial(self._refuse_arguments, parser)  # type: ignore[method-assign]
        return parser

    def _refuse_arguments(self, parser: CommandParser, message: str) -> NoReturn:
        """Say what is wrong with the arguments, and how the command is written; exit 2."""
        words = next((how.format(*match.groups()) for tell, how in SAID if (match := tell.search(message))), message)
        if getattr(parser, "called_from_command_line", None) is False:
            raise CommandError(words)
        self.stderr.write(f"命令没有执行：{words}\n{parser.format_usage().replace('usage:', '写法：').strip()}")
        sys.exit(2)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if self.needs_keys:
                refuse_wrong_keys()
            facts, code = self.run(options)
        except DomainError as refusal:
            facts, code = {"error": refusal.code, "message": refusal.message}, 2
        except CommandError as refusal:
            facts, code = {"error": "arguments", "message": str(refusal)}, 2
        except OSError as fault:
            facts, code = {"error": "file", "message": file_words(fault)}, 2
        except DatabaseError as fault:
            if not is_disk_full(fault):
                raise
            facts, code = {"error": "disk_full", "message": DISK_FULL}, 2
        if options["as_json"]:
            self.stdout.write(json.dumps(facts, ensure_ascii=False, default=str))
        else:
            for line in self.words(facts):
                self.stdout.write(line)
        if code:
            sys.exit(code)

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        """Do the work: facts for --json and for `words`, and the exit code."""
        raise NotImplementedError

    def words(self, facts: Mapping[str, Any]) -> list[str]:
        """The facts as lines for a person."""
        return [str(facts["message"])] if "message" in facts else [f"{key}：{value}" for key, value in facts.items()]


def actor_named(username: str | None) -> Actor:
    """Return the actor of a user name in its only assignment in force; the system for none."""
    if not username:
        return system_actor("命令行")
    return accounts.actor_named(username, on=shanghai_day(true_now()))
