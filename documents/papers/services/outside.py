"""Papers of other systems, by number and scan: of the registration centre, of organs that enforce.

Source: domain §11.8, words §5.4: acceptance, supplement, refusal and announcement come from the registry's own system.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from documents.papers.models import OutsideKind, OutsidePaper
from documents.papers.powers import PaperRefused
from projects.ledger.locks import lock_project, lock_unit
from projects.ledger.models import Project, Unit
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.store.acts import Row, current_act, write
from registry.store.locks import lock
from registry.web.attachments.services import Upload, attach

# Who records a kind: the organ whose paper it is. Source: words §5.4.
RECORDED_BY: Final[Mapping[str, frozenset[Role]]] = {
    **dict.fromkeys(
        (OutsideKind.ACCEPTANCE, OutsideKind.SUPPLEMENT, OutsideKind.REFUSAL, OutsideKind.ANNOUNCEMENT),
        frozenset({Role.REGISTRATION_CENTRE}),
    ),
    OutsideKind.TOLERANCE: frozenset({Role.REGISTRATION_CENTRE, Role.DEPARTMENT}),
    OutsideKind.ORDER: frozenset({Role.DEPARTMENT, Role.TOWNSHIP}),
}
OF_HOMES: Final = frozenset({OutsideKind.ACCEPTANCE, OutsideKind.SUPPLEMENT, OutsideKind.REFUSAL})
WITH_DUE: Final = frozenset({OutsideKind.SUPPLEMENT, OutsideKind.TOLERANCE, OutsideKind.ORDER})


def kinds_for(actor: Actor) -> list[tuple[str, str]]:
    """Return the kinds that an actor records, as choices. No query."""
    return [(kind.value, kind.label) for kind in OutsideKind if actor.role in RECORDED_BY[kind]]


@write(Permission.DOCUMENT_ISSUE, on="project", once=True)
def record_outside_paper(
    *,
    actor: Actor,
    project: Project,
    unit: Unit | None,
    kind: str,
    number: str,
    issued_on: date,
    due_on: date | None = None,
    note: str = "",
    uploads: Sequence[Upload] = (),
) -> OutsidePaper:
    """Record a paper of the actor's organisation that another system made, with its scan.

    Refused: a kind that is another organ's; one of a home without the home, a home of another project; no number, one
    that is recorded already; a day for handing in that is none, or lies before the paper.
    """
    act, declared, said = current_act(), OutsideKind(kind), number.strip()
    if actor.is_system or actor.organisation_id is None or actor.role not in RECORDED_BY[declared]:
        raise PaperRefused(
            f"{declared.label}由出具机关登记，{actor.role.label}不能登记。", code="no_power", field="kind"
        )
    if unit is None and declared in OF_HOMES:
        raise PaperRefused(f"{declared.label}是一户的文书。请从该户的页面登记。", field="kind")
    if not said:
        raise PaperRefused("未填写编号。请按原件填写。", field="number")
    if (declared in WITH_DUE) != (due_on is not None):
        wanted = "须填写补交、改正的期限" if declared in WITH_DUE else "没有期限，请留空"
        raise PaperRefused(f"{declared.label}{wanted}。", field="due_on")
    if due_on is not None and due_on < issued_on:
        raise PaperRefused(f"期限不能早于文书日期{issued_on}。", field="due_on")
    if unit is not None:
        current = lock_unit(unit)
        if current.building.project_id != project.id:
            raise PaperRefused("这一户不在本项目内，没有登记。请从本项目的户页面办理。", field="unit")
    else:
        lock_project(project.id)
    taken = OutsidePaper.objects.filter(
        organ=actor.organisation_id, kind=declared, number=said, voided_on__isnull=True
    ).first()
    if taken is not None:
        raise PaperRefused(f"{taken}已登记，日期{taken.issued_on}。请核对编号。", code="number_taken", field="number")
    paper: OutsidePaper = OutsidePaper.objects.create(
        project=project,
        unit=unit,
        kind=declared,
        number=said,
        organ_id=actor.organisation_id,
        issued_on=issued_on,
        due_on=due_on,
        note=note.strip(),
        recorded_by_id=actor.person_id,
        act_id=act.id,
    )
    record(
        event="outside_paper.recorded",
        subject=paper,
        chain=project.id,
        facts={"kind": declared.label, "number": said, "of": f"{unit.building}{unit}" if unit else project.name},
        rows=[Row.added(paper, "kind", "number", "issued_on", "due_on")],
    )
    if uploads:
        attach.within(actor=actor, subject=paper, uploads=uploads)
    return paper


@write(Permission.DOCUMENT_ISSUE, on="paper")
def void_outside_paper(*, actor: Actor, paper: OutsidePaper, reason: str) -> OutsidePaper:
    """Strike out a paper that was recorded by mistake; it stays readable.

    Refused: another organ's, one that is void, no reason.
    """
    current = lock(paper)
    if current.organ_id != actor.organisation_id:
        raise PaperRefused(f"{current}由{current.organ}登记，作废由登记单位办理。", code="not_own")
    if current.voided_on is not None:
        raise PaperRefused(f"{current}已经作废。", code="void")
    if not reason.strip():
        raise PaperRefused("未填写作废原因。", field="reason")
    current.voided_on, current.void_reason = current_act().today, reason.strip()
    current.save(update_fields=["voided_on", "void_reason"])
    record(
        event="outside_paper.voided",
        subject=current,
        chain=current.project_id,
        facts={"kind": current.get_kind_display(), "number": current.number},
        reason=reason,
        rows=[Row.changed(current, {"voided_on": None})],
    )
    return current
