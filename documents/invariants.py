"""Invariants of papers and months: numbers without gaps, files that prove themselves, months that don't change."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import Count, F, Max

from documents.models import ImportSession, MonthClose, NumberSeries, Paper
from documents.selectors.months import preview_month
from registry.audit.invariants import Invariant, Violation
from registry.kernel.periods import Month
from registry.store.crypto import decrypt

SAMPLE: Final = 30


def numbers_have_no_gaps(_: int | None) -> Iterator[Violation]:
    """Count each series: as many papers as its counter says, the last of them the highest. One query."""
    series = NumberSeries.objects.annotate(n=Count("papers"), highest=Max("papers__serial"))
    for one in series.exclude(n=F("last"), highest=F("last")).exclude(last=0, n=0):
        yield Violation(str(one), f"1到{one.last}都在", f"{one.n}份，最大{one.highest}")


def files_prove_themselves(project: int | None) -> Iterator[Violation]:
    """Open the newest papers and hold each file against its hash."""
    papers = Paper.objects.filter(project_id=project) if project else Paper.objects.all()
    for paper in papers.order_by("-id")[:SAMPLE]:
        path = Path(settings.FILES_DIR) / paper.pdf_path
        if not path.exists():
            yield Violation(paper.number, "存档文件在", "不在")
        elif hashlib.sha256(bytes.fromhex(decrypt(path.read_bytes(), "file"))).hexdigest() != paper.pdf_hash:
            yield Violation(paper.number, f"校验值{paper.pdf_hash[:12]}", "不符")


def months_do_not_change(_: int | None) -> Iterator[Violation]:
    """Hold each frozen month against its hash, and its chain against the month before. One query."""
    previous = ""
    for close in MonthClose.objects.order_by("month"):
        text = json.dumps(close.rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).hexdigest()
        chain = hashlib.sha256(f"{close.previous_hash}{digest}{close.month}".encode()).hexdigest()
        if digest != close.rows_hash or chain != close.chain_hash or close.previous_hash != previous:
            yield Violation(close.month, "冻结的数不变、与上月相连", "校验不符")
        previous = close.chain_hash


def months_can_be_made_again(_: int | None) -> Iterator[Violation]:
    """Recompute the last closed month as it was known and hold it against what was frozen."""
    close = MonthClose.objects.order_by("-month").first()
    if close is None:
        return
    again = preview_month(month=Month.parse(close.month), known_at=close.known_at)
    rows = json.loads(json.dumps(dict(again.rows), ensure_ascii=False))
    for part in ("totals", "ledger"):
        same = [{name: row.get(name) for name in old} for old, row in zip(close.rows[part], rows[part], strict=False)]
        if same != close.rows[part] or len(rows[part]) != len(same):  # figures reported since are no change
            off = [new for old, new in zip(close.rows[part], same, strict=False) if old != new][:3]
            yield Violation(f"{close.month} {part}", "按当时已知重算相同", json.dumps(off, ensure_ascii=False)[:200])


def committed_files_were_decided(project: int | None) -> Iterator[Violation]:
    """Find files written into the ledger without an act that did it. One query."""
    sessions = ImportSession.objects.filter(state="committed", commit_act_id__isnull=True)
    for session in sessions.filter(project_id=project) if project else sessions:
        yield Violation(f"导入{session.pk}", "有写入的操作", "没有")


INVARIANTS = (
    Invariant("I7", "文书编号连续：1到最大，每个都在", numbers_have_no_gaps),
    Invariant("I8", "存档的文书与登记的校验值相符", files_prove_themselves),
    Invariant("I9", "结过账的月份不变，逐月相连", months_do_not_change),
    Invariant("I11", "最近结账的月份按当时已知重算相同", months_can_be_made_again),
    Invariant("I14", "写入台账的文件都有写入的操作", committed_files_were_decided),
)
