"""manage.py check_papers [--sample N]: opens archived papers and holds each against its hash; read-only."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from documents.papers.invariants import faults_of
from documents.papers.models import Paper
from registry.store.commands import a_count
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    help = "打开存档的文书，逐份与登记的校验值相对；只读"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sample", type=a_count, default=None, help="最多打开多少份，随机抽取；不填为全部")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        papers = Paper.objects.order_by("?")[: options["sample"]] if options["sample"] else Paper.objects.order_by("id")
        opened, wrong = 0, []
        for paper in papers:
            opened += 1
            wrong += [f"{fault.subject}：应为{fault.expected}，实为{fault.found}" for fault in faults_of(paper)]
        message = f"打开{opened}份文书，{len(wrong)}份不符" + "".join(f"；{line}" for line in wrong[:5])
        return {"opened": opened, "wrong": wrong, "message": message}, 1 if wrong else 0
