"""A slip at the counter: one's own visit of the same day is taken back, before anything came of it."""

from collections.abc import Sequence
from typing import Final

from projects.ledger.locks import lock_project, lock_units
from projects.ledger.models import Unit
from projects.office.models import CustodyItem, Visit, VisitHome
from projects.office.services.powers import require_counter
from projects.office.services.visits import STAGE, VisitRefused
from projects.progress.services.corrections import last_move, reverse_move
from projects.progress.services.submissions import standing_of
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.reasons import ASKED, is_substantial
from registry.kernel.stages import Track, stage_of
from registry.store.acts import Row, current_act, write
from registry.store.clock import shanghai_day

BY_TWO: Final = "请在户页面申请更正，由第二人复核。"


@write(Permission.UNIT_ADVANCE, on="visit.unit")
def withdraw_visit(*, actor: Actor, visit: Visit, reason: str) -> Visit:
    """Take back a visit that one recorded wrongly today: its homes go back, its papers were never taken in.

    Refused: no reason; taken back already; another's, or of another day; a later visit about one of its homes; a home
    that went on, whose papers are in a bag or were handed in. Those are corrected by two persons.
    """
    require_counter(actor, "撤销来访登记")
    if not is_substantial(reason):
        raise VisitRefused(f"请写明撤销来访登记的原因，{ASKED}，如：点错一户。", field="reason")
    project = lock_project(visit.unit.building.project_id)
    current: Visit = Visit.objects.select_related("clerk", "unit__building").get(pk=visit.pk)
    about = list(VisitHome.objects.filter(visit=current).order_by("unit_id"))
    units = {unit.pk: unit for unit in lock_units(project, [home.unit_id for home in about])}
    act = current_act()
    if current.withdrawn_act_id is not None:
        raise VisitRefused("这次来访登记已经撤销。请刷新页面。", code="withdrawn")
    if current.clerk_id != actor.person_id or shanghai_day(current.recorded_at) != act.today:
        who = current.clerk.name if current.clerk else "系统"
        raise VisitRefused(
            f"这次来访由{who}于{shanghai_day(current.recorded_at)}登记，只能撤销本人当日登记的来访。{BY_TWO}",
            code="not_own",
        )
    if VisitHome.objects.filter(unit__in=list(units), visit__gt=current, visit__withdrawn_act_id__isnull=True).exists():
        raise VisitRefused("之后又登记了这一家的来访。请先撤销后一次。", code="overtaken")
    moved = [units[home.unit_id] for home in about if home.is_moved]
    _require_still_here(moved)
    rows = []
    for unit in moved:
        move = last_move(unit, Track.CERTIFICATE)
        assert move is not None
        rows.append(reverse_move(unit, Track.CERTIFICATE, move, reason.strip()))
    current.withdrawn_act_id = act.id
    current.save(update_fields=["withdrawn_act_id"])
    record(
        event="visit.withdrawn",
        subject=current,
        chain=project.pk,
        facts={
            "unit": f"{current.unit.building}{current.unit}", "ordinal": current.ordinal, "on": current.came_on,
            "homes": len(moved),
        },
        reason=reason.strip(),
        rows=[Row.changed(current, {"withdrawn_act_id": None}), *rows],
    )  # fmt: skip
    return current


def _require_still_here(units: Sequence[Unit]) -> None:
    """Refuse homes that went on since they came to 已收材料. Two queries."""
    keys = [unit.pk for unit in units]
    handed_in = standing_of(keys)
    bagged = set(CustodyItem.objects.filter(unit__in=keys, ended_act_id__isnull=True).values_list("unit_id", flat=True))
    for unit in units:
        name = f"{unit.building}{unit}"
        if unit.certificate != STAGE:
            here = stage_of(Track.CERTIFICATE, unit.certificate).label
            raise VisitRefused(f"{name}现在是“{here}”，不能撤销来访登记。{BY_TWO}", code="gone_on")
        if unit.pk in handed_in:
            raise VisitRefused(f"{name}的材料已送件，不能撤销来访登记。请先撤销送件。", code="gone_on")
        if unit.pk in bagged:
            raise VisitRefused(f"{name}的材料已装袋，不能撤销来访登记。请先退还该袋。", code="gone_on")
