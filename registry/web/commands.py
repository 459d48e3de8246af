"""What the commands share: an actor by user name, JSON or words, refusals as sentences with exit codes."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from registry.accounts import selectors as accounts
from registry.kernel.authority import Actor, system_actor
from registry.kernel.errors import DomainError
from registry.store.clock import shanghai_day, true_now


class LedgerCommand(BaseCommand):
    """A command of the registry: `run` returns facts and an exit code; refusals are told, never traced."""

    json_help = "结果按 JSON 输出，供脚本使用"

    def add_arguments(self, parser: CommandParser) -> None:
        """Every command knows --json."""
        parser.add_argument("--json", action="store_true", dest="as_json", help=self.json_help)
        self.add_own(parser)

    def add_own(self, parser: ArgumentParser) -> None:
        """What the command itself takes."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            facts, code = self.run(options)
        except DomainError as refusal:
            facts, code = {"error": refusal.code, "message": refusal.message}, 2
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
    """This will give the actor of a user name in its only assignment in force; the system for none."""
    if not username:
        return system_actor("命令行")
    return accounts.actor_named(username, on=shanghai_day(true_now()))
