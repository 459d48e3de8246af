"""Many papers of one kind: what is drawn on each is what is drawn on it alone, however few layouts were made."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings

from documents.render import batch, pdf, stencil
from documents.render.batch import render_batch
from documents.render.press import Press
from tests.documents.render import measure, samples

NOTICE = "papers/kinds/cert_notice.html"
PEOPLE = ["徐忠甲", "李敏乙", "王三", "欧阳建国、司马相如"]


def letters(**more: Any) -> list[dict[str, Any]]:
    return [
        samples.cert_notice(
            recipients=name,
            number=f"YS3-2022-{number:04}",
            location=f"演示区演示家园三期{number + 1}号楼1单元{number * 9 + 1}层101",
            home={"use": "住宅", "area": f"{89 + number * 5}.52"},
            verify={"url": f"https://registry.example/v/7KQ2-9M3F-XB4{number}/", "code": f"7KQ2-9M3F-XB4{number}"},
            **more,
        )
        for number, name in enumerate(PEOPLE)
    ]


@pytest.fixture
def layouts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was laid out; the process remembers nothing of before."""
    made: list[str] = []
    monkeypatch.setattr(batch, "_stencils", [])
    of = stencil.Stencil.of

    def counted(letter: Any, document: Any) -> stencil.Stencil:
        made.append(letter.texts[2])
        return of(letter, document)

    monkeypatch.setattr(stencil.Stencil, "of", counted)
    return made


def test_letters_that_differ_in_single_lines_are_laid_out_once_and_drawn_as_alone(layouts: list[str]) -> None:
    snapshots = letters()

    made = render_batch(NOTICE, snapshots)

    assert len(layouts) == 1
    assert made.print_file.pages == len(snapshots)
    for paper, snapshot in zip(made.papers, snapshots, strict=True):
        assert paper.drawing_sha256 == pdf.render_pdf(NOTICE, snapshot).drawing_sha256
        said = measure.text(paper.bytes).replace("\n", "")
        assert f"{snapshot['recipients']}：" in said
        assert snapshot["location"] in said
        assert [f"{name}：" in said for name in PEOPLE].count(True) == 1
    assert len({paper.drawing_sha256 for paper in made.papers}) == len(snapshots)


def test_letter_that_does_not_fit_has_a_layout_of_its_own(layouts: list[str]) -> None:
    changed: list[dict[str, Any]] = [
        {"recipients": "徐㺿忠"},  # another font
        {"recipients": "、".join(["欧阳建国"] * 12)},  # more than a line
        {"location": "演示区" * 20},
        {"materials": samples.cert_notice()["materials"][:2]},
        {"issuer": "演示区十八里乡人民政府"},  # wider, in a place that is as wide as it
        {"appointment": ""},
    ]
    snapshots = [letters()[0], *(samples.cert_notice(**changes) for changes in changed), letters()[1]]

    made = render_batch(NOTICE, snapshots)

    assert len(layouts) == 1 + len(changed)
    for paper, snapshot in zip(made.papers, snapshots, strict=True):
        assert paper.drawing_sha256 == pdf.render_pdf(NOTICE, snapshot).drawing_sha256


def test_text_that_is_the_same_in_two_places_changes_in_both_or_has_its_own_layout(layouts: list[str]) -> None:
    same = [samples.cert_notice(place="甲处", location="甲处"), samples.cert_notice(place="乙处", location="乙处")]
    other = samples.cert_notice(place="甲处", location="丙处")

    made = render_batch(NOTICE, [*same, other])

    assert len(layouts) == 2
    for paper, snapshot in zip(made.papers, [*same, other], strict=True):
        assert paper.drawing_sha256 == pdf.render_pdf(NOTICE, snapshot).drawing_sha256


def test_every_letter_is_laid_out_when_the_hooks_of_the_typesetter_are_gone(
    layouts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "install", lambda: False)

    assert [paper.pages for paper in render_batch(NOTICE, letters()).papers] == [1] * len(PEOPLE)
    assert len(layouts) == len(PEOPLE)


def test_hooks_are_not_put_where_the_typesetter_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint.draw import text

    monkeypatch.setattr(text, "registry_marks", False)
    monkeypatch.setattr(text, "draw_first_line", lambda stream, textbox: None)

    assert stencil.install() is False


def test_the_same_batch_gives_the_same_bytes(layouts: list[str]) -> None:
    first, again = render_batch(NOTICE, letters()), render_batch(NOTICE, letters())

    assert [paper.sha256 for paper in first.papers] == [paper.sha256 for paper in again.papers]
    assert first.print_file.sha256 == again.print_file.sha256


def test_separate_paper_is_archival_and_says_what_it_is() -> None:
    made = render_batch(NOTICE, letters(made_at="2022-03-08T16:20:00+08:00"))

    with pikepdf.open(io.BytesIO(made.papers[1].bytes)) as document:
        facts = document.open_metadata()
        fonts = [font.DescendantFonts[0].FontDescriptor for font in document.pages[0].Resources.Font.values()]
        assert facts.pdfa_status == "2U"
        assert (facts["dc:title"], facts["xmp:CreateDate"]) == ("办证通知书", "2022-03-08T16:20:00+08:00")
        assert facts["pdf:Keywords"] == "YS3-2022-0001, cert_notice/1, 3f2a9c01"
        assert all({"/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts)


def test_title_of_a_separate_paper_is_never_markup() -> None:
    made = render_batch(NOTICE, [samples.cert_notice(title="</rdf:li><x>&")])

    with pikepdf.open(io.BytesIO(made.papers[0].bytes)) as document:
        assert document.open_metadata()["dc:title"] == "</rdf:li><x>&"


def test_empty_batch_is_a_mistake() -> None:
    with pytest.raises(pdf.PaperError, match="at least one"):
        render_batch(NOTICE, [])


def test_processes_lay_out_the_same_papers_and_hand_back_refusals(tmp_path: Path) -> None:
    alone = render_batch(NOTICE, letters())
    with Press(2) as press:
        portions = [press.submit(NOTICE, letters()), press.submit(NOTICE, letters())]
        broken = press.submit(NOTICE, [{"title": "x"}])
        made = [portion.result() for portion in portions]
        with pytest.raises(pdf.PaperError, match="lacks"):
            broken.result()

    for portion in made:
        assert [paper.drawing_sha256 for paper in portion.papers] == [paper.drawing_sha256 for paper in alone.papers]
    assert settings.PAPER_PROCESSES == 1
