"""Dated settings of a district for its letters: proposed by one person, approved by another."""

from collections.abc import Iterable, Mapping
from datetime import date

from commitments.choices import InstrumentState
from commitments.models import Instrument, LadderRule, LapseRule
from commitments.services.lapsing import rerun_after_act
from commitments.services.powers import InstrumentRefused
from commitments.services.senders import check_senders
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.ladder import check_offsets
from registry.store.acts import Row, current_act, write
from registry.store.second import FirstPerson, always

MAX_GRACE_DAYS = 365


@write(Permission.PARAMETER_APPROVE, second_person=always("改定设置"))
def decide_lapse_rule(
    *, actor: Actor, district_code: str, grace_days: int, pauses: bool, effective_on: date, reason: str,
    first: FirstPerson | None, countersigns: bool = False,
) -> LapseRule:  # fmt: skip
    """Lay down a district's setting from a day on; the running letters of the district follow at once.

    Refused: no reason, no proposer, the same person twice, a day gone by, a grace over a year.
    """
    act = current_act()
    if not reason.strip():
        raise InstrumentRefused("未填写设置的原因。请写明依据。", field="reason")
    if effective_on < act.today:
        raise InstrumentRefused(f"起始日期{effective_on}早于今日。请填写今日或以后的日期。", field="effective_on")
    if not 0 <= grace_days <= MAX_GRACE_DAYS:
        raise InstrumentRefused(f"宽限日数须在0至{MAX_GRACE_DAYS}日之间。", field="grace_days")
    rule: LapseRule = LapseRule.objects.create(
        district_code=district_code,
        grace_days=grace_days,
        pauses=pauses,
        countersigns=countersigns,
        effective_on=effective_on,
        reason=reason.strip(),
        proposed_by_id=first.key if first else None,
        approved_by_id=actor.person_id,
        recorded_at=act.recorded_at,
        act_id=act.id,
    )

    words = {
        "district": district_code,
        "on": effective_on,
        "grace": grace_days,
        "pauses": "是" if pauses else "否",
        "countersigns": "是" if countersigns else "否",
    }
    record(
        event="lapse_rule.decided",
        subject=rule,
        facts=words,
        reason=reason,
        rows=[Row.added(rule, "effective_on")],
    )
    if effective_on == act.today:
        running = (InstrumentState.PERFORMING, InstrumentState.CLOSING, InstrumentState.BREACHED)
        for letter in Instrument.objects.filter(state__in=running, project__district_code=district_code):
            rerun_after_act(letter)
    return rule


@write(Permission.PARAMETER_APPROVE, second_person=always("改定设置"))
def decide_ladder_rule(
    *, actor: Actor, district_code: str, offsets: Mapping[str, int], senders: Mapping[str, Iterable[str]],
    effective_on: date, reason: str, first: FirstPerson | None,
) -> LadderRule:  # fmt: skip
    """Lay down from a day on when a district sends each rung of the ladder, and who sends it.

    Refused: no reason, no proposer, the same person twice, a day gone by, offsets out of order, an unknown sender, a
    branch of a bureau that would circulate or summon.
    """
    act = current_act()
    if not reason.strip():
        raise InstrumentRefused("未填写设置的原因。请写明依据。", field="reason")
    if effective_on < act.today:
        raise InstrumentRefused(f"起始日期{effective_on}早于今日。请填写今日或以后的日期。", field="effective_on")
    days, named = check_offsets(offsets), check_senders(senders)
    rule: LadderRule = LadderRule.objects.create(
        district_code=district_code,
        offsets={rung.value: days[rung] for rung in days},
        senders=named,
        effective_on=effective_on,
        reason=reason.strip(),
        proposed_by_id=first.key if first else None,
        approved_by_id=actor.person_id,
        recorded_at=act.recorded_at,
        act_id=act.id,
    )

    words = "、".join(f"{rung.label}{days[rung]:+d}" for rung in days)
    record(
        event="ladder_rule.decided",
        subject=rule,
        facts={"district": district_code, "on": effective_on, "days": words},
        reason=reason,
        rows=[Row.added(rule, "effective_on", "offsets")],
    )
    return rule
