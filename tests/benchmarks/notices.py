"""7,899 notices with numbers and archive, against WeasyPrint asked for one letter after another, in the same run."""

import os
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from django.test import override_settings

from documents.papers.models import Paper, PaperBatch
from documents.papers.selectors.archive import read_pdf
from documents.papers.selectors.printing import print_file
from documents.papers.selectors.snapshots import snapshot_of
from documents.papers.services.batches import request_batch
from documents.render import font_roles, text_layout
from documents.render.pdf import render_html
from documents.render.pdf_writer import STYLESHEET
from documents.render.press import Press
from documents.setup.reference import load_reference
from projects.ledger.services.projects import take_in_project
from projects.progress.services import place_units
from registry.jobs.worker import Worker
from tests.benchmarks.ledger import database, homes
from tests.benchmarks.measure import Result, timed
from tests.factories.accounts import lay_cast
from tests.factories.projects import PLACED, TODAY, Estate, on_day, project_words

HOMES: Final = int(os.environ.get("NOTICES", "7899"))
ALONE: Final = min(800, HOMES)  # on one process; the ratio is a letter's
NAIVE: Final = 10
TEMPLATE: Final = "papers/kinds/cert_notice.html"
TOLD: Final[dict[str, Any]] = {"use": "dwelling", "place": "一层大厅", "phone": "19900000000"}


def run() -> list[Result]:
    """A batch on one process, the whole on two; each letter archived, its number in a series without gap."""
    with tempfile.TemporaryDirectory() as folder, database(), override_settings(FILES_DIR=Path(folder)):
        estate = _estate()
        alone, _ = _batch(estate, 1, ALONE)
        naive = _naive()
        both, batch = _batch(estate, 2, HOMES - ALONE)
        papers = Paper.objects.count()
        if papers != HOMES or Paper.objects.filter(pdf_hash="").exists():
            raise RuntimeError("the benchmark is wrong")
        sizes = [len(read_pdf(paper)) / 1024 for paper in Paper.objects.order_by("?")[:50]]
        peak = _peak(batch)
        printing = timed(lambda: print_file(batch), rounds=1)
        size = len(print_file(batch)) / 1024 / batch.asked
    each = 1000 * naive
    return [
        Result("notices with numbers and archive, one process: naive / ours", naive / alone, "x", 6.5,
               f"{1000 * alone:.1f} ms each, naive {each:.0f} ms", is_floor=True),
        Result(f"the rest of {HOMES:,} on two processes: naive / ours", naive / both, "x", 11,
               f"{1000 * both:.1f} ms each", is_floor=True),
        Result("size of a notice in the archive", max(sizes), "KB", 90),
        Result("peak memory of a process that lays out", peak, "MB", 250),
        Result("putting the print file together", 1000 * printing / batch.asked, "ms each", 5, f"{size:.1f} KB each"),
    ]  # fmt: skip


def _estate() -> Estate:
    load_reference()
    cast = lay_cast()
    with on_day(PLACED):
        project = take_in_project(actor=cast.district.actor, **project_words(cast))
        place_units(actor=cast.district.actor, project=project, rows=homes(HOMES, 220), placed_on=PLACED, source="测速")
    return Estate(cast, project)


def _batch(estate: Estate, processes: int, count: int) -> tuple[float, PaperBatch]:
    """Issue to so many homes that have none yet; seconds each, from the job's start to the last letter archived."""
    told = Paper.objects.values_list("unit_id", flat=True)
    units = [key for key in estate.homes if key not in set(told)][:count]
    with on_day(TODAY), override_settings(PAPER_PROCESSES=processes):
        batch = request_batch(
            actor=estate.cast.township.actor, project=estate.project, kind="cert_notice",
            words={**TOLD, "units": units}, filters="测速",
        )  # fmt: skip
        started = perf_counter()
        Worker("bench").run(once=True)
        seconds = perf_counter() - started
    batch.refresh_from_db()
    if batch.finished_at is None:
        raise RuntimeError("the batch was not done")
    return seconds / count, batch


def _peak(batch: PaperBatch) -> float:
    """The most memory that a process holds while it lays out a portion, in MB."""
    contexts = [snapshot_of(paper) for paper in batch.papers.order_by("id")[:100]]
    with Press(2) as press:
        press.submit(TEMPLATE, contexts).result()
        press.submit(TEMPLATE, contexts).result()
        return max(press.peaks())


def _naive() -> float:
    """One letter after another as WeasyPrint's front page shows it: html in, PDF out, nothing kept between two."""
    library = font_roles.weasyprint()
    css = (
        font_roles.css_variables() + ":root { --edge: justify; }\n" + text_layout.organ_rules()
        + text_layout.signature_rules() + STYLESHEET.read_text(encoding="utf-8")
    )  # fmt: skip
    pages = [render_html(TEMPLATE, snapshot_of(paper)) for paper in Paper.objects.order_by("id")[:NAIVE]]
    styled = [html.replace("</head>", f"<style>{css}</style></head>") for html in pages]
    library.HTML(string=styled[0]).write_pdf()
    return timed(lambda: [library.HTML(string=html).write_pdf(pdf_variant="pdf/a-2u") for html in styled]) / NAIVE
