"""Two windows on one form: the second is told who changed what, chooses, and reverts nothing; in a browser."""

from typing import TYPE_CHECKING, Any

import pytest

from documents.setup.people import load_people
from documents.setup.reference import load_demo_areas, load_reference
from projects.ledger.models import Project
from projects.ledger.services.projects import take_in_project
from registry.accounts.models import Assignment
from registry.kernel.authority import Role, system_actor
from registry.store.clock import shanghai_day, true_now
from tests.journeys.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "CY-0200"


def test_the_second_of_two_windows_chooses_and_loses_nothing(
    page: "Page", browser: "Browser", live_server: Any
) -> None:
    load_reference()
    load_demo_areas()
    load_people()
    take_in_project(
        actor=system_actor("测试"), code=CODE, name="演示小区", township_code="110105028", housing_type="resettlement",
        taken_in_on=shanghai_day(true_now()),
    )  # fmt: skip
    keepers = Assignment.objects.filter(role=Role.DISTRICT.value, organisation__area_code="110105")
    names = list(keepers.order_by("person_id").values_list("person__username", flat=True).distinct())
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    first, second = Desk(page, live_server.url), Desk(context.new_page(), live_server.url)
    first.sign_in(names[0])
    second.sign_in(names[-1])
    for desk in (first, second):
        desk.go(f"/projects/{CODE}/plan/")

    first.fill(plan="先补消防", officer="王一")
    first.press("保存")
    second.fill(plan="先办首登", leader="张一")
    second.press("保存")

    assert "一项目一策：打开表单之后已被别人改过" in second.text
    assert "保留现在的：先补消防" in second.text
    assert second.page.input_value("[name=leader]") == "张一"
    second.page.check("[name=pick_plan][value=theirs]")
    second.press("保存")
    assert second.page.url.endswith(f"/projects/{CODE}/")
    context.close()
    project = Project.objects.get(code=CODE)
    assert (project.plan, project.officer, project.leader) == ("先补消防", "王一", "张一")
