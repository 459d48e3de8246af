"""Accounts by list: opened and proposed as one, agreed to by another, first passwords printed once."""

import io
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from documents.render.template_xlsx import write_template
from registry.accounts.lists import ACCOUNT_COLUMNS
from registry.accounts.models import Approval, Assignment, Person
from registry.audit.models import Act
from registry.kernel.authority import Role
from registry.store.root import project_model
from tests.factories.accounts import Cast, Player, lay_assignment, lay_person, sign_in
from tests.factories.projects import Estate, lay_estate

pytestmark = pytest.mark.django_db
ROWS: tuple[dict[str, Any], ...] = (
    {"organisation": "D-TF", "name": "王示例", "username": "wangsl", "phone": "19900000001", "role": "区专班"},
    {"organisation": "D-REG", "name": "李示例", "username": "lisl", "role": "登记中心"},
)


def send(player: Player, *rows: dict[str, Any]) -> Any:
    """Upload a list and open its preview."""
    content = write_template(ACCOUNT_COLUMNS, title="账号清单", rows=list(rows))
    file = SimpleUploadedFile("账号.xlsx", content)
    return sign_in(player).post("/documents/lists/new/accounts/", {"file": file}, follow=True)


def carried_out(player: Player, *rows: dict[str, Any]) -> Approval:
    preview = send(player, *rows)
    session = preview.context["session"]
    done = sign_in(player).post(f"/documents/imports/{session.pk}/accept/", follow=True)
    assert done.status_code == 200
    approval: Approval = Approval.objects.get(kind="assignment.list")
    return approval


def agreed(cast: Cast, approval: Approval) -> Client:
    client = sign_in(cast.security_admin)
    answer = client.post(f"/approvals/{approval.pk}/", {"decision": "approve", "remark": ""})
    assert answer["Location"] == f"/approvals/{approval.pk}/"
    return client


def test_a_list_becomes_accounts_roles_and_one_page_a_person(cast: Cast) -> None:
    approval = carried_out(cast.system_admin, *ROWS)
    wang = Person.objects.get(username="wangsl")
    assert (wang.name, wang.phone_masked, wang.has_usable_password()) == ("王示例", "199****0001", False)
    assert not Assignment.objects.filter(person=wang).exists(), "no right before another person agreed"

    client = agreed(cast, approval)
    page = client.get(f"/approvals/{approval.pk}/").content.decode()
    assert f"/documents/passwords/{approval.pk}/" in page
    assert "王示例（wangsl），朝阳区专班，区专班" in page
    printed = client.post(f"/documents/passwords/{approval.pk}/")

    assert (printed["Content-Type"], "no-store" in printed["Cache-Control"]) == ("application/pdf", True)
    with pikepdf.open(io.BytesIO(printed.content)) as document:
        assert len(document.pages) == 2
    held = {role.person.username: role.role for role in Assignment.objects.filter(proposed_by=cast.system_admin.person)}
    assert held == {"wangsl": Role.DISTRICT.value, "lisl": Role.REGISTRATION_CENTRE.value}
    assert all(person.has_usable_password() for person in Person.objects.filter(username__in=held))
    assert Act.objects.latest("id").event == "passwords.printed"


def test_passwords_are_printed_once_and_by_whoever_may_agree(cast: Cast) -> None:
    approval = carried_out(cast.system_admin, *ROWS)
    assert (
        "授权尚未复核同意" in sign_in(cast.security_admin).post(f"/documents/passwords/{approval.pk}/").content.decode()
    )
    client = agreed(cast, approval)

    assert sign_in(cast.system_admin).post(f"/documents/passwords/{approval.pk}/").status_code == 403
    assert sign_in(cast.strange_district).post(f"/documents/passwords/{approval.pk}/").status_code == 404
    assert client.post(f"/documents/passwords/{approval.pk}/").status_code == 200
    again = client.post(f"/documents/passwords/{approval.pk}/")
    assert "初始密码已经打印过" in again.content.decode()
    assert again["Content-Type"].startswith("text/html")


def test_who_proposed_neither_agrees_nor_prints(cast: Cast) -> None:
    approval = carried_out(cast.district, ROWS[0])
    assert (
        "不能是同一人"
        in sign_in(cast.district).post(f"/approvals/{approval.pk}/", {"decision": "approve"}).content.decode()
    )
    assert Approval.objects.get(pk=approval.pk).status == "waiting"

    sign_in(cast.district_second).post(f"/approvals/{approval.pk}/", {"decision": "approve"})
    assert "提请的人不能打印" in sign_in(cast.district).post(f"/documents/passwords/{approval.pk}/").content.decode()
    assert (
        sign_in(cast.district_second).post(f"/documents/passwords/{approval.pk}/")["Content-Type"] == "application/pdf"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"organisation": "X-9"}, "没有编码为X-9的单位"),
        ({"role": "税务"}, "不设“税务”"),
        ({"username": "9a"}, "须以小写字母开头"),
        ({"username": "township"}, "已是另一个人的账号"),
        ({"seat_project": "CY-1"}, "没有编号为CY-1的项目"),
        ({"starts": "2019-01-01"}, "开始日期不得早于今日"),
        ({"organisation": "S-TF"}, "未找到这条记录"),
    ],
)
def test_a_line_that_cannot_be_an_account_says_why_and_the_others_go_on(
    cast: Cast, change: dict[str, Any], said: str
) -> None:
    by = cast.district if change.get("organisation") == "S-TF" else cast.system_admin
    page = send(by, {**ROWS[0], **change}, ROWS[1])

    assert said in page.content.decode()
    assert (page.context["session"].refused, page.context["session"].added) == (1, 1)
    assert not Person.objects.filter(username="lisl").exists(), "a preview writes nothing"


def test_two_lines_of_one_name_are_refused_both(cast: Cast) -> None:
    page = send(cast.system_admin, ROWS[0], {**ROWS[1], "username": "wangsl"})

    assert page.context["session"].refused == 2
    assert "一人一号" in page.content.decode()


def test_somebody_with_an_account_keeps_it_and_its_password(cast: Cast) -> None:
    known = lay_person(username="lisl", name="李示例", organisation=cast.centre.organisation)
    before = known.password
    approval = carried_out(cast.system_admin, *ROWS)
    client = agreed(cast, approval)

    with pikepdf.open(io.BytesIO(client.post(f"/documents/passwords/{approval.pk}/").content)) as document:
        assert len(document.pages) == 1, "wangsl alone has none yet"
    assert Person.objects.get(username="lisl").password == before


def test_a_list_rests_on_the_accounts_as_they_were(cast: Cast) -> None:
    approval = carried_out(cast.system_admin, *ROWS)
    wang = Person.objects.get(username="wangsl")
    lay_assignment(wang, cast.township.organisation, Role.TOWNSHIP)

    page = sign_in(cast.security_admin).post(f"/approvals/{approval.pk}/", {"decision": "approve"}).content.decode()

    assert "提请以后情况有变" in page
    assert not wang.assignments.filter(role=Role.DISTRICT).exists()


def test_a_developers_line_names_its_project_and_its_district_decides(cast: Cast) -> None:
    estate: Estate = lay_estate(cast)
    row = {
        "organisation": "D-DEV",
        "name": "赵示例",
        "username": "zhaosl",
        "role": "开发商现场",
        "seat_project": estate.project.code,
    }
    approval = carried_out(cast.system_admin, row)

    assert approval.area_code == "110105"
    agreed(cast, approval)
    assert Assignment.objects.get(person__username="zhaosl").project_key == project_model().objects.get().pk
