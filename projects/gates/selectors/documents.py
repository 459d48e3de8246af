"""Basis documents of a project: what each one made, and whether it still stands."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from projects.gates.models import BasisDocument, GateStep
from projects.ledger.models import Project
from registry.kernel.authority import Actor
from registry.web.attachments.selectors import attachments_of_many


@dataclass(frozen=True)
class DocumentLine:
    """A document with the gates it made, in words."""

    document: BasisDocument
    steps: str
    standing: int
    revoked: int
    files: int

    @property
    def is_revoked(self) -> bool:
        """No step of it stands."""
        return not self.standing and self.revoked > 0


def documents_of(actor: Actor, project: Project) -> list[DocumentLine]:
    """List a project's documents, newest first, with what rests on each. Three queries."""
    documents = list(BasisDocument.objects.visible_to(actor).filter(project=project).order_by("-issued_on", "-id"))
    steps: dict[int, list[GateStep]] = defaultdict(list)
    rows = GateStep.objects.filter(project=project, document__isnull=False).select_related("building")
    for step in rows.order_by("building__number_order", "id"):
        steps[step.document_id].append(step)
    files = attachments_of_many(documents)
    return [
        DocumentLine(
            document,
            steps_in_words(steps[document.id]),
            sum(step.revoked_on is None for step in steps[document.id]),
            sum(step.revoked_on is not None for step in steps[document.id]),
            len(files[document.id]),
        )
        for document in documents
    ]


def steps_in_words(steps: Iterable[GateStep]) -> str:
    """Say what steps were made: 规划核验 36栋住宅，凭承诺."""
    groups: dict[tuple[str, str, str], int] = defaultdict(int)
    for step in steps:
        groups[(step.get_gate_display(), step.get_part_display() or "", step.get_status_display())] += (
            1 if step.building_id else 0
        )
    return "；".join(
        f"{gate} {f'{count}栋' if count else '全部楼栋'}{part}，{status}"
        for (gate, part, status), count in groups.items()
    )


def steps_of(document: BasisDocument) -> list[GateStep]:
    """List the steps that a document made, in the order of gates and buildings. One query."""
    found = GateStep.objects.filter(document=document).select_related("building")
    return list(found.order_by("gate", "building__number_order", "id"))
