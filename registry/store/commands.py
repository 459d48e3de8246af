"""What every command of the registry stands on: it speaks Chinese to whoever types it, and never traces what they did.

`RegistryCommand` is the base of them all (`tests/store/test_commands.py` walks them): arguments are refused in words,
the database is proven before the work, and a fault that is not the program's is one sentence and exit code 2.
"""

import argparse
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, Final, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser, SystemCheckError

from registry.kernel.errors import DomainError
from registry.kernel.numerals import whole_number
from registry.kernel.periods import SHANGHAI, Month
from registry.store.faults import Refusal, refusal_of, require_ready_database
from registry.store.keys import key_ring

# What argparse says, and how an operator is told.
SAID: Final = (
    (re.compile(r"the following arguments are required: (.+)"), "缺少{0}。请补上。"),
    (re.compile(r"one of the arguments (.+) is required"), "缺少{0}，须写其中一个。"),
    (re.compile(r"unrecognized arguments: (.+)"), "不认识{0}。请核对写法。"),
    (re.compile(r"argument (\S+): invalid choice: (.+) \(choose from (.+)\)"), "{0}不能是{1}。可选：{2}。"),
    (re.compile(r"argument (\S+): expected .*argument"), "{0}后面要跟一个值。"),
    (re.compile(r"argument (\S+): not allowed with argument (\S+)"), "{0}和{1}不能一起写。"),
    (re.compile(r"argument (\S+): invalid (?:int|float) value: (.+)"), "{0}要填数字，不能是{1}。"),
    (re.compile(r"argument (\S+): ignored explicit argument (.+)"), "{0}后面不跟值，不能写{1}。"),
    (re.compile(r"ambiguous option: (\S+) could match (.+)"), "{0}不完整，可能是{1}。请写全。"),
    (re.compile(r"argument (\S+): (.+)", re.DOTALL), "{0}{1}"),  # said by a type of ours
)


class RegistryCommand(BaseCommand):
    """A command that refuses in one sentence with exit code 2: wrong arguments, files, settings, or database."""

    suppressed_base_arguments = {
        "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color",
        "--skip-checks",
    }  # fmt: skip
    needs_database = True  # with this code's structure; not for those that bring it up to date or look at it

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The parser, speaking the operators' language."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser._positionals.title, parser._optionals.title = "参数", "选项"
        for action in parser._actions:
            if "--help" in action.option_strings:
                action.help = "显示这段说明"
            if "--skip-checks" in action.option_strings:
                action.help = argparse.SUPPRESS  # Django adds it past `suppressed_base_arguments`, in English
        parser.error = partial(self._refuse_arguments, parser)  # type: ignore[method-assign]
        return parser

    def _refuse_arguments(self, parser: CommandParser, message: str) -> NoReturn:
        """Say what is wrong with the arguments, and how the command is written; exit 2."""
        words = next((how.format(*match.groups()) for tell, how in SAID if (match := tell.search(message))), message)
        if getattr(parser, "called_from_command_line", None) is False:
            raise CommandError(words)
        self.stderr.write(f"命令没有执行：{words}\n{parser.format_usage().replace('usage:', '写法：').strip()}")
        sys.exit(2)

    def execute(self, *args: Any, **options: Any) -> Any:
        """Prove the database, do the work; say what refuses it."""
        try:
            if self.needs_database and self.is_typed:
                require_ready_database()
                key_ring()  # one that can't be read is no finding about the data
            return super().execute(*args, **options)
        except SystemCheckError:
            raise
        except Exception as fault:
            refusal = refusal_of(fault)
            if refusal is None:
                raise
            return self.refuse(refusal, fault, options)

    @property
    def is_typed(self) -> bool:
        """Whether a person or a timer runs it, not the program."""
        return bool(getattr(self, "_called_from_command_line", False))

    def refuse(self, refusal: Refusal, fault: Exception, options: Mapping[str, Any]) -> None:
        """Say it and end with 2; raise CommandError to a program that called."""
        if not self.is_typed:
            raise CommandError(refusal.message, returncode=2) from fault
        self.stderr.write(refusal.message)
        sys.exit(2)


def a_day(text: str) -> date:
    """Read a day: 2022-03-07."""
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise ArgumentTypeError(f"的日期“{text}”不对。请写成 2022-03-07。") from fault


def a_month(text: str) -> Month:
    """Read a month: 2022-03."""
    try:
        return Month.parse(text)
    except (DomainError, ValueError) as fault:
        raise ArgumentTypeError(f"的月份“{text}”不对。请写成 2022-03。") from fault


def a_moment(text: str) -> datetime:
    """Read a moment, in Shanghai time unless it says otherwise: 2022-03-05T09:00."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise ArgumentTypeError(f"的时刻“{text}”不对。请写成 2022-03-05T09:00。") from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def a_count(text: str) -> int:
    """Read a whole number of at least one."""
    number = whole_number(text)
    if not number:
        raise ArgumentTypeError(f"要填 1 以上的整数，不能是“{text}”。")
    return number


def a_port(text: str) -> int:
    """Read the number of a port."""
    number = whole_number(text, most=65535)
    if not number:
        raise ArgumentTypeError(f"要填 1 至 65535 的端口号，不能是“{text}”。")
    return number


def add_json(parser: ArgumentParser | argparse._ActionsContainer, dest: str = "as_json") -> None:
    """Every command that tells something knows --json."""
    parser.add_argument("--json", action="store_true", dest=dest, help="结果按 JSON 输出，供脚本使用")
