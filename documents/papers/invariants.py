"""Invariants of papers: numbers without gaps, files that prove themselves."""

import hashlib
from collections.abc import Iterator

from django.db.models import Count, F, Max, Q

from documents.papers.models import NumberSeries, Paper
from documents.papers.selectors.archive import content_of
from registry.audit.invariants import ROTATION, Invariant, Violation, in_rotation
from registry.kernel.errors import DomainError


def numbers_have_no_gaps(_: int | None) -> Iterator[Violation]:
    """Count each series: as many papers as its counter says, the last of them the highest. One query."""
    series = NumberSeries.objects.annotate(n=Count("papers"), highest=Max("papers__serial"))
    for number_series in series.exclude(n=F("last"), highest=F("last")).exclude(last=0, n=0):
        yield Violation(
            str(number_series), f"1到{number_series.last}都在", f"{number_series.n}份，最大{number_series.highest}"
        )


def files_prove_themselves(project: int | None) -> Iterator[Violation]:
    """Open the papers whose turn it is and hold each file against its hash. Two queries."""
    under_way = Q(pdf_hash="", batch__isnull=False, batch__finished_at__isnull=True)
    papers = Paper.objects.filter(project_id=project) if project else Paper.objects.all()
    papers = papers.exclude(under_way)
    for paper in in_rotation(papers).order_by("id").iterator(chunk_size=500):
        yield from faults_of(paper)


def faults_of(paper: Paper) -> Iterator[Violation]:
    """Open the archived file of one paper and hold it against its hash."""
    try:
        digest = hashlib.sha256(content_of(paper.pdf_path)).hexdigest() if paper.pdf_path else ""
    except FileNotFoundError:
        yield Violation(paper.number, "存档文件在", "不在")
    except (OSError, ValueError, DomainError) as error:
        what = error.message if isinstance(error, DomainError) else f"读不出来（{type(error).__name__}）"
        yield Violation(paper.number, "存档文件打得开", what)
    else:
        if not digest:
            yield Violation(paper.number, "已编号的都已存档", "没有存档")
        elif digest != paper.pdf_hash:
            yield Violation(paper.number, f"校验值{paper.pdf_hash[:12]}", "不符")


INVARIANTS = (
    Invariant("I7", "文书编号连续：1到最大，每个都在", numbers_have_no_gaps),
    Invariant("I8", f"存档的文书打得开，与登记的校验值相符（{ROTATION}）", files_prove_themselves),
)
