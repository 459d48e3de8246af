"""Policies by table: a new line is a draft, a draft's line changes it; what is issued stays, nothing is issued."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from projects.casework.models import LiftProposal, Policy, PolicyLift
from projects.casework.services.policies import change_policy, draft_policy, end_policy, issue_policy
from projects.gates.models import BlockerType
from registry.accounts.models import Approval
from registry.accounts.services import approve
from registry.kernel.authority import Role, system_actor
from registry.kernel.errors import DomainError
from tests.documents.reference.files import POLICIES, at, book, confirm, faults, send, sheet
from tests.factories.accounts import (
    STRANGE_DISTRICT,
    Cast,
    Player,
    lay_assignment,
    lay_organisation,
    lay_person,
    sign_in,
)  # fmt: skip
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import digest, last_act

CONDITION = "企业已进入破产程序；追缴单位已确定"


def draft(actor: Any, number: str, district_code: str = "", **lifts: str) -> Policy:
    types = {
        BlockerType.objects.get(code=code): words for code, words in (lifts or {"F01": CONDITION, "J01": ""}).items()
    }
    with on_day(TODAY):
        made: Policy = draft_policy(
            actor=actor, level="supporting", title=f"关于{number or '一事'}的通知", organ="市规自委", lifts=types,
            number=number, district_code=district_code,
        )  # fmt: skip
    return made


@pytest.fixture
def second(cast: Cast) -> Player:
    """Another person of the city's task force."""
    place = lay_organisation(code="C-TF")
    person = lay_person(username="city.second", name="甲二", organisation=place)
    return Player(person, place, lay_assignment(person, place, Role.CITY))


@pytest.fixture
def client(cast: Cast, story: Estate) -> Any:
    return sign_in(cast.city)


@pytest.fixture
def drafted(cast: Cast, story: Estate) -> Policy:
    return draft(cast.city.actor, "×规自发〔2022〕1号")


@pytest.fixture
def issued(cast: Cast, story: Estate) -> Policy:
    made = draft(cast.city.actor, "×规自发〔2022〕2号")
    with on_day(TODAY):
        policy: Policy = issue_policy(actor=system_actor("试"), policy=made, issued_on=TODAY, first=None)
    return policy


def lines(client: Any) -> tuple[dict[str, int], list[list[Any]]]:
    rows = sheet(client, POLICIES)
    return {name: n for n, name in enumerate(rows[0])}, rows


def changed(client: Any, policy: Policy, **cells: Any) -> list[list[Any]]:
    """The exported table with some cells of one policy changed."""
    columns, rows = lines(client)
    line = next(row for row in rows if row[0] == policy.code)
    for name, value in cells.items():
        line[columns[name]] = value
    return rows


NEW = {
    "层级": "一事一策（N）", "文号": None, "标题": "演示新政策", "发文机关": "市专班", "适用的区": "全市",
    "可解除的堵点和条件": "P04：已书面承诺移交期限；P03", "要点": "配套限期移交的，住宅先行登记。",
}  # fmt: skip


def new(**cells: Any) -> list[list[Any]]:
    line = {**NEW, **cells}
    return [["编号", *line], [None, *line.values()]]


def agree(second: Player) -> None:
    with on_day(TODAY):
        approve(actor=second.actor, approval=Approval.objects.get())


def test_every_policy_is_exported_with_its_state(cast, client, drafted, issued):
    with on_day(TODAY):
        over = issue_policy(
            actor=system_actor("试"), policy=draft(cast.city.actor, "×旧〔2022〕1号"), issued_on=TODAY, first=None
        )
        end_policy(actor=cast.city.actor, policy=over, on=TODAY, reason="另有规定")
    columns, rows = lines(client)

    assert [(row[columns["文号"]], row[columns["状态"]]) for row in rows[1:]] == [
        ("×旧〔2022〕1号", "已废止"), ("×规自发〔2022〕2号", "有效"), ("×规自发〔2022〕1号", "草稿"),
    ]  # fmt: skip
    assert rows[2][columns["可解除的堵点和条件"]] == f"F01：{CONDITION}；J01"
    assert (rows[2][columns["发布日期"]], rows[2][columns["适用的区"]]) == ("2022-03-08", "全市")


def test_export_then_import_changes_nothing(client, drafted, issued):
    preview = send(client, POLICIES, book(sheet(client, POLICIES)))
    before = digest()

    assert preview.context["result"].totals["skip"] == 2
    assert confirm(client, POLICIES, preview).status_code == 422
    assert digest() == before


def test_a_new_line_becomes_a_draft_when_another_agrees_and_nothing_is_issued(cast, client, second):
    preview = send(client, POLICIES, book(new()))
    page = preview.content.decode()
    assert '<ins class="">演示新政策</ins>' in page
    assert "不发布、不废止任何政策" in page
    with on_day(TODAY):
        assert confirm(client, POLICIES, preview).url == at(POLICIES, "changelist")
    assert not Policy.objects.exists(), "nothing is drafted before somebody agrees"
    approval = Approval.objects.get()
    assert (approval.kind, approval.title) == ("reference.policies", "改定政策1条")
    shown = sign_in(second).get(reverse("accounts:approval", args=[approval.pk])).content.decode()
    assert "可解除的堵点和条件：P03；P04：已书面承诺移交期限" in shown

    agree(second)

    made = Policy.objects.get()
    assert (made.code, made.state, made.level, made.number) == (f"Z-{made.pk:04d}", "草稿", "single", "")
    assert (made.drafted_by, made.issued_by, made.issued_on) == (cast.city.person, None, None)
    assert dict(made.lifts.values_list("type__code", "condition")) == {"P03": "", "P04": "已书面承诺移交期限"}
    assert (last_act().event, LiftProposal.objects.count()) == ("policy.drafted", 0)


def test_one_cell_of_a_draft_changed_is_that_change_proposed_then_made(client, drafted, issued, second):
    preview = send(client, POLICIES, book(changed(client, drafted, 可解除的堵点和条件="F01；J01")))
    page = preview.content.decode()
    assert preview.context["result"].totals["update"] == 1
    assert f"<del>F01：{CONDITION}；J01</del> <ins>F01；J01</ins>" in page
    with on_day(TODAY):
        confirm(client, POLICIES, preview)
    [line] = Approval.objects.get().payload["lines"]
    assert line["changes"] == [["可解除的堵点和条件", f"F01：{CONDITION}；J01", "F01；J01"]]

    agree(second)

    assert dict(drafted.lifts.values_list("type__code", "condition")) == {"F01": "", "J01": ""}
    assert PolicyLift.objects.filter(policy=issued).count() == 2
    assert last_act().event == "policy.changed"


@pytest.mark.parametrize("cells", [{"标题": "改名"}, {"可解除的堵点和条件": "F01"}, {"层级": "总意见（1）"}])
def test_a_line_of_an_issued_policy_is_refused_by_name(client, issued, cells):
    answer = send(client, POLICIES, book(changed(client, issued, **cells)))

    assert faults(answer) == [f"2 {issued.number}已于2022-03-08发布，不能改。需要调整的，另发一份并废止这份。"]
    assert Approval.objects.count() == 0


@pytest.mark.parametrize("cells", [{"状态": "有效"}, {"发布日期": "2022-03-08"}, {"废止日期": date(2022, 3, 8)}])
def test_a_file_issues_and_ends_nothing(client, drafted, cells):
    [name] = cells

    answer = send(client, POLICIES, book(changed(client, drafted, **cells)))

    assert faults(answer) == [f"2 {name}：不能用文件改。发布、废止请到政策页面办理，由另一名人员复核。"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"标题": None}, "标题：此字段不能为空"),
        ({"层级": "部门文件"}, "层级：“部门文件”不在可选值里"),
        ({"适用的区": "330106"}, "适用的区：“330106”不是本市的区"),
        ({"可解除的堵点和条件": None}, "可解除的堵点和条件：未选择可解除的堵点类型"),
        ({"可解除的堵点和条件": "欠地价"}, "可解除的堵点和条件：无法识别“欠地价”"),
        ({"可解除的堵点和条件": "F01；F01：甲"}, "可解除的堵点和条件：F01重复填写。"),
        ({"可解除的堵点和条件": "Z99"}, "可解除的堵点和条件：没有Z99这类堵点"),
        ({"可解除的堵点和条件": "L06"}, "可解除的堵点和条件：L06 集体土地上的房屋（小产权房）不能凭政策解除"),
        ({"文号": "×规自发〔2022〕1号"}, "文号：已有同一份：Z-"),
        ({"标题": "长" * 121}, "标题：确保该"),
    ],
)
def test_every_fault_of_a_new_line_is_named_by_its_column(client, drafted, cells, said):
    before = digest()

    [found] = faults(send(client, POLICIES, book(new(**cells))))

    assert found.startswith(f"2 {said}"), found
    assert digest() == before


def test_a_code_of_no_policy_is_a_slip_not_a_new_policy(client, story):
    rows = new()
    rows[1][0] = "Z-9999"

    assert faults(send(client, POLICIES, book(rows))) == [
        "2 编号：没有“Z-9999”这份政策。新起草的不填编号，同意后由系统编。"
    ]


def test_the_same_new_policy_twice_in_a_file_is_refused(client, story):
    rows = new()

    assert faults(send(client, POLICIES, book([*rows, rows[1]]))) == [
        "3 文号：这个文号（没有文号的看标题）在文件里出现了两次。同一份只留一行。"
    ]


def test_issued_between_preview_and_confirmation_nothing_is_proposed(client, drafted):
    preview = send(client, POLICIES, book(changed(client, drafted, 标题="改名")))
    with on_day(TODAY):
        issue_policy(actor=system_actor("试"), policy=drafted, issued_on=TODAY, first=None)

    answer = confirm(client, POLICIES, preview)

    assert (answer.status_code, Approval.objects.count()) == (422, 0)
    assert "预览后数据已有变动" in answer.content.decode()


def test_issued_between_proposal_and_consent_nothing_is_changed(client, drafted, second):
    with on_day(TODAY):
        confirm(client, POLICIES, send(client, POLICIES, book(changed(client, drafted, 标题="改名"))))
        issue_policy(actor=system_actor("试"), policy=drafted, issued_on=TODAY, first=None)
    before = digest()

    with pytest.raises(DomainError, match="情况有变"):
        agree(second)

    assert digest() == before


def test_who_proposed_does_not_agree(cast, client, story):
    with on_day(TODAY):
        confirm(client, POLICIES, send(client, POLICIES, book(new())))

    with pytest.raises(DomainError, match="不能是同一人"):
        agree(cast.city)
    assert not Policy.objects.exists()


def test_a_district_drafts_for_itself_and_the_city_agrees(cast, story):
    district = sign_in(cast.district)
    assert faults(send(district, POLICIES, book(new()))) == [
        "2 适用的区：区专班只能写本区的政策。全市的政策由市级专班起草。"
    ]

    with on_day(TODAY):
        confirm(district, POLICIES, send(district, POLICIES, book(new(适用的区="110105"))))
        with pytest.raises(DomainError, match="未找到该提请事项"):
            approve(actor=cast.district_second.actor, approval=Approval.objects.get())
        approve(actor=cast.city.actor, approval=Approval.objects.get())

    made = Policy.objects.get()
    assert (made.district_code, made.drafted_by, made.state) == ("110105", cast.district.person, "草稿")


def test_a_district_changes_no_draft_of_the_city_and_sees_none_of_another(cast, story, drafted):
    strange = draft(cast.strange_district.actor, "×海专班〔2022〕1号", STRANGE_DISTRICT)
    district = sign_in(cast.district)
    rows = sheet(district, POLICIES)
    assert [row[0] for row in rows[1:]] == [drafted.code]

    answer = send(district, POLICIES, book(changed(district, drafted, 适用的区="110105")))
    assert faults(answer) == ["2 适用的区：区专班只能写本区的政策。全市的政策由市级专班起草。"]
    rows[1][0] = strange.code
    assert faults(send(district, POLICIES, book(rows))) == [
        f"2 编号：没有“{strange.code}”这份政策。新起草的不填编号，同意后由系统编。"
    ]


def test_a_district_takes_no_draft_of_the_city_over_by_hand_either(cast, story, drafted):
    before = digest()

    with on_day(TODAY), pytest.raises(DomainError, match="只能写本区"):
        change_policy(
            actor=cast.district.actor, policy=drafted, level="single", title="拿走", organ="区专班",
            lifts={BlockerType.objects.get(code="F01"): ""}, district_code="110105",
        )  # fmt: skip

    assert digest() == before


def test_the_table_is_there_for_who_reads_policies(cast, story, drafted):
    assert "政策" in [row[0] for row in sign_in(cast.auditor).get(reverse("admin:index")).context["rows"]]
    auditor = sign_in(cast.auditor)
    assert len(sheet(auditor, POLICIES)) == 2
    assert auditor.get(at(POLICIES, "import")).status_code == 403

    keeper = sign_in(cast.system_admin)
    assert "政策" not in [row[0] for row in keeper.get(reverse("admin:index")).context["rows"]]
    for page in ("changelist", "import", "export"):
        assert keeper.get(at(POLICIES, page)).status_code == 403
    assert sign_in(cast.department).get(at(POLICIES, "changelist")).status_code == 403


def test_a_policy_is_opened_on_its_own_page(client, drafted):
    page = client.get(at(POLICIES, "changelist")).content.decode()

    assert f'href="{reverse("casework:policy", args=[drafted.code])}"' in page
    assert f'href="{reverse("casework:draft_policy")}"' in page
