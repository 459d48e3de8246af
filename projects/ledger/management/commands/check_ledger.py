"""manage.py check_ledger: tries every invariant of the books, read-only; 0 if all hold."""

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from registry.audit.checking import check_books
from registry.store.root import project_by_code_unscoped
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    needs_keys = False  # I40 names a wrong key file beside the other invariants
    help = "核对台账：逐条检查必须永远成立的事，只读"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", default="", help="只核对一个项目（项目编号）")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        project = None
        if options["project"]:
            named = project_by_code_unscoped(options["project"])
            if named is None:
                raise CommandError(f"没有项目{options['project']}。请核对项目编号。")
            project = named.pk
        results = [asdict(checked) for checked in check_books(project)]
        bad = sum(len(result["violations"]) for result in results)
        return {"invariants": results, "violations": bad}, 1 if bad else 0

    def words(self, facts: Mapping[str, Any]) -> list[str]:
        if "invariants" not in facts:
            return super().words(facts)
        lines = []
        for result in facts["invariants"]:
            mark = "不符" if result["violations"] else "相符"
            lines.append(f"{result['code']:<4} {mark}  {result['sentence']}（{result['seconds']}秒）")
            lines += [f"      {v['subject']}：应为{v['expected']}，实为{v['found']}" for v in result["violations"]]
        return [*lines, "台账核对完毕，全部相符。" if not facts["violations"] else f"共{facts['violations']}处不符。"]
