"""doctor: what is missing on this machine, and how to get it."""

import json
from itertools import groupby
from typing import Any

from django.core.management.base import CommandParser

from registry.store.commands import RegistryCommand, add_json
from registry.web.doctor import Finding, State, examine, is_sound

MARKS = {State.OK: "正常", State.WARNING: "注意", State.MISSING: "缺少"}


class Command(RegistryCommand):
    """Exit code 0 when nothing is missing, 1 otherwise."""

    help = "检查本机是否具备运行条件，列明所缺项目和处理办法"
    requires_system_checks: list[str] = []
    needs_database = False

    def add_arguments(self, parser: CommandParser) -> None:
        add_json(parser, "json")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine()
        if options["json"]:
            data = {"sound": is_sound(findings), "findings": [finding.to_data() for finding in findings]}
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            self._print(findings)
        if not is_sound(findings):
            raise SystemExit(1)

    def _print(self, findings: list[Finding]) -> None:
        for group, lines in groupby(findings, key=lambda finding: finding.group):
            self.stdout.write(group)
            for line in lines:
                self.stdout.write(f"  {MARKS[line.state]}  {line.name}：{line.detail}")
                if line.remedy:
                    self.stdout.write(f"        处理办法：{line.remedy}")
        missing = sum(finding.state is State.MISSING for finding in findings)
        self.stdout.write(
            f"共 {len(findings)} 项，缺少 {missing} 项。" if missing else f"共 {len(findings)} 项，可以运行。"
        )
