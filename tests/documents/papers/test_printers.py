"""套打: nothing red, all else where the paper has it, moved as the printer needs; by its issuer alone."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.urls import reverse

from commitments.models import Instrument
from documents.papers.models import Paper, Printer
from documents.papers.selectors.papers import letter_snapshot
from documents.papers.selectors.printers import overprint_of
from documents.papers.services import issue_paper, read_pdf
from documents.papers.services.printers import set_printer
from documents.render.overprint import CROSS, POINTS, calibration_sheet, moved
from registry.kernel.authority import system_actor
from tests.documents.render.measure import runs, text
from tests.factories.accounts import sign_in
from tests.factories.projects import SIGNED, TODAY, Estate, on_day
from tests.factories.trials import refused

RED = b"0.764706 0.086275 0.109804"  # #c3161c as the page says it


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def letter(story: Estate) -> Paper:
    assert story.letter is not None
    instrument = Instrument.objects.select_related("issuer", "letter__recipient").get(pk=story.letter.pk)
    with on_day(TODAY):
        paper: Paper = issue_paper(
            actor=story.cast.township.actor, project=story.project, kind="commitment", instrument=instrument,
            issued_on=SIGNED, snapshot=letter_snapshot(instrument=instrument),
        )  # fmt: skip
    return paper


def drawn(content: bytes) -> bytes:
    with pikepdf.open(BytesIO(content)) as document:
        for page in document.pages:
            page.contents_coalesce()
        return b"".join(page.Contents.read_bytes() for page in document.pages)


def places(content: bytes) -> list[tuple[int, float, float, int, float]]:
    """Page, height, left edge, count of glyphs and size of each run, in tenths of a millimetre."""
    return [
        (run.page, round(run.baseline, 1), round(run.left, 1), len(run.glyphs), round(run.size, 1))
        for run in runs(content)
    ]


def test_what_is_overprinted_lies_where_the_paper_has_it(story: Estate) -> None:
    paper, actor = letter(story), story.cast.township.actor
    with on_day(TODAY):
        printer = set_printer(actor=actor, name="一楼文印室", right=Decimal("1.5"), down=Decimal("-2.0"))
    archived, straight = read_pdf(paper), overprint_of(actor, paper, None)

    whole, rest = [places(content) for content in (archived, straight)]
    left_out = [place for place in whole if place not in rest]
    assert [place for place in rest if place not in whole] == [], "within a tenth of a millimetre"
    assert [place[-1] for place in left_out] == [max(size for *_, size in whole)], "the head alone, in its great size"
    assert RED in drawn(archived)
    assert RED not in drawn(straight)
    shifted = drawn(overprint_of(actor, paper, printer))
    assert f"q 1 0 0 1 {1.5 * POINTS:.4f} {2 * POINTS:.4f} cm".encode() in shifted
    assert read_pdf(paper) == archived, "the archived file is the paper"
    assert Paper.objects.count() == 1


def test_it_is_printed_by_its_issuer_while_it_is_in_force(story: Estate) -> None:
    paper, cast = letter(story), story.cast
    listed = reverse("papers:documents")
    address = reverse("papers:overprint", args=[paper.pk])

    assert address in sign_in(cast.township).get(listed).content.decode()
    assert address not in sign_in(cast.district).get(listed).content.decode()
    assert "由出具单位套打" in sign_in(cast.district).get(address).content.decode()
    answer = sign_in(cast.township).post(address, {"printer": ""})
    assert answer["Content-Type"] == "application/pdf"
    with on_day(TODAY):
        other = set_printer(actor=cast.district.actor, name="二楼", right=Decimal(0), down=Decimal(0))
    assert "选择" in sign_in(cast.township).post(address, {"printer": str(other.pk)}).content.decode()


@pytest.mark.parametrize(
    ("words", "said", "field"),
    [
        ({"name": " "}, "未填写打印机名称", "name"),
        ({"right": Decimal("20.1")}, "位移最多20毫米", "right"),
        ({"down": Decimal(-21)}, "位移最多20毫米", "down"),
    ],
)
def test_a_printer_that_cannot_be_is_refused(estate: Estate, words: dict[str, Any], said: str, field: str) -> None:
    given = {"name": "一楼", "right": Decimal(1), "down": Decimal(0), **words}
    with on_day(TODAY), refused(said, field=field):
        set_printer(actor=estate.cast.township.actor, **given)


def test_the_system_states_no_printer(estate: Estate) -> None:
    with on_day(TODAY), refused("打印机由单位登记，系统不能代为登记", code="no_power"):
        set_printer(actor=system_actor("夜间"), name="一楼", right=Decimal(1), down=Decimal(0))
    assert not Printer.objects.exists()


def test_a_printer_said_again_is_changed_and_the_same_is_refused(estate: Estate) -> None:
    actor = estate.cast.township.actor
    with on_day(TODAY):
        set_printer(actor=actor, name="一楼", right=Decimal("1.0"), down=Decimal("0.0"))
        set_printer(actor=actor, name="一楼", right=Decimal("0.5"), down=Decimal("0.0"))
        with refused("已经是这个位移", field="right"):
            set_printer(actor=actor, name="一楼", right=Decimal("0.5"), down=Decimal("0.0"))
    printer = Printer.objects.get()
    assert (printer.right, printer.down_mm) == (5, "0.0")
    page = sign_in(estate.cast.township).get(reverse("papers:printers")).content.decode()
    assert reverse("papers:calibration", args=[printer.pk]) in page
    sheet = sign_in(estate.cast.township).get(reverse("papers:calibration", args=[printer.pk]))
    assert sheet["Content-Type"] == "application/pdf"
    assert sign_in(estate.cast.district).get(reverse("papers:calibration", args=[printer.pk])).status_code == 404


def test_the_calibration_sheet_is_moved_as_the_paper_is() -> None:
    words = {"printer": "一楼", "made_at": "2022-03-08T00:00:00+08:00"}
    straight = calibration_sheet(**words, right=0, down=0)
    assert drawn(calibration_sheet(**words, right=2, down=1)) == drawn(moved(straight, right=2, down=1))
    assert f"{CROSS}毫米" in text(straight).replace(" ", "")
