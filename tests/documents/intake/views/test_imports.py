"""The pages of an import: what a sender sees, and what the buttons do."""

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from documents.intake.models import ImportSession, SenderMapping
from documents.intake.reading.codes import CODES
from documents.intake.selectors.sessions import _told, preview_page
from registry.audit.models import Act
from tests.documents.intake.reading.files import HEADERS, NAMES, workbook
from tests.documents.intake.services.lists import (
    LATER,
    ledger_of,
    listed,
    staged,
    with_buildings,
    written,
    written_by_two,
)
from tests.factories.accounts import Player, sign_in
from tests.factories.projects import TODAY, Estate, move, on_day
from tests.web.html import tight

TABS = ("全部", "退回", "变更", "新增", "相同", "跳过", "提醒")


def page(player: Player, url: str, **asked: str) -> str:
    with on_day(TODAY):
        response = sign_in(player).get(url, asked)
    assert response.status_code == 200
    return tight(response.content.decode())


def once_keys(page: str) -> list[str]:
    """The keys of the forms on a page, in order."""
    return re.findall(r'name="once" value="([^"]+)"', page)


def at(session: ImportSession, what: str = "") -> str:
    return f"/documents/imports/{session.id}/{what}"


@pytest.fixture
def mixed(estate: Estate) -> ImportSession:
    """Three good rows and one of each verdict besides: changed, same, refused, skipped."""
    written(estate, listed(estate, 2))
    rows = listed(estate, 6, r2={"area": 80}, r5={"identity": "110105190101010019"}, r6={"holder": "张　小六"})
    total = {"building": "合计", "project": ""}
    return staged(estate, [*rows, total], by="developer", name="混合.xlsx")


def test_preview_shows_the_equation_and_every_tab(estate: Estate, mixed: ImportSession) -> None:
    text = page(estate.cast.developer, at(mixed))

    numbers = (mixed.added, mixed.changed, mixed.unchanged, mixed.refused, mixed.skipped)
    assert numbers == (3, 1, 1, 1, 1)
    assert mixed.rows_present == sum(numbers)
    for label in TABS:
        assert f">{label}<i>" in text, label
    assert 'aria-current="page">退回' in text, "errors come first"
    assert "更正方法" in text
    assert "ID_CHECKSUM" in text
    assert "110105190101010019" not in text
    assert mixed.absent == 15


def test_preview_filters_by_place_code_and_page(estate: Estate) -> None:
    session = staged(estate, listed(estate, 5, r3={"use": "怪"}))

    assert [row.row for row in preview_page(session, "all").rows] == [2, 3, 4, 5, 6]
    assert [row.row for row in preview_page(session, "all", text="9号楼 201").rows] == [3]
    assert [row.row for row in preview_page(session, "refused", code="USAGE_UNKNOWN").rows] == [3]
    assert preview_page(session, "refused", code="REQUIRED").rows == []
    first = preview_page(session, "all", size=2)
    assert ([row.row for row in first.rows], first.after) == ([2, 3], 3)
    assert [row.row for row in preview_page(session, "all", after=3, size=2).rows] == [4, 5]
    assert preview_page(session, "all", after=5, size=2).after is None


def test_warned_rows_have_a_tab_of_their_own(estate: Estate) -> None:
    session = staged(estate, listed(estate, 3, r3={"remark": "@甲"}))

    found = preview_page(session, "warned")

    assert [(row.row, row.warnings) for row in found.rows] == [
        (3, ("有以 = + - @ 开头的文字，按文字保存，不会计算。",))
    ]


def test_cells_that_are_written_otherwise_have_a_tab_of_their_own(estate: Estate) -> None:
    session = staged(estate, listed(estate, 3, r3={"area": "８９．５㎡"}))

    [row] = preview_page(session, "normalised").rows

    assert (row.row, row.normalised[0][:3]) == (3, ("建筑面积", "８９．５㎡", "89.50"))
    page = sign_in(estate.cast.district).get(at(session, "?tab=normalised")).content.decode()
    assert "８９．５㎡" in page
    assert row.normalised[0][3] in page


def test_marked_copy_is_the_senders_file_with_its_errors(estate: Estate, mixed: ImportSession) -> None:
    with on_day(TODAY):
        response = sign_in(estate.cast.developer).post(at(mixed, "marked/"), {"reason": "改正退回的行后再传"})

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert response.status_code == 200
    assert "校验位不符" in sheet["K5"].comment.text
    act = Act.objects.latest("id")
    assert (act.event, act.reason) == ("import.copied", "改正退回的行后再传")


@pytest.mark.parametrize("reason", ["", " ", "改正", "1234567890", "改改改改改"])
def test_people_in_clear_do_not_leave_in_a_marked_copy_without_a_reason(
    estate: Estate, mixed: ImportSession, reason: str
) -> None:
    before = Act.objects.count()
    with on_day(TODAY):
        client = sign_in(estate.cast.developer)
        opened, asked = client.get(at(mixed, "marked/")), client.post(at(mixed, "marked/"), {"reason": reason})

    for page in (opened, asked):
        assert page["Content-Type"].startswith("text/html")
        assert "用途" in page.content.decode()
    assert asked.context["form"].errors["reason"]
    assert Act.objects.count() == before


def test_marked_copy_is_not_for_readers_or_strangers(estate: Estate, mixed: ImportSession) -> None:
    with on_day(TODAY):
        assert sign_in(estate.cast.city).get(at(mixed, "marked/")).status_code == 403
        assert sign_in(estate.cast.strange_developer).get(at(mixed, "marked/")).status_code == 404


def test_all_or_nothing_writes_nothing_while_a_row_is_refused(estate: Estate) -> None:
    session = staged(estate, listed(estate, 3, r3={"use": "怪"}))
    before = ledger_of(estate)

    with on_day(TODAY):
        response = sign_in(estate.cast.district).post(
            at(session, "accept/"), {"placed_on": "2022-02-01", "choice": "all"}
        )

    assert "一行也不导入" in response.content.decode()
    assert ledger_of(estate) == before
    with on_day(TODAY):
        sign_in(estate.cast.district).post(at(session, "accept/"), {"placed_on": "2022-02-01", "choice": "rows"})
    session.refresh_from_db()
    assert (session.state, len(ledger_of(estate)["units"]) - len(before["units"])) == ("committed", 2)


def odd(estate: Estate) -> bytes:
    """A file whose building column has a name of the sender's own, and whose uses are its own words."""
    headers = ["座落栋" if header == "楼栋(幢号)" else header for header in HEADERS]
    return workbook(listed(estate, 3, r2={"use": "回迁房"}), headers=headers)


def test_header_of_the_senders_own_is_mapped_once_and_remembered(estate: Estate) -> None:
    session = staged(estate, odd(estate), by="developer")
    assert (session.file_error, session.titles[1]) == ("MISSING_COLUMN", "座落栋")
    client = sign_in(estate.cast.developer)
    assert ">座落栋</label>" in page(estate.cast.developer, at(session, "mapping/"))

    with on_day(TODAY):
        form = client.get(at(session, "mapping/")).context["form"]
        said = {name: field.initial or "" for name, field in form.fields.items()} | {"t1": "building"}
        said["once"] = form.once_key
        client.post(at(session, "mapping/"), said)
        assert ImportSession.objects.count() == 2
        response = client.post(at(session, "mapping/"), said, follow=True)
    again = ImportSession.objects.latest("id")
    assert ImportSession.objects.count() == 2, "sent twice, read once"
    assert response.redirect_chain[-1][0] == at(again)
    assert (again.file_error, again.added, again.refused) == ("", 0, 3)
    assert "将新建楼栋：9号楼（项目现有1、2号楼）" in page(estate.cast.developer, at(again))
    with on_day(TODAY):
        client.post(at(again, "buildings/"), {"building": "9"})
    again.refresh_from_db()
    assert (again.added, again.refused) == (2, 1)
    assert "按勾选新建楼栋" not in page(estate.cast.developer, at(again))

    with on_day(TODAY):
        form = client.get(at(again, "mapping/")).context["form"]
        assert form.unknown == [("use", "回迁房")]
        said = {name: field.initial or "" for name, field in form.fields.items()} | {"w0": "住宅"}
        client.post(at(again, "mapping/"), said)
    third = with_buildings(estate.cast.developer.actor, ImportSession.objects.latest("id"))
    assert (third.added, third.refused) == (3, 0)

    fresh = staged(estate, odd(estate), by="developer")
    assert (fresh.added, fresh.refused) == (3, 0)
    assert SenderMapping.objects.get().organisation == estate.cast.developer.organisation
    assert staged(estate, odd(estate), by="district").file_error == "MISSING_COLUMN", "another sender's own"


def test_mapping_that_leaves_a_required_column_out_is_refused(estate: Estate) -> None:
    session = staged(estate, listed(estate), by="developer")
    client = sign_in(estate.cast.developer)

    with on_day(TODAY):
        form = client.get(at(session, "mapping/")).context["form"]
        said = {name: field.initial or "" for name, field in form.fields.items()} | {"t4": "-"}
        response = client.post(at(session, "mapping/"), said)

    assert response.context["form"].non_field_errors() == ["必填的列未对应：户号(房号)。请选择文件中对应的列。"]
    assert not SenderMapping.objects.exists()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "第 5 行“楼栋”：没有这栋楼。写错的请改正；确是新楼栋的，请勾选。",
            ("没有这栋楼。", "写错的请改正；确是新楼栋的，请勾选。"),
        ),
        ("第 5 行“户号”：被Excel当作日期，请将该列设为文本。", ("被Excel当作日期。", "请将该列设为文本。")),
        (
            "第 5 行“姓名”：看不出是几个人。是几个人的，请用“、”隔开。",
            ("看不出是几个人。", "是几个人的，请用“、”隔开。"),
        ),
        ("第 5 行“户号”：不能用。", ("不能用。", None)),
        ("第 5 行“户号”：请填写。", ("请填写。", None)),
    ],
)
def test_remedy_is_parted_from_the_fault_with_whom_it_is_for(said: str, told: tuple[str, str | None]) -> None:
    shown = _told({"column": "", "code": "", "message": said})
    assert (shown["message"], shown.get("remedy")) == told


def test_no_remedy_of_ours_leaves_a_half_sentence_behind() -> None:
    for code in CODES.values():
        shown = _told({"column": "", "code": code.code, "message": code.template})
        assert not shown["message"].endswith(("的。", "时。")) or shown["message"] in code.template, code.code


@pytest.mark.parametrize(
    ("address", "player"),
    [
        ("/documents/imports/CY-9001/new/", "developer"), ("/documents/imports/CY-9001/stages/", "centre"),
        ("/documents/lists/CY-9001/blockers/", "district"), ("/documents/across/units/", "district"),
    ],
)  # fmt: skip
def test_an_empty_file_is_a_session_with_its_refusal_and_its_record(estate: Estate, address: str, player: str) -> None:
    client = sign_in(getattr(estate.cast, player))
    said = {"target": "certificate:accepted", "occurred_on": "2022-03-01", "file": SimpleUploadedFile("空.xlsx", b"")}
    with on_day(TODAY):
        answer = client.post(address, said, follow=True)

    session = ImportSession.objects.get()
    act = Act.objects.latest("id")
    assert (session.state, session.file_error, session.file_name) == ("refused", "EMPTY_FILE", "空.xlsx")
    assert (act.event, act.facts["code"], act.facts["file"]) == ("import.refused", "EMPTY_FILE", "空.xlsx")
    assert "文件是空的" in answer.content.decode()


def test_a_list_without_a_row_to_write_offers_no_button_that_writes(estate: Estate) -> None:
    written(estate, listed(estate, 2))
    same = staged(estate, listed(estate, 2), by="district")
    wrong = staged(estate, listed(estate, 2, r2={"use": ""}), by="developer", name="错.xlsx")

    assert (same.unchanged, wrong.refused, wrong.unchanged) == (2, 1, 1)
    for session, words in (
        (same, "各行与台账相同，无需写入。"),
        (wrong, "没有可写入的行。请按更正方法改正后重新上传。"),
    ):
        text = page(estate.cast.district if session is same else estate.cast.developer, at(session))
        assert words in text
        assert "accept/" not in text
        assert "submit/" not in text


def test_a_changed_home_is_named_as_it_will_be_written(estate: Estate) -> None:
    written(estate, listed(estate, 2))
    session = staged(
        estate, listed(estate, 1, r2={"building": "九栋", "entrance": "1单元", "room": "101室", "area": 80})
    )

    [row] = preview_page(session, "changed").rows
    assert row.place == "9号楼 1单元 101"
    assert "9号楼 1单元 101" in page(estate.cast.district, at(session), tab="changed")
    assert [row.row for row in preview_page(session, "changed", text="9号楼 101").rows] == [2]


def test_sheet_is_chosen_among_several(estate: Estate) -> None:
    def second(sheet: object) -> None:
        other = sheet.parent.copy_worksheet(sheet)  # type: ignore[attr-defined]
        other.title = "另一张"

    session = staged(estate, workbook(listed(estate), edit=second), by="developer")
    assert session.file_error == "AMBIGUOUS_SHEET"
    shown = page(estate.cast.developer, at(session))
    assert "只读“另一张”" in shown
    words = {"sheet": "另一张", "once": once_keys(shown)[-1]}

    with on_day(TODAY):
        answers = [sign_in(estate.cast.developer).post(at(session, "sheet/"), words) for _ in range(2)]

    [again] = ImportSession.objects.filter(id__gt=session.id)
    assert [answer["Location"] for answer in answers] == [at(again)] * 2, "sent twice, read once"
    assert (again.sheet, again.rows_present, again.params["new_buildings"]) == ("另一张", 3, ["9"])


def test_every_sheet_of_a_building_is_read_with_one_tick_each_with_its_own_result(estate: Estate) -> None:
    """A workbook with a sheet for each building, whose name says which it is."""
    names = [name for name in NAMES if name != "building"]
    headers = [HEADERS[NAMES.index(name)] for name in names]

    def second(sheet: Any) -> None:
        sheet.title = "9号楼"
        other = sheet.parent.copy_worksheet(sheet)
        other.title = "10号楼"
        other["D2"].value = None  # a home of this building lacks its number
        for row in range(2, 5):
            other.cell(row, names.index("unit_code") + 1).value = None
            other.cell(row, names.index("identity") + 1).value = None

    content = workbook(listed(estate), edit=second, names=names, headers=headers)
    session = staged(estate, content, by="developer")
    assert session.file_error == "AMBIGUOUS_SHEET"

    words = {"every": "1", "once": once_keys(page(estate.cast.developer, at(session)))[-1]}
    with on_day(TODAY):
        sign_in(estate.cast.developer).post(at(session, "sheet/"), words)
        response = sign_in(estate.cast.developer).post(at(session, "sheet/"), words, follow=True)  # no third or fourth

    first, last = ImportSession.objects.filter(id__gt=session.id).order_by("id")
    assert [(each.sheet, each.rows_present, each.refused) for each in (first, last)] == [
        ("9号楼", 3, 3),
        ("10号楼", 3, 3),
    ]
    assert [each.params["new_buildings"] for each in (first, last)] == [["9"], ["10"]]
    assert [row.codes.strip() for row in last.staged_rows.order_by("row")] == [
        "REQUIRED",
        "NEW_BUILDING",
        "NEW_BUILDING",
    ]
    text = response.content.decode()
    assert "2张工作表已分别检查" in text
    assert all(f"清册.xlsx　{sheet}" in text for sheet in ("9号楼", "10号楼"))


def test_undo_page_names_what_is_kept_then_undoes(story: Estate) -> None:
    session = written(story, listed(story))
    keys = [unit for unit in story.homes if unit not in story.homes[:12]]
    move(story, keys[:1], "notified", LATER)

    text = page(story.cast.district, at(session, "undo/"))
    assert "<b>2</b>户退出台账" in text
    assert "9号楼1单元101" in text
    with on_day(TODAY):
        response = sign_in(story.cast.district).post(at(session, "undo/"), {"reason": "传错了"}, follow=True)

    said = response.content.decode()
    assert "撤销结果" in said
    assert "9号楼1单元101" in said
    assert at(session, "undo/") not in said, "no button where it can't work"


def test_undo_of_two_is_asked_of_a_second_person(estate: Estate) -> None:
    session = written_by_two(estate, listed(estate))

    with on_day(TODAY):
        sign_in(estate.cast.district).post(at(session, "undo/"), {"reason": "开发建设单位报错"})

    session.refresh_from_db()
    assert session.state == "committed"
    assert "已提请撤销，待区专班另一名人员复核" in page(estate.cast.district, at(session, "undo/"))


def test_upload_of_nothing_readable_shows_why(estate: Estate, client: Client) -> None:
    file = SimpleUploadedFile("清册.xlsx", b"%PDF-1.4 nothing")
    with on_day(date(2022, 2, 2)):
        url = f"/documents/imports/{estate.project.code}/new/"
        response = sign_in(estate.cast.developer).post(url, {"file": file}, follow=True)

    assert "整份文件未导入" in response.content.decode()
    assert ImportSession.objects.get().file_error == "NOT_A_SPREADSHEET"
