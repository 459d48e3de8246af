"""Lists of what the registry keeps of itself: people, organisations, approvals, acts, jobs."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from registry.accounts import selectors as accounts
from registry.accounts.forms import PeopleFilter
from registry.accounts.services import APPROVALS, kinds_decided_by
from registry.audit import selectors as audit
from registry.audit.forms import ActFilter
from registry.jobs.selectors import job_lines, jobs_visible_to
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.kernel.errors import Refused
from registry.lists.exports import ExportList, Words, filters_in_words, no_filters
from registry.store.clock import true_now

EVERY: Final = 100_000
KEEPERS: Final = (Permission.ACCOUNT_MANAGE, Permission.ACCOUNT_APPROVE)


def _people(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    _require_keeper(actor)
    wanted = PeopleFilter(words)
    given = wanted.cleaned_data if wanted.is_valid() else {}
    everybody = accounts.people(actor, text=given.get("q", ""), role=given.get("role", ""))
    return accounts.person_rows(list(everybody.order_by("name", "pk")), on=on)


def _require_keeper(actor: Actor) -> None:
    """As the pages of accounts: either of the rights that keep them."""
    if not actor.can(Permission.ACCOUNT_APPROVE):
        actor.require(Permission.ACCOUNT_MANAGE)


def _roles(row: Any) -> str:
    return "；".join(
        f"{role.role}，{role.organisation}{f'（{role.project}）' if role.project else ''}"
        f"{f'，至{role.ends:%Y-%m-%d}' if role.ends else ''}"
        for role in row.roles
    )


def _account_state(row: Any) -> str:
    if not row.person.is_active:
        return "已停用"
    if not row.person.has_usable_password():
        return "待授权"
    return "待首次登录" if row.person.must_change_password else "在用"


def _people_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    return filters_in_words(PeopleFilter(words))


def _organisations(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    _require_keeper(actor)
    return accounts.organisation_tree(actor)


def _waiting(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return accounts.approvals_waiting(actor, kinds_decided_by(actor))


def _proposed(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return list(accounts.own_proposals(actor, limit=EVERY))


def _acts(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    wanted = ActFilter(words, actor=actor)
    given = wanted.cleaned_data if wanted.is_valid() else {}
    chain = given.get("project")
    if chain is None and not audit.may_read_chain(actor, 0):
        raise Refused("未选择项目。请在操作记录页选择项目后导出。", code="no_project")
    matching = audit.acts(
        actor,
        chain=chain or 0,
        events=given.get("event", ()) or (["—"] if words.get("event") else ()),
        who=given.get("who", ""),
        starts=given.get("starts"),
        ends=given.get("ends"),
    )
    return matching.order_by("-seq")


def _act_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    return filters_in_words(ActFilter(words, actor=actor)) or [("范围", "系统")]


def _jobs(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return job_lines(jobs_visible_to(actor)[:EVERY], now=true_now())


EXPORTS: Final = (
    ExportList(
        "people",
        "人员",
        None,
        (
            Column("name", "姓名", "person.name", width=12),
            Column("username", "登录名", "person.username", kind="code", width=16),
            Column("organisation", "所在单位", lambda row: str(row.person.organisation or ""), width=24),
            Column("roles", "职责", _roles, width=44),
            Column("phone", "电话", "person.phone_masked", kind="code", width=16),
            Column("state", "状态", _account_state, width=12),
        ),
        _people,
        _people_filters,
    ),
    ExportList(
        "organisations",
        "单位",
        None,
        (
            Column("code", "编码", "organisation.code", kind="code", width=16),
            Column("short", "单位", lambda row: f"{row.indent}{row.organisation}", width=30),
            Column("name", "全称", "organisation.name", width=34),
            Column("kind", "类别", width=14),
            Column("area", "区划代码", "organisation.area_code", kind="code", width=14),
            Column("prefix", "机关代字", "organisation.document_prefix", width=14),
            Column("active", "在用", "organisation.is_active", width=8),
            Column("people", "人员", kind="int", width=8),
        ),
        _organisations,
        no_filters,
        frozen=2,
    ),
    ExportList(
        "approvals",
        "待我复核",
        None,
        (
            Column("kind", "类别", lambda row: APPROVALS[row.kind].label, width=18),
            Column("title", "事项", width=50),
            Column("proposed_by", "提请人", lambda row: str(row.proposed_by or "系统规则"), width=18),
            Column("proposed_at", "提请时间", kind="date", width=18),
            Column("reason", "理由", width=36),
        ),
        _waiting,
        no_filters,
    ),
    ExportList(
        "proposed",
        "我提请的",
        None,
        (
            Column("status", "状态", accounts.status_label, width=12),
            Column("title", "事项", width=50),
            Column("proposed_at", "提请时间", kind="date", width=18),
            Column("decided_by", "复核人", lambda row: str(row.decided_by or ""), width=18),
            Column("decided_at", "复核时间", kind="date", width=18),
            Column("remark", "意见", width=36),
        ),
        _proposed,
        no_filters,
    ),
    ExportList(
        "acts",
        "操作记录",
        Permission.AUDIT_READ,
        (
            Column("seq", "序号", kind="int", width=10),
            Column("recorded_at", "时间", kind="date", width=18),
            Column("who", "办理", lambda act: audit.happening(act).who, width=24),
            Column("text", "操作内容", lambda act: audit.happening(act).text, width=60),
            Column("reason", "理由", width=30),
        ),
        _acts,
        _act_filters,
    ),
    ExportList(
        "jobs",
        "后台任务",
        Permission.JOB_READ,
        (
            Column("label", "任务", "job.label", width=40),
            Column("who", "提出人", width=24),
            Column("state", "状态", lambda line: line.job.get_state_display(), width=10),
            Column("stage", "阶段", "job.stage", width=18),
            Column("done", "已做", "job.done", kind="int", width=10),
            Column("total", "共", "job.total", kind="int", width=10),
            Column("created_at", "提出", "job.created_at", kind="date", width=18),
            Column("finished_at", "结束", "job.finished_at", kind="date", width=18),
            Column("error", "原因", "job.error", width=44),
        ),
        _jobs,
        no_filters,
    ),
)
