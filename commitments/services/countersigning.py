"""Countersigning (专班会签): member units answer a draft letter side by side, each with a comment and a time limit."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db.models import Max

from commitments.locks import lock_instrument
from commitments.models import Answer, Countersign, Instrument, InstrumentKind, InstrumentState
from commitments.services.common import TABLE, require_issuer, require_state
from commitments.services.lapsing import rule_of
from commitments.services.powers import InstrumentRefused
from projects.casework.selectors.calendar import calendar_of
from registry.accounts.models import Organisation
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.store.acts import Row, current_act, within_act, write

LIMIT_WORKDAYS: Final = 5


def _source(asked: Countersign) -> str:
    return f"commitments_countersign:{asked.pk}"


def current_round(instrument: Instrument) -> list[Countersign]:
    """Return the units asked in the newest round, in the order of their codes. Two queries."""
    newest = instrument.countersigns.aggregate(newest=Max("round"))["newest"]
    asked = instrument.countersigns.filter(round=newest).select_related("organisation", "answered_by")
    return list(asked.order_by("organisation__code", "id")) if newest else []


@within_act
def close_countersign_round(instrument: Instrument) -> None:
    """Take a round off every desk, and what its answers had asked of the drafter. Runs inside an act."""
    for asked in current_round(instrument):
        inbox.settle(_source(asked))
    inbox.settle(_drafter_source(instrument))


def require_countersigned(instrument: Instrument) -> str:
    """Refuse a letter that was not countersigned as it must be, and name the units that kept silent.

    A unit that has not answered within its limit is taken to have nothing to say, by name. Runs inside an act.
    """
    if instrument.kind != InstrumentKind.LETTER:
        return ""
    today = current_act().today
    if instrument.state == InstrumentState.DRAFT:
        rule = rule_of(instrument.project.district_code, today)
        if rule is not None and rule.countersigns:
            raise InstrumentRefused(
                f"本区自{rule.effective_on}起，承诺函须经专班成员单位会签后签署。请先“送会签”。",
                code="not_countersigned",
            )
        return ""
    asked = current_round(instrument)
    against = [f"{one.organisation}（{one.comment}）" for one in asked if one.answer == Answer.OBJECTS]
    if against:
        raise InstrumentRefused(
            f"{'、'.join(against)}不同意。请退回修改，按意见改好后重新送会签。", code="countersign_objected"
        )
    awaited = [f"{one.organisation}（{one.due_on}前）" for one in asked if _is_awaited(one, today)]
    if awaited:
        raise InstrumentRefused(f"{'、'.join(awaited)}尚未答复会签。请待答复后签署。", code="countersign_awaited")
    close_countersign_round(instrument)
    silent = [str(one.organisation) for one in asked if one.answer == Answer.WAITING]
    return f"（{'、'.join(silent)}逾期未答复会签，视为无意见）" if silent else ""


def _is_awaited(asked: Countersign, today: date) -> bool:
    return asked.answer == Answer.WAITING and today <= asked.due_on


@write(Permission.INSTRUMENT_DRAFT, on="instrument", once=True)
def open_countersign(
    *, actor: Actor, instrument: Instrument, organisations: Sequence[Organisation], workdays: int = LIMIT_WORKDAYS
) -> Instrument:
    """Send a draft letter to member units, all at once, to be answered within so many working days.

    Refused: anything but a draft letter, nobody asked, the promisor asked, a limit outside 1 to 30 working days.
    """
    current = lock_instrument(instrument)
    require_state(current, InstrumentState.DRAFT)
    act = current_act()
    if actor.role != Role.DISTRICT:
        require_issuer(actor, current, "送会签")
    if current.kind != InstrumentKind.LETTER:
        raise InstrumentRefused("仅承诺函须经会签；决定由有权机关自行作出。", code="not_a_letter")
    asked = {one.pk: one for one in organisations}
    if not asked:
        raise InstrumentRefused("未选择会签单位。请至少选一个专班成员单位。", field="organisations")
    if current.issuer_id in asked:
        raise InstrumentRefused(f"{current.issuer}为承诺单位，无需会签。请移除。", field="organisations")
    if not 1 <= workdays <= 30:
        raise InstrumentRefused("答复期限须在1至30个工作日之间。", field="workdays")
    due_on = calendar_of().add_workdays(act.today, workdays)
    newest = current.countersigns.aggregate(newest=Max("round"))["newest"] or 0
    for organisation in asked.values():
        row: Countersign = Countersign.objects.create(
            instrument=current,
            round=newest + 1,
            organisation=organisation,
            asked_on=act.today,
            due_on=due_on,
            act_id=act.id,
        )
        inbox.deliver(
            source=_source(row),
            verb="会签",
            title=f"{current.title}，请在{due_on}前答复",
            link=f"/commitments/{current.code}/",
            organisation=organisation,
            project_key=current.project_id,
            project_name=current.project.name,
            from_label=f"{actor.organisation_name} {actor.name}",
            due_on=due_on,
        )
    current.state = InstrumentState.COUNTERSIGN
    current.save(update_fields=["state"])

    names = "、".join(str(one) for one in asked.values())
    record(
        event="countersign.opened",
        subject=current,
        chain=current.project_id,
        facts={"title": current.title, "organisations": names, "due": due_on},
        rows=[Row.changed(current, {"state": InstrumentState.DRAFT})],
    )
    return current


@write(Permission.INSTRUMENT_COUNTERSIGN, on="instrument", once=True)
def answer_countersign(*, actor: Actor, instrument: Instrument, agrees: bool, comment: str) -> Countersign:
    """Answer for the actor's unit. An answer may be changed until the letter is signed.

    Refused: a letter that is not being countersigned, a unit that was not asked, an objection without its reason.
    """
    current = lock_instrument(instrument)
    require_state(current, InstrumentState.COUNTERSIGN)
    act = current_act()
    asked = next((one for one in current_round(current) if one.organisation_id == actor.organisation_id), None)
    if asked is None:
        raise InstrumentRefused(f"这份函没有请{actor.organisation_name}会签。", code="not_asked")
    if not agrees and not comment.strip():
        raise InstrumentRefused("不同意的，请写明理由和修改要求。", field="comment")
    before = {"answer": str(asked.answer), "comment": asked.comment}
    asked.answer = Answer.AGREES if agrees else Answer.OBJECTS
    asked.comment, asked.answered_on, asked.answered_by_id = comment.strip(), act.today, actor.person_id
    asked.save(update_fields=["answer", "comment", "answered_on", "answered_by"])
    inbox.settle(_source(asked))
    if all(one.answer != Answer.WAITING or one.pk == asked.pk for one in current_round(current)):
        _tell_drafter(current)

    record(
        event="countersign.answered",
        subject=current,
        chain=current.project_id,
        facts={
            "title": current.title,
            "organisation": str(asked.organisation),
            "answer": asked.get_answer_display(),
        },
        reason=asked.comment,
        rows=[Row.of("commitments_countersign", asked.pk, before=before, after={"answer": str(asked.answer)})],
    )
    return asked


def _drafter_source(instrument: Instrument) -> str:
    return f"{TABLE}:countersigned:{instrument.pk}"


def _tell_drafter(instrument: Instrument) -> None:
    source = _drafter_source(instrument)
    inbox.settle(source)
    inbox.deliver(
        source=source,
        verb="签署或修改",
        title=f"{instrument.title}：会签单位都已答复",
        link=f"/commitments/{instrument.code}/",
        organisation=instrument.issuer,
        project_key=instrument.project_id,
        project_name=instrument.project.name,
    )
