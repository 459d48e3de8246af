"""Lists of projects, of their figures and of what was done."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from projects.gates.metrics import BY_CODE
from projects.gates.selectors.overview import Overview, overviews
from projects.ledger.exports import of_project
from projects.ledger.filters import ProjectFilter
from projects.ledger.selectors.counts import present_counts
from projects.ledger.selectors.names import building_by_number, names_of
from projects.ledger.selectors.projects import PROJECT_ORDERS, issue_words, project_by_code, projects_visible_to
from registry.audit.selectors import chain_timeline
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.kernel.rates import rate_text
from registry.kernel.stages import STAGES, Track
from registry.lists.exports import ExportList, Words, label_of, no_filters
from registry.lists.orders import ordered

PROJECT_FIGURES: Final = (
    "due", "unassessed", "cleared_assessed", "registered", "ready", "collected", "accepted", "issued", "remaining", "others",
)  # fmt: skip
PROGRESS: Final = (
    ("due", "应办"), ("unassessed", "未研判"), ("cleared_assessed", "已打通"), ("ready", "可办"),
    ("collected", "已收材料"), ("tax", "已完税"), ("fund", "维修资金已交清"), ("accepted", "已受理"), ("recorded", "已登簿"),
    ("issued", "已发证"),
)  # fmt: skip
NAMED: Final = (
    Column("code", "编号", "project.code", kind="code", width=12),
    Column("name", "项目", "project.name", width=22),
    Column("district", "区", "project.district_name", width=10),
    Column("township", "街道、乡镇", "project.township_name", width=14),
)
LONGEST_HISTORY: Final = 100_000
SIDES: Final = ((True, "住宅", "套"), (False, "商业、配套", "间"))


def _projects(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    chosen = list(ordered(ProjectFilter(words, queryset=projects_visible_to(actor)).qs, PROJECT_ORDERS, words))
    figures = overviews([project.id for project in chosen], on=on)
    words_of = issue_words()
    return [_project_line(project, figures[project.id], words_of) for project in chosen]


def _project_line(project: Any, row: Overview, issues: Mapping[str, str]) -> dict[str, Any]:
    return {
        "project": project,
        "status": project.get_status_display(),
        "issue": issues.get(project.primary_issue, ""),
        "housing_type": project.get_housing_type_display(),
        "developer": project.developer.name if project.developer else "",
        "cleared_rate": rate_text(row.cleared_assessed, row.assessed),
        "issued_rate": rate_text(row.issued, row.due),
        **{code: BY_CODE[code].value(row) for code in PROJECT_FIGURES},
    }


def _project_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    form = ProjectFilter(words, queryset=projects_visible_to(actor)).form
    return [(field.label, label_of(field, words[name])) for name, field in form.fields.items() if words.get(name)]


def _progress(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    chosen = list(projects_visible_to(actor).order_by("code", "id"))
    rows = overviews([project.id for project in chosen], on=on)
    for project in chosen:
        row = rows[project.id]
        reached = {name: row.reached(name) for name in ("collected", "accepted", "recorded")}
        yield {
            "project": project,
            "due": row.due,
            "unassessed": row.unassessed,
            "cleared_assessed": row.cleared_assessed,
            "cleared_rate": rate_text(row.cleared_assessed, row.assessed),
            "ready": row.ready,
            "issued": row.issued,
            "tax": row.counts.reached("tax", "settled"),
            "fund": row.counts.reached("fund", "settled"),
            "issued_rate": rate_text(row.issued, row.due),
            **reached,
        }


def _track(track: Track) -> ExportList:
    """The counts by stage of one track, homes and the others apart, as on its page."""

    def rows(actor: Actor, words: Words, on: date) -> Iterable[Any]:
        chosen = list(projects_visible_to(actor).order_by("code", "id"))
        counts = present_counts([project.id for project in chosen])
        for project in chosen:
            own = counts[project.id]
            cells = {
                f"{stage.code}_{'homes' if homes else 'others'}": own.at(track.value, stage.code, dwelling=homes)
                for homes, _, _ in SIDES
                for stage in STAGES[track]
            }
            yield {"project": project, **cells}

    columns = tuple(
        Column(
            f"{stage.code}_{'homes' if homes else 'others'}",
            f"{side}{stage.label}（{unit}）",
            kind="int",
            width=14,
            total=True,
        )
        for homes, side, unit in SIDES
        for stage in STAGES[track]
    )
    return ExportList(
        track.value, f"{track.label}清单", Permission.UNIT_READ, (*NAMED, *columns), rows, no_filters, frozen=2
    )


def _names(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    project = project_by_code(actor, words.get("project", ""))
    return names_of(building_by_number(project, words.get("building", "")))


def _names_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    return [*of_project(actor, words), ("楼栋", words.get("building", ""))]


def _history(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return chain_timeline(chain=project_by_code(actor, words.get("project", "")).id, limit=LONGEST_HISTORY)


EXPORTS: Final = (
    ExportList(
        "projects",
        "项目清单",
        Permission.PROJECT_READ,
        (
            *NAMED,
            Column("housing_type", "房屋类型", width=12),
            Column("status", "状态", width=8),
            Column("issue", "主要问题", width=28),
            Column("developer", "开发建设单位", width=24),
            *(
                Column(code, BY_CODE[code].label, kind="int", width=12, total=True, note=BY_CODE[code].definition)
                for code in PROJECT_FIGURES
            ),
            Column("cleared_rate", "打通率", width=10),
            Column("issued_rate", "发证率", width=10),
            Column("officer", "责任人", "project.officer", width=12),
            Column("target_on", "计划清零", "project.target_on", kind="date"),
        ),
        _projects,
        _project_filters,
        frozen=2,
    ),
    ExportList(
        "progress",
        "办证进度",
        Permission.UNIT_READ,
        (
            *NAMED,
            *(Column(name, f"{label}（套）", kind="int", width=12, total=True) for name, label in PROGRESS),
            Column("cleared_rate", "打通率", width=10),
            Column("issued_rate", "发证率", width=10),
        ),
        _progress,
        no_filters,
        frozen=2,
    ),
    _track(Track.TAX),
    _track(Track.FUND),
    ExportList(
        "names",
        "户名对照",
        Permission.UNIT_PLACE,
        (
            Column("unit", "户", lambda row: str(row.unit), kind="code", width=16),
            Column("scheme", "编号体系", lambda row: row.get_scheme_display(), width=12),
            Column("text", "名称", kind="code", width=20),
            Column("starts", "自", kind="date"),
        ),
        _names,
        _names_filters,
    ),
    ExportList(
        "history",
        "项目记录",
        Permission.PROJECT_READ,
        (
            Column("at", "时间", kind="date", width=18),
            Column("who", "办理", width=20),
            Column("text", "操作内容", width=60),
            Column("reason", "理由", width=30),
        ),
        _history,
        of_project,
    ),
)
