"""Lists as workbooks: what is seen on the page, with the same filters, names and numbers masked as there."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from commitments.selectors.ledger import instrument_choices, promise_lines
from documents.metrics import BY_CODE
from projects.casework.selectors.leverage import choices_of, last_run, rows_visible_to
from projects.gates.selectors.blockers import BLOCKER_STATES, blockers_visible_to
from projects.gates.selectors.overview import Overview, overviews
from projects.ledger.filters import ProjectFilter
from projects.ledger.selectors.projects import project_by_code, projects_visible_to
from projects.progress.selectors import units_of
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.kernel.rates import format_rate, rate
from registry.kernel.stages import STAGES, Standing, Track, Use, stage_of

PROJECT_FIGURES: Final = (
    "due", "cleared", "registered", "ready", "collected", "accepted", "issued", "remaining", "others",
)  # fmt: skip
Words = Mapping[str, str]


@dataclass(frozen=True)
class ListExport:
    """One list: its name, who may take it, its columns, its rows by the page's own filters, and those in words."""

    title: str
    permission: Permission
    columns: tuple[Column, ...]
    rows: Callable[[Actor, Words, date], Iterable[Any]]
    filters: Callable[[Actor, Words], list[tuple[str, str]]]
    frozen: int = 1

    def shown(self, words: Words) -> tuple[Column, ...]:
        """The columns chosen on the page, all if none was; those that name a row always."""
        chosen = set(words.get("columns", "").split("、"))
        if "district" in chosen:
            chosen.add("township")
        kept = tuple(one for at, one in enumerate(self.columns) if at < self.frozen or one.name in chosen)
        return kept if len(kept) > self.frozen else self.columns


PROJECT_ORDERS: Final = {
    "code": ("code",), "name": ("name", "id"), "status": ("status", "code"), "place": ("township_code", "code"),
    "newest": ("-taken_in_on", "-id"),
}  # fmt: skip


BLOCKER_ORDERS: Final = {
    "newest": ("-found_on", "-id"), "number": ("number",), "project": ("project__code", "number"),
}  # fmt: skip


def _projects(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    order = PROJECT_ORDERS.get(words.get("order", ""), ("code",))
    chosen = list(ProjectFilter(words, queryset=projects_visible_to(actor)).qs.order_by(*order))
    figures = overviews([project.id for project in chosen], on=on)
    return [_project_line(project, figures[project.id]) for project in chosen]


def _project_line(project: Any, row: Overview) -> dict[str, Any]:
    return {
        "project": project,
        "status": project.get_status_display(),
        "housing_type": project.get_housing_type_display(),
        "developer": project.developer.name if project.developer else "",
        "issued_rate": format_rate(rate(row.issued, row.due)),
        **{code: BY_CODE[code].value(row) for code in PROJECT_FIGURES},
    }


def _project_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    form = ProjectFilter(words, queryset=projects_visible_to(actor)).form
    return [(field.label, _label(field, words[name])) for name, field in form.fields.items() if words.get(name)]


def _label(field: Any, value: str) -> str:
    return str(dict(getattr(field, "choices", ())).get(value, value))


def _units(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    project = project_by_code(actor, words.get("project", ""))
    return units_of(actor, project.id, filters=words, on=on).iterator(chunk_size=2000)


CHOSEN: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    ("use", "用途", {use.value: use.label for use in Use}),
    *((track.value, track.label, {stage.code: stage.label for stage in STAGES[track]}) for track in Track),
    ("standing", "状态", {standing.value: standing.label for standing in Standing}),
)


def _unit_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    project = project_by_code(actor, words.get("project", ""))
    found = [("项目", project.name)]
    if words.get("figure") in BY_CODE:
        found.append(("只看", BY_CODE[words["figure"]].label))
    if words.get("side"):
        found.append(("只看", "住宅" if words["side"] == "homes" else "商业、配套等"))
    found += [(label, choices.get(words[name], words[name])) for name, label, choices in CHOSEN if words.get(name)]
    typed = (("building", "楼栋"), ("entrance", "单元"), ("q", "查找"))
    return [*found, *((label, words[name]) for name, label in typed if words.get(name))]


def _stage(track: Track) -> Callable[[Any], object]:
    return lambda unit: stage_of(track, getattr(unit, track.value)).label if getattr(unit, track.value) else ""


def _blockers(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    chosen = blockers_visible_to(actor, query=words.get("q", ""), state=words.get("state", "open"))
    return chosen.order_by(*BLOCKER_ORDERS.get(words.get("order", ""), ("-units_caught", "number")))


def _blocker_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    found = [("状态", BLOCKER_STATES.get(words.get("state", "open"), "全部"))]
    return [*found, ("查找", words["q"])] if words.get("q") else found


def _leverage(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return rows_visible_to(actor, last_run(), words)


def _leverage_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    run = last_run()
    choices = choices_of(actor, run)
    found = [("截至", f"{run.as_of:%Y-%m-%d}")] if run else []
    labels = (("district", "区"), ("township", "街道、乡镇"), ("type", "堵点类型"), ("holder", "现在由谁办"))
    return found + [(label, dict(choices[name]).get(words[name], "")) for name, label in labels if words.get(name)]


def _together(row: Any) -> str:
    if row.size > 1:
        return f"{row.size}个一并解"
    if row.needs:
        return f"需要先解{'、'.join(row.needs)}"
    if row.together:
        return f"连同{'、'.join(row.together)}，共打通{row.homes_together:,}套、{row.others_together:,}间"
    if row.homes or row.others:
        return "单独可解"
    return "只卡单户的受理、登簿，不影响打通" if row.is_unit_level else "所涉的户，这一环节都已过或可过"


def _promises(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return promise_lines(actor, words, on)


def _promise_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    choices = instrument_choices(actor)
    labels = (("state", "状态"), ("kind", "种类"), ("district", "区"), ("issuer", "出具单位"), ("overdue", "逾期"))
    found = [(label, dict(choices[name]).get(words[name], "")) for name, label in labels if words.get(name)]
    return [*found, ("查找", words["q"])] if words.get("q") else found


LISTS: Final[Mapping[str, ListExport]] = {
    "projects": ListExport(
        "项目清单",
        Permission.PROJECT_READ,
        (
            Column("code", "编号", "project.code", kind="code", width=12),
            Column("name", "项目", "project.name", width=22),
            Column("district", "区", "project.district_name", width=10),
            Column("township", "街道、乡镇", "project.township_name", width=14),
            Column("housing_type", "房屋类型", width=12),
            Column("status", "状态", width=8),
            Column("issue", "主要问题", "project.primary_issue", width=10),
            Column("developer", "开发建设单位", width=24),
            *(
                Column(code, BY_CODE[code].label, kind="int", width=12, total=True, note=BY_CODE[code].definition)
                for code in PROJECT_FIGURES
            ),
            Column("issued_rate", "发证率", width=10),
            Column("officer", "责任人", "project.officer", width=12),
            Column("target_on", "计划清零", "project.target_on", kind="date"),
        ),
        _projects,
        _project_filters,
        frozen=2,
    ),
    "units": ListExport(
        "户清单",
        Permission.UNIT_READ,
        (
            Column("building", "楼栋", "building.name", width=10),
            Column("entrance", "单元", width=8),
            Column("floor", "楼层", width=8),
            Column("room", "户号", kind="code", width=10),
            Column("unit_code", "不动产单元号", kind="code", width=32),
            Column("use", "用途", lambda unit: unit.get_use_display(), width=8),
            Column("area", "建筑面积（m²）", kind="area", total=True),
            Column("holders", "权利人", "holders_masked", width=14),
            Column("agreement", "合同、协议号", "agreement_no", kind="code", width=18),
            Column("certificate", "办证", _stage(Track.CERTIFICATE), width=12),
            Column("certificate_on", "办到日期", kind="date"),
            Column("tax", "契税", _stage(Track.TAX), width=14),
            Column("fund", "维修资金", _stage(Track.FUND), width=10),
            Column("standing", "状态", lambda unit: unit.get_standing_display(), width=8),
            Column("remark", "备注", width=20),
        ),
        _units,
        _unit_filters,
        frozen=4,
    ),
    "blockers": ListExport(
        "堵点清单",
        Permission.BLOCKER_READ,
        (
            Column("number", "编号", kind="code", width=12),
            Column("title", "事由", width=28),
            Column("project", "项目", "project.name", width=22),
            Column("gate", "卡在", lambda row: row.get_gate_display(), width=12),
            Column("units_caught", "涉及（户）", kind="int", width=11),
            Column("units_at_fault", "过错（户）", kind="int", width=11),
            Column("responsible", "现在由谁办", lambda row: str(row.responsible or "未定"), width=18),
            Column("found_on", "发现", kind="date"),
            Column("resolved_on", "解决", kind="date"),
            Column("lift", "怎样可解", lambda row: row.type.get_lift_display(), width=20),
        ),
        _blockers,
        _blocker_filters,
        frozen=3,
    ),
    "promises": ListExport(
        "承诺事项台账",
        Permission.INSTRUMENT_READ,
        (
            Column("ordinal", "序号", kind="int", width=6),
            Column("district", "区", "instrument.project.district_name", width=8),
            Column("township", "街道、乡镇", "instrument.project.township_name", width=12),
            Column("code", "项目编号", "instrument.project.code", kind="code", width=11),
            Column("project", "项目", "instrument.project.name", width=18),
            Column("issuer", "承诺单位", lambda row: str(row.instrument.issuer), width=14),
            Column("number", "文号", lambda row: str(row.instrument), width=18),
            Column("letter_state", "函的状态", lambda row: row.instrument.get_state_display(), width=9),
            Column("blockers", "所解堵点", width=14),
            Column("item", "项", "promise.ordinal", kind="int", width=5),
            Column("end_state", "承诺事项", "promise.end_state", width=32),
            Column("place", "地点", "promise.place", width=12),
            Column("measure", "措施", "promise.measure", width=18),
            Column("responsible", "责任人", "promise.responsible", width=9),
            Column("original_due_on", "原定期限", "promise.original_due_on", kind="date"),
            Column("due_on", "现期限", "promise.due_on", kind="date"),
            Column("state", "状态", width=9),
            Column("days_late", "逾期（天）", kind="int", width=9),
            Column("reported_on", "报完成", kind="date"),
            Column("verifier", "核验单位", lambda row: str(row.promise.verifier), width=14),
            Column("verified_on", "核验日期", "promise.verified_on", kind="date"),
            Column(
                "homes", "涉及住宅（套）", kind="int", width=11, note="所担条款范围内的住宅，同一套可列在多项承诺下"
            ),
            Column("issued", "已发证（套）", kind="int", width=11, note="上述住宅中已发证的"),
        ),
        _promises,
        _promise_filters,
        frozen=2,
    ),
    "leverage": ListExport(
        "先解哪个",
        Permission.BLOCKER_READ,
        (
            Column("place", "名次", kind="int", width=8),
            Column(
                "blockers", "解这些堵点", lambda row: "；".join(str(m.blocker) for m in row.members.all()), width=44
            ),
            Column("project", "项目", "project.name", width=22),
            Column("district", "区", "project.district_name", width=10),
            Column("township", "街道、乡镇", "project.township_name", width=14),
            Column("holders", "现在由谁办", width=24),
            Column("homes", "打通住宅（套）", kind="int", width=12),
            Column("others", "打通商配（间）", kind="int", width=12),
            Column("together", "单独、一并", _together, width=36),
            Column("days", "已用（部门工作日）", kind="int", width=12),
        ),
        _leverage,
        _leverage_filters,
        frozen=2,
    ),
}
