"""What a project has of buildings, steps and blockers, as rows of its lists: sent back, they change nothing."""

from datetime import date
from typing import Any, Final

from projects.gates.models import Blocker, BlockerVersion, GateStep
from projects.ledger.models import Building, Project
from registry.audit.recording import canonical
from registry.kernel.gates import Gate, StepStatus
from registry.kernel.scope import NOTHING, Scope, scope_of
from registry.kernel.stages import Feature, Part, Use
from registry.lists.rows import Known

FAULTS: Final = {
    Feature.NONE: "", Feature.MEZZANINE: "有夹层", Feature.ALTERED_USE: "擅改用途",
    Feature.MEZZANINE | Feature.ALTERED_USE: "有夹层、擅改用途",
}  # fmt: skip


def step_keys(project: Project) -> set[tuple[Any, ...]]:
    """Return what stands recorded: number, gate, conclusion, day, part, building (None: all). One query."""
    rows = GateStep.objects.filter(project=project, revoked_on__isnull=True, document__isnull=False)
    return set(rows.values_list("document__number", "gate", "status", "effective_on", "part", "building"))


def documents_of(project: Project) -> dict[tuple[str, str], tuple[str, date]]:
    """Return title and day of the documents whose steps stand, by number and organ. One query."""
    standing = GateStep.objects.filter(project=project, revoked_on__isnull=True, document__isnull=False)
    rows = standing.values_list("document__number", "document__organ", "document__title", "document__issued_on")
    return {(number, organ): (title, issued_on) for number, organ, title, issued_on in rows}


def blocker_keys(project: Project) -> dict[tuple[Any, ...], str]:
    """Return the cause of what the project's blockers were, in each version; not those withdrawn. One query."""
    rows = BlockerVersion.objects.filter(blocker__project=project, blocker__withdrawn_reason="").values_list(
        "blocker__type__code", "blocker__found_on", "blocker__title", "scope", "blocker__cause"
    )
    return {(code, found_on, title, canonical(scope)): cause for code, found_on, title, scope, cause in rows}


def words_of_scope(project: Project) -> dict[str, tuple[Blocker, BlockerVersion, Known | None]]:
    """Return each blocker by number, with its last version and that as the columns say it. Two queries."""
    numbers = dict(Building.objects.filter(project=project).values_list("id", "number"))
    rows = BlockerVersion.objects.filter(blocker__project=project, blocker__withdrawn_reason="")
    return {
        one.blocker.number: (one.blocker, one, _scope_words(one, numbers))
        for one in rows.select_related("blocker__type").order_by("effective_on", "id")
    }


def known_buildings(project: Project) -> list[Known]:
    """Return the buildings of a project, a row each. One query."""
    return [
        {
            "project": project.code, "number": one.number, "name": one.name, "construction_no": one.construction_no,
            "police_no": one.police_no, "survey_no": one.survey_no, "occupied_on": one.occupied_on,
        }
        for one in Building.objects.filter(project=project).order_by("number_order", "id")
    ]  # fmt: skip


def known_steps(project: Project) -> list[Known]:
    """Return the standing steps of a project, a row each building of a document. One query."""
    rows = GateStep.objects.filter(project=project, revoked_on__isnull=True, document__isnull=False)
    return [
        {
            "project": project.code,
            "gate": Gate(one.gate).label,
            "status": StepStatus(one.status).label,
            "buildings": one.building.number if one.building is not None else "",
            "part": Part(one.part).label if one.part else "",
            "document_no": one.document.number,
            "title": one.document.title,
            "organ": one.document.organ,
            "issued_on": one.document.issued_on,
            "effective_on": one.effective_on,
        }
        for one in rows.select_related("document", "building").order_by("document_id", "building__number_order", "id")
    ]


def known_blockers(project: Project) -> list[Known]:
    """Return the blockers whose scope the columns can say, a row each, as they stand now. Two queries."""
    return [
        {
            "project": project.code, "number": number, "type": blocker.type.code, "title": blocker.title,
            "found_on": blocker.found_on, "cause": blocker.cause, **said,
        }
        for number, (blocker, _, said) in sorted(words_of_scope(project).items())
        if said is not None
    ]  # fmt: skip


def _scope_words(version: BlockerVersion, numbers: dict[int, str]) -> Known | None:
    """The scope and the fault of a version as the columns say them; None if they can't."""
    if not version.scope:
        return None  # resolved in between: it catches nobody
    [term, *more] = version.scope
    named = term["in"]
    if more or term["out"] or set(named) - {"buildings", "uses"} or set(named.get("buildings", ())) - set(numbers):
        return None
    words: Known = {
        "buildings": "、".join(numbers[key] for key in named.get("buildings", ())),
        "uses": "、".join(Use(one).label for one in named.get("uses", ())),
    }
    scope, at_fault = Scope.from_data(version.scope), canonical(version.at_fault)
    for fault, label in FAULTS.items():
        stated = scope & scope_of(features=fault) if fault else NOTHING
        if canonical(stated.to_data()) == at_fault:
            return {**words, "fault": label}
    return None
