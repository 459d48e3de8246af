"""Every refusal of ledger, gates and progress that no other test meets: its words, its code, its field."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from projects.gates.services import describe_blocker, withdraw_blocker
from projects.gates.services.reference import state_gate_plan
from projects.ledger.choices import AliasKind, ApplicantKind, DeveloperCondition, ProjectStatus
from projects.ledger.models import Developer, Project, Tally
from projects.ledger.services.buildings import keep_building
from projects.ledger.services.participation import set_participation
from projects.ledger.services.particulars import add_alias, name_applicant, set_developer
from projects.ledger.services.projects import change_project, take_in_project, take_out_project
from projects.progress.models import Residual
from projects.progress.services.distinct_projects import mark_distinct, unmark_distinct
from projects.progress.services.residual import close_out, propose_residual, sign_residuals
from projects.progress.services.split import split_project
from registry.accounts.services.areas import require_area
from registry.kernel.errors import DomainError
from registry.store.guard import act_writes, fixture_writes
from registry.web.attachments.services import Upload
from tests.factories.accounts import lay_organisation
from tests.factories.projects import PLACED, TODAY, Estate, lay_blocker, move, on_day, project_words
from tests.projects.test_trials import _left_over, join, keep_apart

pytestmark = pytest.mark.django_db
CREDIT_CODE = "91110105MA0000000Y"


def say(estate: Estate, *, withdrawn: bool = False, **words: str) -> Any:
    blocker = lay_blocker(estate)
    if withdrawn:
        withdraw_blocker(actor=estate.cast.district.actor, blocker=blocker, reason="登记错了项目")
    return describe_blocker(actor=estate.cast.district.actor, blocker=blocker, words=words)


def empty_plan(_: Estate) -> Any:
    with transaction.atomic(), act_writes():
        return state_gate_plan.__wrapped__(housing_type="commodity", gates=[], effective_on=TODAY)


def building(estate: Estate, number: str = "", **more: Any) -> Any:
    words = {"words": {}, "number": number or estate.buildings[0].number, **more}
    return keep_building(actor=estate.cast.district.actor, project=estate.project, **words)


def merged(estate: Estate) -> Project:
    """A project that has gone into the estate's."""
    join(estate)(estate.cast.district.actor)
    absorbed: Project = Project.objects.get(merged_into=estate.project)
    return absorbed


def earlier_part(estate: Estate) -> Any:
    court = lay_organisation(code="D-COURT", name="区法院", kind="court", area_code="110105")
    words = {
        "actor": estate.cast.district.actor, "project": estate.project, "organisations": [court], "takes_part": True, "reason": "会议",
    }  # fmt: skip
    set_participation(**words, effective_on=TODAY)
    return set_participation(**words, effective_on=TODAY - timedelta(days=9))


def alias(estate: Estate, text: str) -> Any:
    return add_alias(actor=estate.cast.district.actor, project=estate.project, kind=AliasKind.FORMER, text=text)


def developer(estate: Estate, name: str, code: str = "") -> Any:
    return set_developer(
        actor=estate.cast.district.actor, project=estate.project, name=name, credit_code=code,
        condition=DeveloperCondition.OPERATING,
    )  # fmt: skip


def anothers_code(estate: Estate) -> Any:

    with fixture_writes():
        Developer.objects.create(name="演示甲公司", credit_code=CREDIT_CODE)
    return developer(estate, "演示乙公司", CREDIT_CODE)


def part(estate: Estate, *, project: Project | None = None, on: date = TODAY, reason: str = "分期") -> Any:
    return split_project(
        actor=estate.cast.district.actor, project=project or estate.project, building_ids=[estate.buildings[0].id],
        code="CY-9006", name="二期", on=on, reason=reason,
    )  # fmt: skip


def leave_over(estate: Estate, units: list[int]) -> Any:
    return propose_residual(
        actor=estate.cast.district.actor, project=estate.project, unit_ids=units, reason="unreachable",
        evidence="三次送达无人", review_on=date(2022, 9, 1), uploads=[Upload("回证.pdf", b"%PDF-1.7")],
    )  # fmt: skip


def sign_what_is_issued(estate: Estate) -> Any:
    keys = _left_over(estate)
    with fixture_writes():
        for row in Residual.objects.select_related("unit"):
            type(row.unit).objects.filter(pk=row.unit_id).update(certificate="issued")
    return sign_residuals(actor=estate.cast.district.actor, project=estate.project, residual_ids=keys)


def sign_nothing(estate: Estate) -> Any:
    return sign_residuals(actor=estate.cast.district.actor, project=estate.project, residual_ids=[999_999])


def zero(estate: Estate, status: ProjectStatus = ProjectStatus.ZEROED, now: ProjectStatus | None = None) -> Any:
    if now is not None:
        with fixture_writes():
            Project.objects.update(status=now.value)
    return close_out(actor=estate.cast.district.actor, project=estate.project, status=status, on=TODAY)


def zero_of_nothing(estate: Estate) -> Any:
    with on_day(PLACED):
        bare = take_in_project(actor=estate.cast.district.actor, **project_words(estate.cast, code="CY-9009"))
    return close_out(actor=estate.cast.district.actor, project=bare, status=ProjectStatus.ZEROED, on=TODAY)


def move_what_is_not_counted(estate: Estate) -> Any:
    """The counts were tampered with: nothing is moved off an account that is not there."""
    with fixture_writes():
        Tally.objects.all().delete()
    return move(estate, estate.homes[:1], "notified", TODAY)


def judge(estate: Estate, *, back: bool = False) -> Any:
    act = keep_apart(estate)
    if back:
        judged = act(estate.cast.district.actor)
        return unmark_distinct(actor=estate.cast.district.actor, apart=judged, reason=" ")
    twin = Project.objects.get(code="CY-9007")
    return mark_distinct(actor=estate.cast.district.actor, project=estate.project, other=twin, reason=" ")


# name: what is done, the words of the refusal, its code, the field that it stands under
REFUSALS: dict[str, tuple[Callable[[Estate], Any], str, str, str | None]] = {
    "a blocker withdrawn said anew": (lambda e: say(e, withdrawn=True, cause="甲"), "已经撤销，不能再改", "refused", None),
    "a blocker's number said anew": (lambda e: say(e, number="1"), "以下内容不能在本页修改：number", "refused", None),
    "a blocker of no title": (lambda e: say(e, title=" "), "事由不能为空", "refused", "title"),
    "a blocker said as it is": (lambda e: say(e), "内容未作修改", "unchanged", None),
    "a plan of no gate": (empty_plan, "至少要有一个环节", "refused", "gates"),
    "a building of no number": (lambda e: building(e, " "), "未填写楼号", "refused", "number"),
    "a building of a merged project": (
        lambda e: keep_building(actor=e.cast.district.actor, project=merged(e), number="3", words={}),
        "已并入另一个项目。请在合并后的项目登记楼栋", "refused", None,
    ),
    "a building of no name": (
        lambda e: building(e, words={"name": ""}, is_whole=True), "楼栋名称不能为空", "refused", "name",
    ),
    "a building as it is": (lambda e: building(e), "资料没有变动", "unchanged", None),
    "a part from before the last": (earlier_part, "新的日期不得早于该日", "refused", "organisations"),
    "a name of nothing": (lambda e: alias(e, " "), "未填写名称", "refused", "text"),
    "a name that stands": (lambda e: alias(e, e.project.name), "已列入本项目名称", "refused", "text"),
    "a developer of no name": (lambda e: developer(e, " "), "未填写开发建设单位名称", "refused", "name"),
    "another firm's code": (anothers_code, "与填写的名称不同", "refused", "credit_code"),
    "an applicant of no name": (
        lambda e: name_applicant(
            actor=e.cast.district.actor, project=e.project, kind=ApplicantKind.AGENT, name=" ", basis="×1号",
            effective_on=TODAY,
        ), "未填写承继或代办主体的名称", "refused", "name",
    ),
    "a project of no name": (
        lambda e: change_project(actor=e.cast.district.actor, project=e.project, changes={"name": " "}, effective_on=TODAY),
        "项目名称不能为空", "refused", "name",
    ),
    "a project taken out without a reason": (
        lambda e: take_out_project(actor=e.cast.district.actor, project=e.project, reason=" "),
        "未填写原因", "refused", "reason",
    ),
    "a project with homes taken out": (
        lambda e: take_out_project(actor=e.cast.district.actor, project=e.project, reason="编号写错"),
        "不能退出台账", "refused", None,
    ),
    "apart without a reason": (lambda e: judge(e), "请写明判定为不同项目的理由", "refused", "reason"),
    "alike again without a reason": (lambda e: judge(e, back=True), "请写明撤销判定的理由", "refused", "reason"),
    "nobody left over": (lambda e: leave_over(e, [999_999]), "未选择户，或所选户不都在本项目内", "refused", "unit_ids"),
    "a signature under nothing": (sign_nothing, "这次提请已办过，或已重新提请", "refused", None),
    "a signature for who is issued": (sign_what_is_issued, "已发证，无需列为余户。请退回重提", "refused", None),
    "a status that is no end": (lambda e: zero(e, ProjectStatus.ISSUING), "这里只办清零和销号", "refused", "status"),
    "closed before zero": (lambda e: zero(e, ProjectStatus.CLOSED), "尚未清零，不能销号", "refused", "status"),
    "zero twice": (lambda e: zero(e, now=ProjectStatus.ZEROED), "项目已是“清零”", "refused", "status"),
    "zero of nothing": (zero_of_nothing, "项目尚无房屋，不能清零", "refused", None),
    "a split without a reason": (lambda e: part(e, reason=" "), "未填写拆分原因", "refused", "reason"),
    "a split before the project": (
        lambda e: part(e, on=e.project.taken_in_on - timedelta(days=1)), "拆分日期不得早于纳入日期", "refused", "on",
    ),
    "a split of a merged project": (lambda e: part(e, project=merged(e)), "不能再拆分", "refused", None),
    "a count that was taken away": (move_what_is_not_counted, "台账计数与户的状态不一致", "refused", None),
    "an area of no name": (lambda _: require_area("110105", " ", "代码表"), "未填写名称", "refused", "name"),
    "an area of no source": (lambda _: require_area("110105", "朝阳区", " "), "未填写来源", "refused", "source"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_it_is_refused_in_words(estate: Estate, name: str) -> None:
    act, words, code, field = REFUSALS[name]

    with on_day(TODAY), pytest.raises(DomainError, match=words) as caught:
        act(estate)

    assert (caught.value.code, caught.value.field) == (code, field)
