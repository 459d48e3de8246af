"""Reference tables: listed and exported for readers, changed by proposals that a second person agrees to."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse

from documents.reference.resources import BlockerTypeResource, line_of
from documents.reference.services import propose_reference
from documents.reference.sorting import sorted_page
from projects.casework.models import Holiday
from projects.gates.models import BlockerType, GatePlan, GateStep
from projects.gates.selectors.spans import readiness_counts
from projects.gates.services.steps import revoke_document
from registry.accounts.models import Approval, Organisation
from registry.accounts.services import approve, return_back
from registry.accounts.services.approvals import propose_again
from registry.kernel.errors import DomainError
from registry.store.collation import pinyin_key
from registry.store.guard import fixture_writes
from tests.documents.reference.files import BODIES, DAYS, LISTS, PLANS, TYPES, at, book, confirm, send, sheet
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, on_day
from tests.factories.trials import digest, last_act, refused
from tests.web.html import sent_by


def test_the_tables_are_listed_with_their_sizes(keeper, story):
    page = keeper.get(reverse("admin:index")).content.decode()

    for label, count in (("堵点类型", BlockerType.objects.count()), ("单位", Organisation.objects.count())):
        assert label in page
        assert f">{count}<" in page
    assert "P03" in keeper.get(at(TYPES, "changelist")).content.decode()
    assert "没有符合条件的记录" in keeper.get(at(TYPES, "changelist"), {"q": "没有"}).content.decode()


@pytest.mark.parametrize("player", ["developer", "township", "tax"])
def test_who_does_not_read_parameters_is_refused(cast, story, player):
    assert sign_in(getattr(cast, player)).get(reverse("admin:index")).status_code == 403


def test_heads_sort_words_by_pinyin_and_numbers_as_numbers_and_the_whole_table_is_shown(keeper, story):
    def column(place: int, order: str) -> list[str]:
        response = keeper.get(at(TYPES, "changelist"), {"order": order})
        assert response.status_code == 200
        return [cells[place][0] for _, cells in response.context["lines"]]

    labels = column(1, "c1")
    assert len(labels) == BlockerType.objects.count()
    assert labels == sorted(labels, key=pinyin_key)
    assert column(1, "-c1") == labels[::-1]
    assert column(1, "nothing") == column(1, "")


def test_a_column_of_numbers_is_sorted_as_numbers(keeper):
    request = keeper.get("/").wsgi_request
    request.GET = QueryDict("order=c1")
    lines = [("/a/", ["甲", "10"]), ("/b/", ["乙", "9"]), ("/c/", ["丙", ""])]

    assert [address for address, _ in sorted_page(request, ["名称", "日数"], lines).rows] == ["/b/", "/a/", "/c/"]


@pytest.mark.parametrize("player", ["city", "auditor", "district"])
def test_readers_see_and_export_and_change_nothing(cast, story, player):
    client = sign_in(getattr(cast, player))

    assert client.get(at(TYPES, "changelist")).status_code == 200
    assert len(sheet(client, TYPES)) == BlockerType.objects.count() + 1
    for page in ("add", "import"):
        assert client.get(at(TYPES, page)).status_code == 403


def test_export_then_import_changes_nothing(keeper, story):
    for table in (TYPES, PLANS, BODIES, LISTS, DAYS):
        preview = send(keeper, table, book(sheet(keeper, table)))
        assert preview.context["result"].totals["update"] == preview.context["result"].totals["new"] == 0
        before = digest()
        assert confirm(keeper, table, preview).status_code == 422
        assert digest() == before


def test_one_cell_changed_is_one_change_proposed_then_made(keeper, cast, story):
    rows = sheet(keeper, TYPES)
    lead = rows[0].index("牵头")
    line = next(row for row in rows if row[0] == "P03")
    old, line[lead] = line[lead], "住建"

    preview = send(keeper, TYPES, book(rows))
    page = preview.content.decode()
    assert (preview.context["result"].totals["update"], f"<del>{old}</del> <ins>住建</ins>" in page) == (1, True)
    assert 'style="' not in page
    with on_day(TODAY):
        answer = confirm(keeper, TYPES, preview)

    assert (answer.status_code, answer.url) == (302, at(TYPES, "changelist"))
    assert BlockerType.objects.get(code="P03").lead == old, "nothing changes before somebody agrees"
    approval = Approval.objects.get()
    assert approval.title == "改定堵点类型1条"
    shown = sign_in(cast.city).get(reverse("accounts:approval", args=[approval.pk])).content.decode()
    assert f"牵头：{old} → 住建" in shown
    with on_day(TODAY):
        approve(actor=cast.city.actor, approval=approval)
    assert BlockerType.objects.get(code="P03").lead == "住建"
    assert (last_act().event, last_act().facts["code"]) == ("blocker_type.kept", "P03")


def test_what_is_returned_changes_nothing(keeper, cast, story):
    rows = sheet(keeper, TYPES)
    rows[1][2] = "改名"
    with on_day(TODAY):
        confirm(keeper, TYPES, send(keeper, TYPES, book(rows)))
        return_back(actor=cast.city.actor, approval=Approval.objects.get(), remark="依据没有附")

    assert not BlockerType.objects.filter(label="改名").exists()


def test_a_new_line_is_typed_and_proposed(keeper, cast, story):
    words = {
        "code": "Z01", "head": "其他", "label": "演示新类", "gate": "survey_review", "level": "P", "lift": "N",
        "limit_days": "20", "limit_basis": "内部时限", "is_active": "on", "_save": "1",
    }  # fmt: skip
    with on_day(TODAY):
        assert keeper.post(at(TYPES, "add"), words).status_code == 302
        assert not BlockerType.objects.filter(code="Z01").exists()
        approve(actor=cast.city.actor, approval=Approval.objects.get())

    assert (BlockerType.objects.get(code="Z01").limit_days, str(BlockerType.objects.get(code="Z01"))) == (
        20, "Z01 演示新类",
    )  # fmt: skip


def test_every_fault_of_every_row_is_said_in_chinese_and_nothing_is_proposed(keeper, story):
    rows = sheet(keeper, TYPES)
    columns = {name: at for at, name in enumerate(rows[0])}
    rows[1][columns["受阻环节"]] = "不存在的环节"
    rows[2][columns["办理时限（工作日）"]] = "三十"
    rows[3][columns["编码"]] = None
    rows[4][columns["在用"]] = "也许"

    page = send(keeper, TYPES, book(rows)).content.decode()

    for words in (
        "受阻环节：“不存在的环节”不在可选值里", "办理时限（工作日）：“三十”不是1—999的整数", "编码：未填写",
        "在用：请填“是”或“否”",
    ):  # fmt: skip
        assert words in page
    assert "confirm" not in page
    assert Approval.objects.count() == 0


@pytest.mark.parametrize(
    ("upload", "format_"),
    [
        (SimpleUploadedFile("x.xlsx", b"PK\x03\x04broken"), "0"),
        (SimpleUploadedFile("x.xlsx", b"not a workbook"), "0"),
        (SimpleUploadedFile("x.csv", "编码,小类\nP03,改".encode("gb18030")), "1"),
        (SimpleUploadedFile("x.csv", b""), "1"),
    ],
    ids=["broken", "text", "gb18030", "empty"],
)
def test_a_file_that_cannot_be_read_is_said_so(keeper, story, upload, format_):
    answer = send(keeper, TYPES, upload, format_)

    assert answer.status_code == 200
    assert answer.context["form"].errors["import_file"]
    assert all("一" <= character <= "鿿" for character in str(answer.context["form"].errors["import_file"][0])[:1])


def test_an_upload_is_sealed_its_owners_alone_and_gone_after_use(keeper, cast, story, files, client):
    rows = sheet(keeper, TYPES)
    rows[1][2] = "改名"
    preview = send(keeper, TYPES, book(rows))
    (stored,) = files.iterdir()
    assert b"PK" not in stored.read_bytes()[:200]
    name = preview.context["confirm_form"].initial["import_file_name"]

    for forged in (name.replace(f"{cast.system_admin.person.pk}-", "1-", 1), "../keys/registry.keys", ""):
        words = {**preview.context["confirm_form"].initial, "import_file_name": forged, "confirm": "1"}
        assert keeper.post(at(TYPES, "process_import"), words).status_code in (200, 422)
        assert Approval.objects.count() == 0
    with on_day(TODAY):
        confirm(keeper, TYPES, preview)

    assert list(files.iterdir()) == []


def test_a_plan_from_a_day_on_moves_readiness_when_agreed_to(keeper, cast, story):
    made = GateStep.objects.filter(project=story.project, gate="first_registration").select_related("document").last()
    with on_day(TODAY):
        revoke_document(actor=cast.district.actor, document=made.document, revoked_on=TODAY, reason="登记有误")
    before = readiness_counts([story.project.id], on=TODAY)[story.project.id][("ready", "dwelling")]
    rows = sheet(keeper, PLANS)
    plan = next(row for row in rows if row[0] == story.project.get_housing_type_display())
    rows = [rows[0], [plan[0], plan[1].replace("、首次登记", ""), date(2022, 1, 1)]]
    with on_day(TODAY):
        confirm(keeper, PLANS, send(keeper, PLANS, book(rows)))
        approve(actor=cast.city.actor, approval=Approval.objects.get())

    assert GatePlan.objects.filter(effective_on=date(2022, 1, 1)).exists()
    after = readiness_counts([story.project.id], on=TODAY)[story.project.id][("ready", "dwelling")]
    assert (before, after) == (0, 12)


def test_an_organisation_is_registered_through_its_own_service(keeper, cast, story):
    rows = sheet(keeper, BODIES)[:1]
    rows.append(["YS-9001", "演示新部门", "新部门", "部门", cast.district.organisation.area_code, None, None, "是"])
    rows.append(["YS-9002", "演示坏码", None, "部门", "1101", None, None, "是"])
    with on_day(TODAY):
        confirm(keeper, BODIES, send(keeper, BODIES, book(rows)))
        approval = Approval.objects.get()
        with pytest.raises(DomainError, match="行政区划代码须为"):
            approve(actor=cast.city.actor, approval=approval)
    assert not Organisation.objects.filter(code__startswith="YS-900").exists(), "one refused line refuses all"

    with on_day(TODAY):
        confirm(keeper, BODIES, send(keeper, BODIES, book(rows[:2])))
        approve(actor=cast.city.actor, approval=Approval.objects.latest("pk"))
    assert Organisation.objects.get(code="YS-9001").name == "演示新部门"


def test_a_line_that_two_people_opened_is_merged_and_asked(keeper, cast, story):
    holiday = Holiday.objects.order_by("pk").first()
    url = reverse("admin:casework_holiday_change", args=[holiday.pk])
    opened = sent_by(keeper.get(url).content.decode(), with_field="seen")
    with fixture_writes():
        Holiday.objects.filter(pk=holiday.pk).update(name="甲节", notice="甲字1号")

    asked = keeper.post(url, {**opened, "name": "乙节"})

    assert "打开之后已被别人改为“甲节”" in asked.content.decode()
    assert not Approval.objects.exists()
    again = sent_by(asked.content.decode(), with_field="seen")
    assert again["name"] == ["乙节"]
    keeper.post(url, {**again, "notice": opened["notice"], "seen": opened["seen"], "name": "甲节"})
    assert not Approval.objects.exists(), "the other's value stays: nothing is left to change"
    keeper.post(url, again)
    first = Approval.objects.get().payload["lines"][0]["changes"][0]
    assert first[1:] == ["甲节", "乙节"]


def test_what_was_changed_between_reading_and_proposing_is_not_taken_back(cast, story):
    """The form compares before the lock; the proposal compares again under it, and so does one made again."""
    kept = BlockerType.objects.get(code="P03")
    resource = BlockerTypeResource()
    wanted = BlockerType.objects.get(code="P03")
    wanted.lead = "甲"
    line = line_of(resource, wanted, kept)
    with fixture_writes():
        BlockerType.objects.filter(code="P03").update(support="乙改的")
    with on_day(TODAY), refused("在您打开或读入之后已被别人改动", code="overtaken"):
        propose_reference(actor=cast.system_admin.actor, table="blocker_types", lines=[line], source="试")

    line = line_of(resource, wanted, BlockerType.objects.get(code="P03"))
    with on_day(TODAY):
        waiting = propose_reference(actor=cast.system_admin.actor, table="blocker_types", lines=[line], source="试")
    with fixture_writes():
        BlockerType.objects.filter(code="P03").update(paths="丙改的")
    with on_day(TODAY), refused("在您打开或读入之后已被别人改动", code="overtaken"):
        propose_again(actor=cast.system_admin.actor, approval=waiting)


@pytest.mark.parametrize("query", [{"code": "0", "e": "all"}, {"after": "x", "e": "1"}, {"code__lt": "²"}, {"p": "²"}])
def test_a_filter_that_the_table_does_not_have_leads_to_all_its_lines(keeper, cast, story, query):
    """Django has a page for it, drawn by a template of its own admin, which is not here."""
    page = keeper.get(at(TYPES, "changelist"), query, follow=True)

    assert page.status_code == 200
    assert "P03" in page.content.decode()
    assert [status for _, status in page.redirect_chain] in ([302], [302, 302], [])
