"""A code scanned at the counter: what it stands for, kept with its answer."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from projects.ledger.locks import lock_project
from projects.ledger.models import Project
from projects.office.choices import ScanOutcome
from projects.office.models import Scan, Visit
from projects.office.services.powers import require_counter
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.identifiers.base import IdentifierError
from registry.kernel.identifiers.scans import ScanCode, ScanKind
from registry.store.acts import current_act, write
from registry.store.clock import SHANGHAI

LATELY: Final = timedelta(seconds=30)  # a code scanned twice within it was read twice, not brought twice
MOST: Final = 64
ON_VISITS: Final = (ScanKind.RECEIPT, ScanKind.NOTICE)


@dataclass(frozen=True)
class Scanned:
    """The answer to a scan: one sentence, what became of it, the home whose family card it opens."""

    outcome: ScanOutcome
    said: str
    unit_id: int | None = None


def _as_answered(scan: Any) -> Scanned:
    """Answer a code that was sent twice, since its answer was lost on the way: it was scanned once."""
    outcome, visit = ScanOutcome(scan.outcome), scan.visit
    said = f"码{scan.code}已登记：{outcome.label}。"
    return Scanned(outcome, said, visit.unit_id if visit is not None else None)


@write(Permission.UNIT_ADVANCE, on="project", once=_as_answered)
def note_scan(*, actor: Actor, project: Project, code: str) -> Scanned:
    """Say what a code stands for and keep that it was scanned. Four queries and the record.

    A code of another project is named as such, not whose; one read twice in half a minute is noted and not counted.
    """
    require_counter(actor, "扫码登记")
    lock_project(project.pk)
    act, text = current_act(), code.strip()[:MOST]
    answer, visit = _answer(actor, project, text, act.recorded_at)
    scan = Scan.objects.create(
        project=project, code=text, outcome=answer.outcome, visit=visit, scanned_at=act.recorded_at,
        person_id=actor.person_id, act_id=act.id,
    )  # fmt: skip
    record(
        event="code.scanned",
        subject=scan,
        chain=project.pk,
        facts={"code": text, "outcome": answer.outcome.label},
    )
    return answer


def _answer(actor: Actor, project: Project, text: str, now: Any) -> tuple[Scanned, Visit | None]:
    try:
        code = ScanCode.parse(text, *ON_VISITS)
    except IdentifierError as error:
        return Scanned(ScanOutcome.UNKNOWN, f"{text}：{error.message}"), None
    rows = Visit.objects.visible_to(actor).filter(pk=code.serial, unit__building__project=project)
    visit: Visit | None = rows.select_related("unit__building").first()
    if visit is None:
        return Scanned(ScanOutcome.FOREIGN, f"码{text}不是本项目的单据，本窗口不能办理。"), None
    home = f"{visit.unit.building}{visit.unit}"
    lately = Scan.objects.filter(project=project, code=text, scanned_at__gt=now - LATELY)
    last = lately.order_by("-id").first()
    if last is not None:
        at = last.scanned_at.astimezone(SHANGHAI)
        return Scanned(ScanOutcome.AGAIN, f"{home}的单据{at:%H:%M:%S}刚扫过，不再重复计。", visit.unit_id), visit
    return Scanned(ScanOutcome.FOUND, f"{home}一家，{code.kind.label}，来访{visit.came_on}。", visit.unit_id), visit
