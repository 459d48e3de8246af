"""Checks that the condition of a C type is met: recorded before a letter or decision may lift it."""

from datetime import date

from projects.gates.models import Blocker, ConditionCheck, LiftKind
from projects.gates.services.blockers import BlockerRefused, own_blocker
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.store.acts import Row, current_act, write


@write(Permission.BLOCKER_UPDATE, on="blocker", once=True)
def check_condition(
    *, actor: Actor, blocker: Blocker, checked_on: date, document: str, finding: str = ""
) -> ConditionCheck:
    """Record that the condition of a blocker's type was checked and is met, by which paper.

    Refused: a type without condition, a blocker resolved or withdrawn, no paper, a day ahead. Source: domain §1.4 C.
    """
    blocker = own_blocker(actor, blocker)
    act = current_act()
    if blocker.type.lift != LiftKind.CONDITIONAL:
        raise BlockerRefused(f"{blocker.number}（{blocker.type.label}）不属于附条件的类型，无需核查条件。")
    if blocker.withdrawn_reason or blocker.resolved_on is not None:
        raise BlockerRefused(f"{blocker.number}已解决或撤销，无需再核查条件。")
    if not document.strip():
        raise BlockerRefused("未填写依据。请填写文件名称和文号，如房屋安全鉴定报告2021-06号。", field="document")
    check: ConditionCheck = ConditionCheck.objects.create(
        blocker=blocker,
        condition=blocker.type.condition,
        document=document.strip(),
        finding=finding.strip(),
        checked_on=checked_on,
        checked_by=f"{actor.organisation_name} {actor.name}".strip(),
        recorded_at=act.recorded_at,
        act_id=act.id,
    )

    record(
        event="condition.checked",
        subject=blocker,
        chain=blocker.project_id,
        facts={"number": blocker.number, "condition": check.condition, "document": check.document, "on": checked_on},
        rows=[Row.added(check, "document")],
    )
    return check
