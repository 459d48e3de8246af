"""manage.py issue_notices KIND --project CODE --out DIR."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from documents.papers.selectors.papers import notice_snapshot
from documents.papers.services import issue_paper, read_pdf
from projects.ledger.models import Unit
from projects.ledger.selectors.projects import project_by_code
from registry.kernel.stages import STAGES, Track
from registry.store.clock import ledger_today
from registry.store.commands import a_count
from registry.web.commands import LedgerCommand, actor_named


class Command(LedgerCommand):
    help = "批量出具办证通知书：逐户编号、存档，另存一份到文件夹"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=["cert_notice"], help="文种")
        parser.add_argument("--project", required=True, help="项目编号")
        parser.add_argument("--out", required=True, help="写入的文件夹")
        parser.add_argument("--as", dest="username", required=True, help="由谁出具（登录名），以其单位的名义")
        parser.add_argument(
            "--stage",
            choices=[stage.code for stage in STAGES[Track.CERTIFICATE]],
            default="waiting",
            help="所处阶段的住宅，默认待办",
        )
        parser.add_argument("--limit", type=a_count, default=None, help="最多多少户")
        parser.add_argument("--place", default="项目驻场办证服务中心", help="办理地点")
        parser.add_argument("--phone", default="19900000000", help="咨询电话")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        actor = actor_named(options["username"])
        project = project_by_code(actor, options["project"])
        out = Path(options["out"])
        out.mkdir(parents=True, exist_ok=True)
        units = Unit.objects.filter(
            building__project=project, use="dwelling", standing="active", certificate=options["stage"]
        ).select_related("building")
        told = Unit.objects.filter(papers__kind=options["kind"], papers__voided_on__isnull=True)
        rows = units.exclude(id__in=told).order_by("id")
        numbers = []
        for unit in rows[: options["limit"]] if options["limit"] else rows:
            today = ledger_today()
            snapshot, masked = notice_snapshot(
                project=project,
                unit=unit,
                place=options["place"],
                phone=options["phone"],
                issued_on=today,
            )
            paper = issue_paper(
                actor=actor,
                project=project,
                kind=options["kind"],
                snapshot=snapshot,
                issued_on=today,
                addressee_masked=masked,
                unit=unit,
            )
            (out / f"{paper.number}.pdf").write_bytes(read_pdf(paper))
            numbers.append(paper.number)
        return {"issued": len(numbers), "numbers": numbers, "message": f"已出具{len(numbers)}份"}, 0
