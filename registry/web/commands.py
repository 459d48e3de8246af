"""What the commands share: an actor by user name, JSON or words, refusals as sentences with exit codes."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from registry.accounts import selectors as accounts
from registry.kernel.authority import Actor, system_actor
from registry.store.canary import refuse_wrong_keys
from registry.store.clock import ledger_today
from registry.store.commands import RegistryCommand, add_json
from registry.store.faults import Refusal


class LedgerCommand(RegistryCommand):
    """A command of the registry: `run` returns facts and an exit code; refusals are told, never traced."""

    needs_keys = True  # whether a wrong key file refuses it: all but those that say what is wrong with it

    def add_arguments(self, parser: CommandParser) -> None:
        """Every command knows --json."""
        add_json(parser)
        self.add_own(parser)

    def add_own(self, parser: ArgumentParser) -> None:
        """What the command itself takes."""

    def handle(self, *args: Any, **options: Any) -> None:
        if self.needs_keys:
            refuse_wrong_keys()
        self._tell(*self.run(options), options)

    def refuse(self, refusal: Refusal, fault: Exception, options: Mapping[str, Any]) -> None:
        """Tell the refusal as any result is told: a sentence, or JSON with its code; exit code 2."""
        self._tell({"error": refusal.code, "message": refusal.message}, 2, options)

    def _tell(self, facts: dict[str, Any], code: int, options: Mapping[str, Any]) -> None:
        if options.get("as_json"):
            self.stdout.write(json.dumps(facts, ensure_ascii=False, default=str))
        else:
            for line in [str(facts["message"])] if "error" in facts else self.words(facts):
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
    return accounts.actor_named(username, on=ledger_today())
