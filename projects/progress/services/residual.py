"""Zero means zero: each unit issued, or left over for a listed reason with evidence, review and a second signature."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from projects.ledger.choices import ProjectStatus
from projects.ledger.locks import lock_project, lock_units
from projects.ledger.models import Project, Unit
from projects.ledger.services.projects import set_project_status
from projects.progress.models import Hold, Residual
from projects.progress.selectors.zero import zero_count
from projects.progress.services.standing import change_standing
from registry.accounts.models import Approval
from registry.accounts.services.approvals import end_proposals, propose
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.periods import Month
from registry.kernel.stages import HOLD_REASONS, RESIDUAL_REASONS, Standing
from registry.store.acts import Row, current_act, write
from registry.store.second import by_row
from registry.web.attachments.services import Upload, attach

RESIDUAL = "unit.residual"
LAST_DAYS = 5


class ResidualRefused(DomainError):
    """A unit that can't be left over, or a project that can't be closed."""


@write(Permission.UNIT_STANDING, on="project", once=True)
def propose_residual(
    *,
    actor: Actor,
    project: Project,
    unit_ids: Sequence[int],
    reason: str,
    evidence: str,
    review_on: date,
    uploads: Sequence[Upload],
) -> Approval:
    """Lay units before a second person as left over, each with its evidence and day of review.

    Refused: a reason outside the closed list, no evidence in words or files, a review not after today; a unit that is
    issued, carried, excluded, left over already, or of another project.
    """
    lock_project(project.pk)
    act = current_act()
    if reason not in RESIDUAL_REASONS:
        raise ResidualRefused("原因不在余户原因清单内。请从清单里选。", field="reason")
    if not evidence.strip():
        raise ResidualRefused("未填写依据。请写明证明材料或文号。", field="evidence")
    if not uploads:
        raise ResidualRefused("没有附证明材料。请上传扫描件或照片。", field="uploads")
    if review_on <= act.today:
        raise ResidualRefused(f"复查日期要晚于{act.today}。", field="review_on")
    units = _units_to_leave(project, unit_ids)
    keys = [unit.id for unit in units]
    _take_back_proposals(keys, project, actor)
    Residual.objects.filter(unit_id__in=keys, ends__isnull=True).update(
        ends=act.today, ended_why="重新提请", ended_act_id=act.id
    )
    rows = [
        Residual.objects.create(
            unit=unit, reason=reason, evidence=evidence.strip(), review_on=review_on, proposed_on=act.today,
            proposed_by_key=actor.person_id, proposed_by=actor.name, act_id=act.id,
        )
        for unit in units
    ]  # fmt: skip

    for one in rows:
        attach.within(actor=actor, subject=one, uploads=uploads)
    approval: Approval = propose.within(
        actor=actor,
        kind=RESIDUAL,
        title=f"{project.name}：{len(rows)}户列为余户（{HOLD_REASONS[reason]}）",
        payload={"project": project.id, "residuals": [one.id for one in rows]},
        reason=evidence,
        subject=project,
        project_key=project.id,
        project_name=project.name,
        area_code=project.district_code,
    )

    record(
        event="residual.proposed",
        subject=project,
        chain=project.id,
        facts={"count": len(rows), "why": HOLD_REASONS[reason], "review_on": review_on},
        reason=evidence,
        rows=[
            Row.of("progress_residual", one.id, before=None, after={"unit": one.unit_id, "reason": reason})
            for one in rows
        ],
    )
    return approval


def _take_back_proposals(unit_ids: Sequence[int], project: Project, actor: Actor) -> None:
    """Take back what waits for units that are proposed anew. A query, and one for each."""
    old = set(Residual.objects.filter(unit_id__in=unit_ids, starts=None, ends=None).values_list("id", flat=True))
    waiting = Approval.objects.filter(kind=RESIDUAL, status="waiting", project_key=project.id).order_by("pk")
    for payload in waiting.values_list("payload", flat=True) if old else ():
        if old & set(payload["residuals"]):
            end_proposals(actor=actor, kinds=[RESIDUAL], about=payload, why="其中的户已重新提请")


def _units_to_leave(project: Project, unit_ids: Sequence[int]) -> list[Unit]:
    units = lock_units(project, unit_ids)
    if not units or len(units) != len(set(unit_ids)):
        raise ResidualRefused("未选择户，或所选户不都在本项目内。请重新选择。", field="unit_ids")
    for unit in units:
        if unit.certificate == "issued":
            raise ResidualRefused(f"{unit.building}{unit}已发证，无需列为余户。")
        if unit.standing not in (Standing.ACTIVE.value, Standing.HELD.value):
            label = Standing(unit.standing).label
            raise ResidualRefused(f"{unit.building}{unit}是“{label}”，不能列为余户。请先恢复为正常。")
    taken = Residual.objects.filter(unit__in=units, starts__isnull=False, ends__isnull=True).select_related(
        "unit__building"
    )
    standing = taken.filter(unit__standing=Standing.HELD.value).first()
    if standing is not None:
        raise ResidualRefused(f"{standing.unit.building}{standing.unit}已是余户，{standing.review_on}复查。")
    return units


SIGNING: Final = by_row(
    "列为余户",
    "residual.proposed_by_key",
    same="提请人和复核人不能是同一人。请由另一名有权限的人员复核。",
    legacy=lambda given: given["residual"].proposed_by_key is None,  # proposed by the system
)


@write(Permission.UNIT_STANDING, on="project", second_person=SIGNING)
def sign_residuals(*, actor: Actor, project: Project, residual_ids: Sequence[int]) -> int:
    """Put the second signature: the units are held and left over from today, flagged at a month's end.

    Refused: the first signer, a proposal that no longer waits, a unit issued meanwhile, a day of review that came.
    """
    lock_project(project.pk)
    act = current_act()
    rows = list(
        Residual.objects.filter(
            id__in=residual_ids, starts__isnull=True, ends__isnull=True, unit__building__project=project
        )
        .select_related("unit__building")
        .order_by("id")
    )
    if not rows or len(rows) != len(set(residual_ids)):
        raise ResidualRefused("这次提请已办过，或已重新提请。请刷新后再看。")
    for row in rows:
        SIGNING.require(actor, residual=row)
        if row.unit.certificate == "issued":
            raise ResidualRefused(f"{row.unit.building}{row.unit}已发证，无需列为余户。请退回重提。")
        if row.review_on <= act.today:
            raise ResidualRefused(f"复查日期{row.review_on}已到，不能再列入。请退回重定复查日期。")
    _hold(actor, project, rows, act.today)
    is_month_end = (Month.of(act.today).last - act.today).days < LAST_DAYS
    Residual.objects.filter(id__in=[row.id for row in rows]).update(
        starts=act.today, signed_by=actor.name, is_month_end=is_month_end
    )

    record(
        event="residual.signed",
        subject=project,
        chain=project.id,
        facts={
            "count": len(rows),
            "why": HOLD_REASONS[rows[0].reason],
            "review_on": rows[0].review_on,
            "flag": "，月末最后5日列入" if is_month_end else "",
        },
        rows=[
            Row.of("progress_residual", row.id, before={"starts": None}, after={"starts": str(act.today)})
            for row in rows
        ],
    )
    return len(rows)


def _hold(actor: Actor, project: Project, rows: Sequence[Residual], on: date) -> None:
    """Hold those that are not; those held for another reason get the signed one."""
    act = current_act()
    active = [row.unit_id for row in rows if row.unit.standing == Standing.ACTIVE.value]
    held = [row for row in rows if row.unit.standing == Standing.HELD.value]
    first = rows[0]
    if active:
        change_standing.within(
            actor=actor, project=project, unit_ids=active, standing=Standing.HELD, reason=first.reason,
            evidence=first.evidence, on=on, review_on=first.review_on,
        )  # fmt: skip
    Hold.objects.filter(unit_id__in=[row.unit_id for row in held], ends__isnull=True).update(
        ends=on, ended_act_id=act.id
    )
    Hold.objects.bulk_create(
        Hold(
            unit=row.unit, standing=Standing.HELD.value, reason=row.reason, evidence=row.evidence, starts=on,
            review_on=row.review_on, act_id=act.id,
        )
        for row in held
    )  # fmt: skip


@write(Permission.UNIT_STANDING, on="project")
def return_lapsed_residuals(*, actor: Actor, project: Project, on: date) -> int:
    """Return to stock the residuals whose review is past on a day; a project that was zero is open again.

    Run for every day by `manage.py return_residuals`. Refused: a day ahead, or nothing to return.
    """
    current = lock_project(project.pk)
    act = current_act()
    rows = list(
        Residual.objects.filter(
            unit__building__project=project, starts__isnull=False, ends__isnull=True, review_on__lt=on
        ).select_related("unit")
    )
    if not rows:
        raise ResidualRefused(f"截至{on}，无复查逾期的余户。", code="nothing_lapsed")
    held = [row.unit_id for row in rows if row.unit.standing == Standing.HELD.value]
    if held:
        change_standing.within(
            actor=actor, project=project, unit_ids=held, standing=Standing.ACTIVE, reason="",
            evidence="复查逾期，重新计入未办", on=act.today,
        )  # fmt: skip
    Residual.objects.filter(id__in=[row.id for row in rows]).update(
        ends=act.today, ended_why="复查逾期", ended_act_id=act.id
    )
    was = ProjectStatus(current.status)
    if held and was in (ProjectStatus.ZEROED, ProjectStatus.CLOSED):
        set_project_status(current, ProjectStatus.ISSUING, act.today)

    record(
        event="residual.returned",
        subject=project,
        chain=project.id,
        facts={
            "count": len(rows),
            "on": on,
            "reopened": f"，项目由“{was.label}”退回“办证”" if was != current.status else "",
        },
        rows=[
            Row.of("progress_residual", row.id, before={"ends": None}, after={"ends": str(act.today)}) for row in rows
        ],
    )
    return len(rows)


@write(Permission.PROJECT_UPDATE, on="project")
def close_out(*, actor: Actor, project: Project, status: ProjectStatus, on: date) -> Project:
    """Declare a project 清零, then 销号, once each unit is issued or left over and explained.

    Refused while one unit lacks issue or a valid residual, by name; 销号 before 清零; a day other than up to today.
    """
    current = lock_project(project.pk)
    act = current_act()
    if status not in (ProjectStatus.ZEROED, ProjectStatus.CLOSED):
        raise ResidualRefused("这里只办清零和销号。", field="status")
    if status == ProjectStatus.CLOSED and current.status != ProjectStatus.ZEROED:
        raise ResidualRefused("尚未清零，不能销号。请先办理清零。", field="status")
    if status == ProjectStatus.ZEROED and current.status in (ProjectStatus.ZEROED, ProjectStatus.CLOSED):
        raise ResidualRefused(f"项目已是“{ProjectStatus(current.status).label}”。", field="status")
    count = zero_count(project.id, on=act.today)
    if count.total == 0:
        raise ResidualRefused("项目尚无房屋，不能清零。请先导入房屋清册。")
    if count.unexplained:
        raise ResidualRefused(
            f"还有{count.unexplained}户未发证且无有效余户记录（{'、'.join(count.sample)}等），"
            f"不能{status.label}。请发证，或列为余户并经复核。",
            code="not_zero",
        )
    before = current.status
    set_project_status(current, status, on)

    record(
        event="project.closed_out",
        subject=current,
        chain=current.id,
        facts={"status": status.label, "issued": count.issued, "left": count.left_over, "on": on},
        rows=[Row.changed(current, {"status": before})],
    )
    return current
