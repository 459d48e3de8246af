"""What goes out and comes in: two kinds of files, texts that stay texts, faults named by column, a sealed upload."""

import io
import os
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from documents.reference.storage import HOUR, sweep
from projects.gates.models import BlockerType
from projects.office.models import ChecklistItem
from registry.accounts.models import Approval
from registry.accounts.services import approve
from registry.kernel.authority import Role
from registry.store.guard import fixture_writes
from tests.documents.reference.files import (
    CSV,
    DAYS,
    LISTS,
    TYPES,
    XLSX,
    at,
    book,
    confirm,
    exported,
    faults,
    send,
    sheet,
)  # fmt: skip
from tests.factories.accounts import STARTED, Player, lay_assignment, lay_organisation, lay_person, sign_in
from tests.factories.projects import TODAY, on_day
from tests.factories.trials import digest, last_act

HOSTILE = ("=cmd|' /C calc'!A0", "==HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "＝1+1", "'=x")


def said(answer) -> str:
    """Every fault of the form in one text."""
    return "；".join(str(error) for errors in answer.context["form"].errors.values() for error in errors)


def test_only_xlsx_and_csv_are_offered(keeper, story):
    for page in ("import", "export"):
        form = keeper.get(at(LISTS, page)).context["form"]
        assert [label for _, label in form.fields["format"].choices] == ["---", "xlsx", "csv"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_cell_goes_out_as_text_and_comes_back_as_it_was(keeper, story, hostile):
    with fixture_writes():
        BlockerType.objects.filter(code="P03").update(support=hostile)

    book_ = exported(keeper, TYPES)
    [cell] = [one for row in load_workbook(io.BytesIO(book_)).active.iter_rows() for one in row if one.value == hostile]
    assert (cell.data_type, cell.quotePrefix) == ("s", hostile[0] != "'")
    text = exported(keeper, TYPES, CSV).decode("utf-8-sig")
    assert f"'{hostile}" in text
    assert f",{hostile}" not in text
    for content, name, format_ in ((book_, "x.xlsx", XLSX), (text.encode(), "x.csv", CSV)):
        preview = send(keeper, TYPES, SimpleUploadedFile(name, content), format_)
        assert preview.context["result"].totals["update"] == preview.context["result"].totals["new"] == 0
        assert preview.context["result"].totals["skip"] == BlockerType.objects.count()


def test_the_empty_template_has_the_columns_alone(keeper, story):
    assert sheet(keeper, LISTS, empty="1") == [
        ["适用", "序号", "材料", "收取方式", "份数", "适用情形", "对应情形", "由谁提供", "说明", "起始日期", "在用"]
    ]


@pytest.mark.parametrize("ending", [".xls", ".ods", ".json", ".xlsm", ""])
@pytest.mark.parametrize("format_", [XLSX, CSV])
def test_no_other_kind_of_file_is_taken(keeper, story, ending, format_):
    answer = send(keeper, TYPES, SimpleUploadedFile(f"表{ending}", exported(keeper, TYPES)), format_)

    assert said(answer) == "仅支持.xlsx和.csv格式。请另存为其中一种格式后上传。"
    assert "confirm_form" not in answer.context


@pytest.mark.parametrize(
    "content", [b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"[{}]", b"<html></html>"], ids=["xls", "json", "html"]
)
def test_another_kind_under_the_name_of_a_workbook_is_refused(keeper, story, content):
    answer = send(keeper, TYPES, SimpleUploadedFile("表.xlsx", content))

    assert "另存为" in said(answer) or "不是表格" in said(answer)


def test_the_kind_is_what_the_name_says_and_nothing_to_choose(keeper, story):
    shown = keeper.get(at(TYPES, "import")).content.decode()
    assert "<select" not in shown.split("<main")[1].split("</form>")[0]
    for chosen in (CSV, ""):
        answer = send(keeper, TYPES, book([["编码"]], "表.xlsx"), chosen)
        assert "format" not in answer.context["form"].errors
    assert "xlsx" in said(send(keeper, TYPES, SimpleUploadedFile("表.txt", b"x"), XLSX))


@pytest.mark.parametrize(
    ("heads", "words"),
    [
        (["小类", "牵头"], "文件里没有“编码”列"),
        (["编码", "牵头单位"], "不认识的列：牵头单位"),
        (["编码", "小类", "小类"], "列名重复：小类"),
    ],
)
def test_a_file_of_other_columns_is_refused_whole(keeper, story, heads, words):
    answer = send(keeper, TYPES, book([heads, ["P03", "改", "改"][: len(heads)]]))

    assert words in answer.content.decode()
    assert "confirm_form" not in answer.context


def test_a_rule_of_the_model_is_named_by_its_column(keeper, story):
    rows = sheet(keeper, TYPES)
    columns = {name: n for n, name in enumerate(rows[0])}
    rows[1][columns["小类"]] = "长" * 61
    rows[2][columns["大类"]] = None

    found = faults(send(keeper, TYPES, book(rows)))

    assert [line.split("：")[0] for line in found] == ["2 小类", "3 大类"]
    assert "60" in found[0]
    assert "不能为空" in found[1]


def test_the_same_line_twice_is_refused(keeper, story):
    rows = sheet(keeper, TYPES)
    again = list(rows[1])
    again[2] = "改名"

    answer = send(keeper, TYPES, book([rows[0], rows[1], again]))

    assert faults(answer) == ["3 和第2行是同一条。同一条只留一行。"]


def test_empty_rows_at_the_end_are_no_rows(keeper, story):
    rows = sheet(keeper, TYPES)

    preview = send(keeper, TYPES, book([*rows, [None] * len(rows[0]), ["  "]]))

    assert preview.context["result"].totals["skip"] == len(rows) - 1


def test_an_upload_is_for_its_sender_alone(keeper, cast, story, files):
    rows = sheet(keeper, TYPES)
    rows[1][2] = "改名"
    preview = send(keeper, TYPES, book(rows))
    place = lay_organisation(code="C-OPS")
    other = lay_person(username="second.keeper", name="另管", organisation=place)
    thief = sign_in(Player(other, place, lay_assignment(other, place, Role.SYSTEM_ADMIN, starts=STARTED)))
    assert thief.get(at(TYPES, "import")).status_code == 200, "who may import of its own"

    answer = confirm(thief, TYPES, preview)

    assert (answer.status_code, Approval.objects.count()) == (422, 0)
    assert "已超过保留期限，或不是本人上传" in answer.content.decode()
    assert len(list(files.iterdir())) == 1
    with on_day(TODAY):
        assert confirm(keeper, TYPES, preview).status_code == 302, "and it is still there for its sender"


def test_an_upload_expires(keeper, cast, story, files):
    rows = sheet(keeper, TYPES)
    rows[1][2] = "改名"
    preview = send(keeper, TYPES, book(rows))
    [stored] = files.iterdir()
    old = time.time() - HOUR - 5
    os.utime(stored, (old, old))

    answer = confirm(keeper, TYPES, preview)

    assert (answer.status_code, Approval.objects.count()) == (422, 0)
    assert sweep(files, now=time.time()) == 1
    assert list(files.iterdir()) == []


def test_an_upload_lies_sealed_and_a_faulty_one_is_not_kept(keeper, story, files):
    rows = sheet(keeper, DAYS)
    rows[1][2] = "可辨认的节日名"
    send(keeper, DAYS, SimpleUploadedFile("x.csv", "\n".join(",".join(map(str, row)) for row in rows).encode()), CSV)
    [stored] = files.iterdir()
    assert "可辨认的节日名".encode() not in stored.read_bytes()

    rows[1][0] = "不是日期"
    answer = send(keeper, DAYS, book(rows))

    assert faults(answer) == ["2 日期：“不是日期”不是日期。请写成2022-03-08。"]
    assert list(files.iterdir()) == [stored]


def test_a_new_paper_from_a_file_is_proposed_then_asked_for(keeper, cast, story):
    head = sheet(keeper, LISTS, empty="1")[0]
    line = ["安置房", 3, "演示新增材料", "核验原件并收复印件", 2, "夫妻共有", "夫妻共有", "权利人", None, TODAY, "是"]

    preview = send(keeper, LISTS, book([head, line]))
    with on_day(TODAY):
        confirm(keeper, LISTS, preview)
        assert not ChecklistItem.objects.filter(name="演示新增材料").exists()
        approve(actor=cast.city.actor, approval=Approval.objects.get())

    made = ChecklistItem.objects.get(name="演示新增材料")
    assert (made.applies_to, made.form_words, made.condition, made.effective_on) == (
        "resettlement", "原件核验，复印件2份", "夫妻共有", TODAY,
    )  # fmt: skip
    assert last_act().event == "checklist.kept"


def test_a_paper_that_contradicts_itself_is_said_before_it_is_proposed(keeper, story):
    rows = sheet(keeper, LISTS)
    columns = {name: n for n, name in enumerate(rows[0])}
    rows[1][columns["份数"]] = 0
    rows[2][columns["收取方式"]] = "收照片"
    rows[3][columns["序号"]] = "第三"
    before = digest()

    found = faults(send(keeper, LISTS, book(rows)))

    assert sorted(found) == [
        "2 只核验原件的，份数填0；要收的，份数填1—9。",
        "3 收取方式：“收照片”不在可选值里。可填：收原件、收复印件、核验原件并收复印件、只核验原件。",
        "4 序号：“第三”不是1—99的整数。",
    ]
    assert digest() == before


def test_a_typed_paper_that_contradicts_itself_is_said_too(keeper, story):
    words = {
        "applies_to": "other", "ordinal": "9", "name": "演示材料", "form": "seen", "copies": "2", "supplier": "owner",
        "effective_on": "2022-03-08", "is_active": "on", "_save": "1",
    }  # fmt: skip

    answer = keeper.post(at(LISTS, "add"), words)

    assert (answer.status_code, Approval.objects.count()) == (200, 0)
    assert "只核验原件的，份数填0" in answer.content.decode()
    with on_day(TODAY):
        assert keeper.post(at(LISTS, "add"), {**words, "copies": "0"}).status_code == 302
    assert Approval.objects.get().title == "改定办证材料清单1条"
