"""What a brief says of a project, from the figures and lists that its page shows."""

from datetime import date
from typing import Any, Final

from commitments.choices import KEPT, RUNNING
from commitments.models import Obligation
from documents.papers.kinds import ProjectBrief
from projects.casework.selectors.tasks import RUNNING as TASK_RUNNING
from projects.casework.selectors.tasks import tasks_for
from projects.gates.metrics import BY_CODE
from projects.gates.panels import sentence
from projects.gates.selectors.building import blockers_of
from projects.gates.selectors.facts import facts_of
from projects.gates.selectors.overview import Overview, overview_of
from projects.gates.selectors.pauses import running_pauses
from projects.ledger.models import Project
from projects.ledger.models.project import NoteKind, ProgressNote
from projects.ledger.selectors.counts import present_counts
from projects.ledger.selectors.projects import days_past_plan
from registry.kernel.authority import Actor
from registry.kernel.gates import Gate, compute_gates
from registry.kernel.stages import Use

FIGURES: Final = ("due", "cleared_assessed", "registered", "collected", "issued", "remaining")


def brief_snapshot(*, project: Project, actor: Actor, on: date) -> dict[str, Any]:
    """Return the brief of a project as primitives. About twenty queries."""
    row = overview_of(project.id, on=on, counts=present_counts([project.id])[project.id])
    promises = (
        Obligation.objects.visible_to(actor)
        .filter(letter__instrument__project=project, letter__instrument__state__in=RUNNING)
        .exclude(state__in=KEPT)
        .select_related("letter__instrument__issuer")
        .order_by("due_on", "id")
    )
    tasks = tasks_for(actor).filter(project=project, state__in=TASK_RUNNING).order_by("due_on", "id")
    notes = ProgressNote.objects.filter(project=project, kind=NoteKind.NEXT).order_by("-noted_on", "-id")
    return ProjectBrief.snapshot(
        issuer=actor.organisation_name,
        issued_on=on,
        name=project.name,
        facts=_facts(project, on),
        figures=[(BY_CODE[code].label, BY_CODE[code].value(row)) for code in _shown_of(row)],
        sentence="".join(sentence(row)),
        gates=_gates(project, on),
        blockers=[
            (
                f"{blocker.number} {blocker.title}",
                str(blocker.responsible or "未确定"),
                blocker.units_caught,
                (on - blocker.found_on).days,
            )
            for blocker in blockers_of(project.id)
            if blocker.resolved_on is None
        ],
        promises=[
            (
                promise.end_state,
                str(promise.letter.instrument.issuer),
                promise.due_on.isoformat(),
                max(0, (on - promise.due_on).days),
            )
            for promise in promises
        ],
        tasks=[
            (task.text, str(task.owner), task.due_on.isoformat(), max(0, (on - task.due_on).days)) for task in tasks
        ],
        steps=[note.text for note in notes[:2]],
        pauses=[
            f"{pause.organ}自{pause.starts:%Y-%m-%d}起暂停受理，{pause.units:,}户尚未受理：{pause.reason}"
            for pause in running_pauses(actor, on=on, project=project)
        ],
    )


def _shown_of(row: Overview) -> list[str]:
    return ["unassessed" if code == "cleared_assessed" and row.unassessed_projects else code for code in FIGURES]


def _facts(project: Project, on: date) -> list[tuple[str, str]]:
    developer = project.developer
    condition = f"（{developer.get_condition_display()}）" if developer else ""
    late = days_past_plan(project, on)
    years = "—".join(dict.fromkeys(str(year) for year in (project.occupied_from, project.occupied_to) if year))
    return [
        ("所属乡镇、街道", f"{project.district_name}{project.township_name}"),
        ("坐落", project.location),
        ("开发建设单位", f"{developer.name}{condition}" if developer else ""),
        ("入住", f"{years}年" if years else ""),
        ("责任领导", project.leader),
        ("责任人", project.officer),
        ("项目状态", project.get_status_display()),
        ("计划清零", f"{project.target_on:%Y-%m-%d}{f'（逾期{late}日）' if late else ''}" if project.target_on else ""),
    ]


def _gates(project: Project, on: date) -> list[tuple[str, int, int]]:
    facts = facts_of([project.id])[project.id]
    table = compute_gates(facts, on=on)
    planned = {gate for plan in facts.at(on).plans for gate in plan}
    homes = table.count("all", uses=[Use.DWELLING])
    return [
        (gate.label, table.count(f"passed:{gate.value}", uses=[Use.DWELLING]), homes)
        for gate in Gate
        if gate in planned and not gate.is_unit_level
    ]
