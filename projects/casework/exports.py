"""Lists of what people do about blockers: what to resolve first, tasks, policies, whistles."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from projects.casework.forms import LeverageFilter, TaskFilter, WhistleFilter
from projects.casework.selectors.agenda import AgendaKind, agenda_items
from projects.casework.selectors.best_moves import move_cards
from projects.casework.selectors.leverage import choices_of, last_run, leverage_of, rows_visible_to
from projects.casework.selectors.policies import (
    POLICY_ORDERS,
    lifts_of,
    policies_for,
    policy_by_code,
    policy_effect,
    proposals_of,
)
from projects.casework.selectors.tasks import TASK_ORDERS, meetings_for, open_tasks, task_choices, tasks_chosen
from projects.casework.selectors.whistles import WHISTLE_ORDERS, scores_of, whistle_choices, whistles_chosen
from projects.ledger.exports import of_project
from projects.ledger.selectors.projects import project_by_code
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.lists.exports import ExportList, Words, filters_in_words, no_filters
from registry.lists.orders import ordered

AGENDA: Final = 10  # things of a kind, as on the page


def _leverage(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    run = last_run()
    return rows_visible_to(actor, run, LeverageFilter(words, choices=choices_of(actor, run)).words)


def _leverage_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    run = last_run()
    found = [("截至", f"{run.as_of:%Y-%m-%d}")] if run else []
    return found + filters_in_words(LeverageFilter(words, choices=choices_of(actor, run)))


def _together(
    size: int, needs: Any, together: Any, freed: tuple[int, int], all_freed: tuple[int, int], is_unit: bool
) -> str:
    if size > 1:
        return f"{size}个一并化解"
    if needs:
        return f"须先化解{'、'.join(needs)}"
    if together:
        return f"连同{'、'.join(together)}，共打通{all_freed[0]:,}套、{all_freed[1]:,}间"
    if any(freed):
        return "可单独化解"
    return "仅影响个别户的受理、登簿，不影响打通" if is_unit else "所涉户本环节均已办结或可以办理"


def _row_together(row: Any) -> str:
    both = (row.homes_together, row.others_together)
    return _together(row.size, row.needs, row.together, (row.homes, row.others), both, row.is_unit_level)


def _move_together(move: Any) -> str:
    freed, both = move.freed, move.freed_together
    return _together(
        len(move.blockers), move.needs, move.together, (freed.homes, freed.others), (both.homes, both.others),
        move.is_unit_level,
    )  # fmt: skip


def _project_leverage(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return move_cards(leverage_of(project_by_code(actor, words.get("project", "")).id, on=on), None)


def _agenda(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    parts = {AgendaKind.MOVE: "一、优先化解的堵点", AgendaKind.OVERDUE: "二、逾期的堵点"}
    for item in agenda_items(actor, on, AGENDA):
        late = item.days if item.kind == AgendaKind.OVERDUE else None
        yield {
            "part": parts[item.kind], "what": item.title, "project": item.project, "holder": item.holder,
            "homes": item.homes if item.kind == AgendaKind.MOVE else None, "due_on": None, "late": late,
            "note": item.note,
        }  # fmt: skip
    for task in open_tasks(actor):
        late = (on - task.due_on).days
        yield {
            "part": "三、未完成的任务", "what": task.text, "project": task.project.name if task.project else "",
            "holder": str(task.owner), "homes": None, "due_on": task.due_on, "late": late if late > 0 else None,
            "note": f"{task.meeting.title}，{task.get_state_display()}",
        }  # fmt: skip


def _tasks(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    chosen = tasks_chosen(actor, TaskFilter(words, choices=task_choices(actor)).words, on)
    if words.get("meeting"):
        chosen = chosen.filter(meeting__code=words["meeting"]).order_by("id")
    if "order" in words:
        chosen = ordered(chosen, TASK_ORDERS, words)
    return [{"task": task, "late": _days_late(task, on)} for task in chosen]


def _days_late(task: Any, on: date) -> int:
    return max(0, (on - task.due_on).days) if task.state in ("open", "reported") else task.days_late


def _task_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    found = filters_in_words(TaskFilter(words, choices=task_choices(actor)))
    return [("会议、批示", words["meeting"]), *found] if words.get("meeting") else found


def _meetings(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return meetings_for(actor)


def _policies(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    rows: Iterable[Any] = ordered(policies_for(actor), POLICY_ORDERS, words)
    return rows


def _proposals(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return proposals_of(policy_by_code(actor, words.get("policy", "")), actor)


def _effect(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    policy = policy_by_code(actor, words.get("policy", ""))
    types = [lift.type_id for lift in lifts_of(policy)]
    return policy_effect(actor, types, on, district_code=policy.district_code)


def _policy_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    return [("政策", str(policy_by_code(actor, words.get("policy", ""))))]


def _whistles(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    chosen = whistles_chosen(actor, WhistleFilter(words, choices=whistle_choices(actor)).words)
    rows: Iterable[Any] = ordered(chosen, WHISTLE_ORDERS, words)
    return rows


def _whistle_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    return filters_in_words(WhistleFilter(words, choices=whistle_choices(actor)))


def _scores(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return scores_of(actor, on)


FREED: Final = (
    Column("holders", "责任单位", width=24),
    Column("homes", "打通住宅（套）", kind="int", width=12),
    Column("others", "打通商业、配套（间）", kind="int", width=12),
)

EXPORTS: Final = (
    ExportList(
        "leverage",
        "优先化解次序",
        Permission.BLOCKER_READ,
        (
            Column("place", "名次", kind="int", width=8),
            Column(
                "blockers", "拟化解的堵点", lambda row: "；".join(str(m.blocker) for m in row.members.all()), width=44
            ),
            Column("project", "项目", "project.name", width=22),
            Column("district", "区", "project.district_name", width=10),
            Column("township", "街道、乡镇", "project.township_name", width=14),
            *FREED,
            Column("together", "化解方式", _row_together, width=36),
            Column("days", "已历时（工作日）", kind="int", width=12),
        ),
        _leverage,
        _leverage_filters,
        frozen=2,
    ),
    ExportList(
        "project_leverage",
        "本项目优先化解次序",
        Permission.BLOCKER_READ,
        (
            Column(
                "blockers",
                "拟化解的堵点",
                lambda move: "；".join(f"{b.number} {b.label}" for b in move.blockers),
                width=44,
            ),
            FREED[0],
            Column("homes", "打通住宅（套）", "freed.homes", kind="int", width=12),
            Column("others", "打通商业、配套（间）", "freed.others", kind="int", width=12),
            Column("together", "化解方式", _move_together, width=36),
            Column("days", "已历时（工作日）", kind="int", width=12),
        ),
        _project_leverage,
        of_project,
    ),
    ExportList(
        "agenda",
        "专班例会议程",
        Permission.BLOCKER_READ,
        (
            Column("part", "部分", width=18),
            Column("what", "事项", width=40),
            Column("project", "项目", width=22),
            Column("holder", "责任单位", width=20),
            Column("homes", "打通住宅（套）", kind="int", width=12),
            Column("due_on", "期限", kind="date"),
            Column("late", "逾期（堵点按工作日，任务按日）", kind="int", width=16),
            Column("note", "说明", width=36),
        ),
        _agenda,
        no_filters,
        frozen=2,
    ),
    ExportList(
        "tasks",
        "任务",
        Permission.TASK_ANSWER,
        (
            Column("code", "编号", "task.code", kind="code", width=12),
            Column("text", "任务", "task.text", width=40),
            Column("meeting", "会议、批示", "task.meeting.title", width=24),
            Column("project", "项目", "task.project.name", width=22),
            Column("owner", "责任单位", lambda row: str(row["task"].owner), width=18),
            Column("due_on", "期限", "task.due_on", kind="date"),
            Column("original_due_on", "原定期限", "task.original_due_on", kind="date"),
            Column("late", "逾期（日）", kind="int", width=10),
            Column("done_on", "完成日期", "task.done_on", kind="date"),
            Column("state", "状态", lambda row: row["task"].get_state_display(), width=10),
        ),
        _tasks,
        _task_filters,
        frozen=2,
    ),
    ExportList(
        "meetings",
        "会议和批示",
        Permission.TASK_ANSWER,
        (
            Column("code", "编号", kind="code", width=12),
            Column("title", "名称", width=34),
            Column("kind", "种类", lambda row: "领导批示" if row.is_instruction else "会议", width=10),
            Column("held_on", "日期", kind="date"),
            Column("leader", "主持人、批示人", width=14),
            Column("organisation", "登记单位", lambda row: str(row.organisation), width=20),
            Column("number", "文号", kind="code", width=20),
            Column("count", "任务（项）", kind="int", width=10),
            Column("running", "在办（项）", kind="int", width=10),
        ),
        _meetings,
        no_filters,
        frozen=2,
    ),
    ExportList(
        "policies",
        "政策",
        Permission.POLICY_READ,
        (
            Column("code", "编号", kind="code", width=12),
            Column("number", "文号", kind="code", width=20),
            Column("title", "标题", width=34),
            Column("level", "层级", lambda row: row.get_level_display(), width=10),
            Column("organ", "发文机关", width=20),
            Column("lifts", "可解除的堵点", lambda row: "、".join(one.type.code for one in row.lifts.all()), width=18),
            Column("state", "状态", width=10),
            Column("issued_on", "发布", kind="date"),
            Column("proposed", "建议", kind="int", width=8),
            Column("used", "已适用", kind="int", width=8),
            Column("waiting", "待研究", kind="int", width=8),
        ),
        _policies,
        no_filters,
        frozen=3,
    ),
    ExportList(
        "proposals",
        "适用建议",
        Permission.POLICY_READ,
        (
            Column("blocker", "堵点", lambda row: str(row.blocker), width=34),
            Column("project", "项目", "blocker.project.name", width=22),
            Column("units", "涉及（户）", "blocker.units_caught", kind="int", width=11),
            Column("state", "状态", "state_label", width=12),
            Column("instrument", "所用文书", "instrument_code", kind="code", width=14),
            Column("reason", "不适用的原因", width=34),
        ),
        _proposals,
        _policy_filters,
    ),
    ExportList(
        "effect",
        "政策试算",
        Permission.POLICY_READ,
        (
            Column("code", "项目编号", "project.code", kind="code", width=12),
            Column("project", "项目", "project.name", width=22),
            Column("district", "区", "project.district_name", width=10),
            Column("blockers", "堵点", lambda row: "、".join(one.number for one in row.blockers), width=30),
            Column("homes", "打通住宅（套）", kind="int", width=12, total=True),
            Column("others", "商业和配套（间）", kind="int", width=12, total=True),
        ),
        _effect,
        _policy_filters,
        frozen=2,
    ),
    ExportList(
        "whistles",
        "吹哨报到",
        Permission.BLOCKER_READ,
        (
            Column("code", "编号", kind="code", width=12),
            Column("text", "事项", width=36),
            Column("project", "项目", "project.name", width=22),
            Column("blocker", "堵点", lambda row: str(row.blocker), width=30),
            Column("called_by", "吹哨单位", lambda row: str(row.called_by), width=18),
            Column("called_on", "吹哨", kind="date"),
            Column("meet_at", "到场", kind="date", width=18),
            Column("called", "应报到（家）", kind="int", width=10),
            Column("waiting", "未答复（家）", kind="int", width=12),
            Column("closed_on", "办结", kind="date"),
        ),
        _whistles,
        _whistle_filters,
        frozen=2,
    ),
    ExportList(
        "scores",
        "报到情况",
        Permission.BLOCKER_READ,
        (
            Column("name", "单位", width=24),
            Column("called", "应报到（次）", kind="int", width=10),
            Column("there_in_time", "按时报到（次）", kind="int", width=10),
            Column("answered", "已答复", kind="int", width=10),
            Column("late", "逾期答复（次）", kind="int", width=10),
            Column("sent_back", "被退回", kind="int", width=10),
        ),
        _scores,
        no_filters,
    ),
)
