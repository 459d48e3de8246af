"""What every service of an obligation needs: its letter running, its proof, its dated event."""

from collections.abc import Sequence
from datetime import date

from commitments.choices import RUNNING
from commitments.models import Obligation, ObligationEvent
from commitments.services.powers import InstrumentRefused
from registry.audit.recording import record
from registry.kernel.days import AnyDay
from registry.store.acts import Row, current_act, within_act
from registry.web.attachments.services import Upload, attach

TABLE = "commitments_obligation"


def source_of(obligation: Obligation) -> str:
    """Return the name under which an obligation waits for its verifier."""
    return f"{TABLE}:{obligation.pk}"


def escalation_source(obligation: Obligation) -> str:
    """Return the name under which the promisor is asked to answer."""
    return f"commitments_pressed:{obligation.pk}"


def inspection_source(obligation: Obligation) -> str:
    """Return the name under which an inspection waits."""
    return f"commitments_inspection:{obligation.pk}"


def link_of(obligation: Obligation) -> str:
    """Return the address of the page of an obligation."""
    return f"/commitments/{obligation.letter.instrument.code}/obligations/{obligation.ordinal}/"


def title_of(obligation: Obligation) -> str:
    """Name an obligation on a desk."""
    return f"{obligation.letter.instrument}第{obligation.ordinal}项：{obligation.end_state}"


def require_running(obligation: Obligation) -> None:
    """Refuse an obligation whose letter is not being performed."""
    instrument = obligation.letter.instrument
    if instrument.state not in RUNNING:
        raise InstrumentRefused(
            f"{instrument}现在是“{instrument.get_state_display()}”，不在履行中，不能办理承诺事项。",
            code="not_running",
        )


def require_photos(uploads: Sequence[Upload], taken_on: date | None, place: str, on: date) -> None:
    """Refuse a finding on site without a photo or scan, its day and its place (F9)."""
    if not uploads:
        raise InstrumentRefused("未上传现场照片或扫描件。请至少上传一份，并填写拍摄日期和地点。", field="uploads")
    if taken_on is None:
        raise InstrumentRefused("未填写照片或扫描件的日期。请填拍摄或形成的日期。", field="taken_on")
    if not place.strip():
        raise InstrumentRefused("未填写拍摄地点。请写到楼栋、房号或部位。", field="place")
    if taken_on > on:
        raise InstrumentRefused(f"照片日期{taken_on}在办理日期{on}之后。请核对两个日期。", field="taken_on")


@within_act
def attach_photos(obligation: Obligation, uploads: Sequence[Upload], taken_on: date | None, place: str) -> None:
    """Hang photos on an obligation, if any came. Runs inside an act."""
    if uploads:
        attach.within(actor=current_act().actor, subject=obligation, uploads=uploads, taken_on=taken_on, place=place)


@within_act
def add_obligation_event(obligation: Obligation, kind: str, on: date, text: str, **dates: AnyDay) -> ObligationEvent:
    """Write what happened to an obligation on a day. Runs inside an act."""
    act = current_act()
    event: ObligationEvent = ObligationEvent.objects.create(
        obligation=obligation,
        kind=kind,
        happened_on=on,
        text=text[:300],
        recorded_at=act.recorded_at,
        act_id=act.id,
        **dates,
    )
    return event


@within_act
def record_obligation(
    event: str, obligation: Obligation, before: dict[str, object], facts: dict[str, object], *rows: Row
) -> None:
    """Record what changed on an obligation, under its letter. Runs inside an act."""
    after = {name: getattr(obligation, name) for name in before}
    own = [Row.of(TABLE, obligation.id, before=before, after=after)] if before else []
    record(
        event=event,
        subject=obligation.letter.instrument,
        chain=obligation.letter.instrument.project_id,
        facts={"ordinal": obligation.ordinal, **facts},
        rows=[*own, *rows],
    )
