"""Papers, judged by what is drawn on them."""

import io
import re
from pathlib import Path

import pikepdf
import pypdf
import pytest
from django.conf import settings

from documents.render import justification, pdf
from documents.render.font_roles import UnprintableText
from documents.render.tags import CHART_RULES, burndown, month_columns
from tests.documents.render import measure, samples

PLAIN = "住宅居民对上述问题均无过错应当先行办理不动产登记不因他人违法建设受到影响"
LETTER = '<html lang="zh-CN"><body class="letter">{}</body></html>'


@pytest.fixture(scope="module")
def letter() -> pdf.RenderedPdf:
    return pdf.render_pdf("papers/kinds/commitment.html", samples.commitment(facts=[PLAIN * 30]))


@pytest.fixture(scope="module")
def notice() -> pdf.RenderedPdf:
    return pdf.render_pdf("papers/kinds/cert_notice.html", samples.cert_notice())


def one_line(content: bytes) -> str:
    return measure.text(content).replace("\n", "")


# ── what stands on the paper ─────────────────────────────────────────────────


def test_notice_fits_one_page_of_a4(notice: pdf.RenderedPdf) -> None:
    page = pypdf.PdfReader(io.BytesIO(notice.bytes)).pages[0]

    assert notice.pages == 1
    assert [round(float(page.mediabox[edge]) * measure.MM) for edge in (2, 3)] == [210, 297]


def test_notice_says_what_a_family_must_know(notice: pdf.RenderedPdf) -> None:
    said = one_line(notice.bytes)

    for words in (
        "徐䶮忠、李㛃敏：",
        "演示区演示家园三期9号楼2单元11层1103",
        "2022年3月14日至2022年3月25日",
        "安置补偿协议、选房确认单",
        "不动产登记费（住宅）80.00不动产登记中心",
        "可以委托他人办理",
        "逾期不影响您办证的权利",
        "19900005678",
        "7KQ2-9M3F-XB41",
        "第1页，共1页",
    ):
        assert words in said.replace(" ", "")


def test_company_notice_bears_no_red_and_no_document_number_of_an_organ(notice: pdf.RenderedPdf) -> None:
    with pikepdf.open(io.BytesIO(notice.bytes)) as document:
        colours = {
            tuple(round(float(part), 2) for part in operands)
            for operands, operator in pikepdf.parse_content_stream(document.pages[0])
            if str(operator) in {"rg", "RG"}
        }

    assert all(max(colour) - min(colour) < 0.05 for colour in colours)
    assert "〔" not in one_line(notice.bytes)


def test_letter_reads_in_the_order_of_the_paper(letter: pdf.RenderedPdf) -> None:
    said = one_line(letter.bytes)
    parts = [
        "演示区十八里乡人民政府×政函〔2021〕36号",
        "关于演示家园三期底商夹层整改",
        "演示区历史遗留“办证难”工作专班：",
        "一、承诺事项（一）拆除31间商业用房的夹层，恢复规划层高。",
        "完成时限：2021年12月31日。",
        "（二）补办商业部分规划核验。完成时限：2022年9月30日。",
        "二、适用范围（一）列入本承诺的房屋。",
        "（二）不列入本承诺的房屋。加建夹层的商业用房31间（过错部分）；其他商业用房58间",
        "三、商请事项",
        "六、销号条件",
        "附件：1.列入承诺范围房屋汇总表2.不列入承诺范围房屋明细表",
        "（印章）2021年6月18日",
        "（联系人：演示丙；联系电话：19900001234）",
        "附件1",
        "合计33930,405.30",
        "附件2",
        "抄送：规划分局，区住房城乡建设委。",
    ]
    rest = said.replace(" ", "")

    for part in parts:
        _, found, rest = rest.partition(part)
        assert found, f"{part} does not come after what stands before it"


def test_letter_with_one_promise_and_nothing_else_numbers_no_single_item() -> None:
    snapshot = samples.commitment(scope_out=[], attachments=[], cc="", contact={"person": "", "phone": ""})
    snapshot["obligations"] = snapshot["obligations"][:1]
    said = one_line(pdf.render_pdf("papers/kinds/commitment.html", snapshot).bytes)

    assert "一、承诺事项拆除31间商业用房的夹层，恢复规划层高。" in said
    assert "（一）" not in said
    assert all(word not in said for word in ("附件：", "联系人", "抄送"))


def test_letter_numbers_every_page_but_the_first(letter: pdf.RenderedPdf) -> None:
    pages = pypdf.PdfReader(io.BytesIO(letter.bytes)).pages
    numbered = [f"— {number} —" in page.extract_text() for number, page in enumerate(pages, start=1)]

    assert numbered == [False] + [True] * (letter.pages - 1)


# ── GB/T 9704 in millimetres ─────────────────────────────────────────────────


def test_letter_sets_22_lines_of_28_characters(letter: pdf.RenderedPdf) -> None:
    lines = measure.lines(letter.bytes, page=1, size=16)

    assert len(lines) == 22
    assert {glyphs for left, _, glyphs in lines if left < 30} == {28}


@pytest.mark.parametrize(("page", "left", "right"), [(0, 28, 184), (1, 26, 182)], ids=["odd", "even"])
def test_full_lines_end_at_the_right_edge(letter: pdf.RenderedPdf, page: int, left: float, right: float) -> None:
    lines = [line for line in measure.lines(letter.bytes, page, 16) if line[2] >= 26]

    assert len(lines) > 8
    assert {round(line[0]) for line in lines} <= {left, left + 11}
    assert max(abs(line[1] - right) for line in lines) < 0.3


def test_lines_with_digits_and_marks_end_at_the_right_edge_too() -> None:
    text = (
        "周庄嘉园三期共36栋，安置住宅7899套（2014—2015年入住），建筑面积705,790.80平方米；“办证难”……须先行解决。" * 12
    )
    content = pdf.draw(LETTER.format(f"<p>{text}</p>")).bytes
    full = measure.lines(content, 0, 16)

    assert len(full) == 22
    assert max(abs(line[1] - 184) for line in full) < 0.3


def test_last_line_of_a_paragraph_is_not_stretched() -> None:
    lines = measure.lines(pdf.draw(LETTER.format(f"<p>{PLAIN}</p>")).bytes, 0, 16)

    assert [glyphs for _, _, glyphs in lines] == [26, 10]
    assert lines[1][1] == pytest.approx(28 + 10 * 5.571, abs=0.2)


def test_text_stays_ragged_when_the_hooks_of_the_typesetter_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint.layout import inline

    monkeypatch.setattr(inline, "registry_justifies", False)
    monkeypatch.setattr(inline, "justify_line", lambda context, line: None)

    assert justification.install() is False


def test_date_leaves_four_characters_blank_under_the_organ(letter: pdf.RenderedPdf) -> None:
    every = [run for run in measure.runs(letter.bytes) if abs(run.size - 16) < 0.1]
    seal = next(run for run in measure.runs(letter.bytes) if abs(run.size - 14) < 0.1 and len(run.glyphs) == 4)
    on_line = [run for run in every if run.page == seal.page and abs(run.baseline - seal.baseline) < 0.5]
    edge = 184 if seal.page % 2 == 0 else 182

    assert max(run.right for run in on_line) == pytest.approx(edge - 4 * 5.571, abs=0.3)


def test_red_rules_are_170_mm_wide_on_the_first_page_only(letter: pdf.RenderedPdf) -> None:
    def red_boxes(page: pikepdf.Page) -> list[tuple[float, float]]:
        red, found = False, []
        for operands, operator in pikepdf.parse_content_stream(page):
            numbers = [float(part) for part in operands] if str(operator) in {"rg", "re"} else []
            if str(operator) == "rg":
                red = numbers[0] > 0.5 > numbers[1]
            elif str(operator) == "re" and red:
                found.append((round(numbers[1] * 0.75 * measure.MM, 1), round(numbers[2] * 0.75 * measure.MM, 1)))
        return found

    with pikepdf.open(io.BytesIO(letter.bytes)) as document:
        first, second = red_boxes(document.pages[0]), red_boxes(document.pages[1])

    assert {width for _, width in first} == {170.0}
    assert {round(top) for top, _ in first} == {45, 46, 276} or len(first) >= 4
    assert second == []


@pytest.mark.parametrize("length", [5, 9, 15, 24])
def test_red_head_stays_inside_the_rules(length: int) -> None:
    name = "演示区十八里乡人民政府办公室历史遗留问题工作专班办"[:length]
    content = pdf.render_pdf("papers/kinds/commitment.html", samples.commitment(organ=name)).bytes
    top = min((run for run in measure.runs(content) if run.page == 0), key=lambda run: run.baseline)

    assert top.left > 25
    assert top.right < 185
    assert (top.left + top.right) / 2 == pytest.approx(105, abs=0.5)


# ── the same snapshot, the same bytes ────────────────────────────────────────


@pytest.mark.parametrize("kind", ["commitment", "cert_notice", "bulletin"])
def test_same_snapshot_gives_the_same_bytes(kind: str) -> None:
    snapshot = getattr(samples, kind)()
    first, again = (pdf.render_pdf(f"papers/kinds/{kind}.html", snapshot) for _ in range(2))

    assert first.bytes == again.bytes
    assert first.sha256 == again.sha256


def test_dates_in_the_file_come_from_the_snapshot(notice: pdf.RenderedPdf) -> None:
    facts = pypdf.PdfReader(io.BytesIO(notice.bytes)).metadata

    assert facts is not None
    assert facts["/CreationDate"] == "D:20220308162000+08'00"
    assert facts["/Title"] == "办证通知书"
    assert facts["/Keywords"] == "YS3-2022-0317, cert_notice/1, 3f2a9c01"


def test_paper_is_archival_pdf_with_all_fonts_embedded(notice: pdf.RenderedPdf) -> None:
    with pikepdf.open(io.BytesIO(notice.bytes)) as document:
        conformance = document.open_metadata().pdfa_status
        descriptors = [font.DescendantFonts[0].FontDescriptor for font in document.pages[0].Resources.Font.values()]
        embedded = [bool({"/FontFile2", "/FontFile3"} & set(font.keys())) for font in descriptors]

    assert conformance == "2U"
    assert all(embedded)


def test_fonts_used_are_named_with_their_hash(notice: pdf.RenderedPdf) -> None:
    assert len(notice.fonts) >= 3
    assert all(Path(font.file).suffix and len(font.sha256) == 64 for font in notice.fonts)


def test_font_put_into_the_data_folder_is_used_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path, raising=False)
    (tmp_path / "fonts").mkdir()
    before = pdf.render_pdf("papers/kinds/cert_notice.html", samples.cert_notice())
    own = Path("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf").read_bytes()
    (tmp_path / "fonts" / "own.ttf").write_bytes(own)
    monkeypatch.setattr(settings, "PAPER_FONTS", {"fang": ["LXGW WenKai"]}, raising=False)
    after = pdf.render_pdf("papers/kinds/cert_notice.html", samples.cert_notice())

    assert "own.ttf" not in {font.file for font in before.fonts}
    assert "own.ttf" in {font.file for font in after.fonts}


# ── refusals ─────────────────────────────────────────────────────────────────


def test_rare_characters_of_names_have_glyphs() -> None:
    content = pdf.render_pdf(
        "papers/kinds/cert_notice.html", samples.cert_notice(recipients="䶮龑㛃㺿玥喆堃赟𫖯𬱖")
    ).bytes

    assert "䶮龑㛃㺿玥喆堃赟𫖯𬱖：" in one_line(content)
    assert all(0 not in run.glyphs for run in measure.runs(content))


def test_character_in_no_font_refuses_the_paper() -> None:
    with pytest.raises(UnprintableText, match=r"U\+E123.*文书未生成"):
        pdf.render_pdf("papers/kinds/cert_notice.html", samples.cert_notice(recipients="徐\ue123忠"))


def test_snapshot_without_a_needed_key_refuses_the_paper() -> None:
    snapshot = samples.cert_notice()
    del snapshot["location"]

    with pytest.raises(pdf.PaperError, match="location"):
        pdf.render_pdf("papers/kinds/cert_notice.html", snapshot)


def test_snapshot_holds_primitives_only() -> None:
    with pytest.raises(pdf.PaperError, match="object"):
        pdf.render_pdf("papers/kinds/cert_notice.html", samples.cert_notice(late=object()))


def test_row_shorter_than_its_table_stops_the_paper() -> None:
    table = {**samples.LETTER_TABLE, "rows": [["1号楼", "219"]]}

    with pytest.raises(ValueError, match="zip"):
        pdf.render_pdf("papers/kinds/commitment.html", samples.commitment(attachments=[table]))


def test_bulletin_page_stands_alone() -> None:
    rendered = pdf.render_pdf("papers/kinds/bulletin.html", samples.bulletin())
    said = one_line(rendered.bytes)

    assert rendered.pages == 1
    for words in ("应办住宅7,899套", "截至2022年2月28日24时", "路已打通，慢在核税。", "合计412", "率的分母为应办住宅"):
        assert words in said.replace(" ", "")


def test_charts_on_paper_have_the_rules_of_the_page() -> None:
    """An SVG in a paper reads no stylesheet: the rules stand twice, and say the same."""
    css = (Path(__file__).parents[3] / "registry/web/static/registry/app.css").read_text(encoding="utf-8")
    tokens = dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6});", css))
    wrong = []
    for name, said in CHART_RULES:
        declared = re.search(rf"(?:^|[}}\s]){re.escape(name)} {{ ([^}}]*) }}", css)
        assert declared is not None, name
        stated = re.sub(r"var\((--[\w-]+)\)", lambda match: tokens[match[1]], declared[1])
        wanted = {rule.replace(": ", ":").strip() for rule in stated.split(";")} - {"", "shape-rendering:crispEdges"}
        if wanted != set(said.split(";")):
            wrong.append((name, wanted, said))
    assert wrong == []


def test_a_bulletin_draws_its_months_and_its_burn_down() -> None:
    ahead = {
        "points": [["2022-01-31", 90], ["2022-02-28", 80]],
        "left_then": [10, 20, 30],
        "ends": "2022-12-31",
        "needed": 8,
    }
    months = [["22-01", 12, "19天"], ["22-02", 10, "16天"]]
    svg = month_columns(months, "各月发证") + burndown(ahead, "清零预测")

    assert [word for word in (">12<", ">16天<", "约 20", "8套/月", "<style>") if word not in svg] == []
