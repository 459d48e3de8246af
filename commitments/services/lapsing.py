"""The key turns by itself: a clause lapses when a promise behind it is overdue beyond grace, and returns when kept."""

from datetime import date, timedelta
from typing import Final

from commitments.choices import InstrumentState, ObligationState
from commitments.models import Clause, Instrument, LapseRule, Obligation
from commitments.services.drafting import InstrumentRefused
from projects.gates.models import Pause
from projects.gates.selectors.scopes import scope_count
from projects.gates.services import refresh_readiness
from projects.gates.services.pauses import end_pause, pause_acceptances
from projects.ledger.models import Project
from registry.accounts.models import Person
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.scope import Scope
from registry.store.acts import Row, current_act, write

RULE: Final = "承诺逾期"
DEFAULT_GRACE_DAYS: Final = 30
RUNNING: Final = (InstrumentState.PERFORMING, InstrumentState.CLOSING)
KEPT: Final = (ObligationState.VERIFIED, ObligationState.WAIVED)
TABLE: Final = "commitments_clause"


def rule_of(district_code: str, on: date) -> LapseRule | None:
    """This will give the setting of a district on a day; none means the default: escalate only. One query."""
    rules = LapseRule.objects.filter(district_code=district_code, effective_on__lte=on)
    found: LapseRule | None = rules.order_by("-effective_on", "-id").first()
    return found


def _horizons(instrument: Instrument, today: date) -> dict[int, date]:
    """The first day on which each clause lifts nothing, if nothing more is verified: due + grace + 1."""
    rule = rule_of(instrument.project.district_code, today)
    grace = timedelta(days=(rule.grace_days if rule else DEFAULT_GRACE_DAYS) + 1)
    promises = Obligation.objects.filter(letter__instrument=instrument).exclude(state__in=KEPT)
    found: dict[int, date] = {}
    for clause_id, due_on in promises.values_list("backs__clause_id", "due_on"):
        found[clause_id] = min(found.get(clause_id, date.max), due_on + grace)
    return found


def project_lapses_within_act(instrument: Instrument, *, floor: date) -> bool:
    """This will write on each clause that has not lapsed the day on which it will. Runs inside an act.

    A day before `floor` becomes `floor`: what was open is never shut backwards. True if a date changed.
    """
    horizons, changed = _horizons(instrument, current_act().today), False
    for clause in instrument.clauses.order_by("ordinal"):
        day = horizons.get(clause.pk)
        if clause.lapse_act_id is None and day != clause.lapses_on:
            clause.lapses_on = max(day, floor) if day else None
            clause.save(update_fields=["lapses_on"])
            changed = True
    return changed


def settle_lapses_within_act(instrument: Instrument, *, actor: Actor) -> bool:
    """This will lapse what is overdue, return what is kept or extended, project the rest. Runs inside an act.

    True if an event was recorded.
    """
    today = current_act().today
    horizons, told = _horizons(instrument, today), False
    clauses = list(instrument.clauses.select_related("lapse_pause").order_by("ordinal"))
    for clause in clauses:
        if clause.lapses_on is not None and clause.lapses_on <= today:
            if clause.lapse_act_id is None:
                _lapse(instrument, clause, actor)
                told = True
            day = horizons.get(clause.pk)
            if day is None or day > today:
                _return(instrument, clause, actor)
                told = True
    if project_lapses_within_act(instrument, floor=today) or told:
        refresh_readiness([instrument.project_id], since=_since(clauses, today))
    return told


def _since(clauses: list[Clause], today: date) -> date:
    return min([today, *(clause.lapses_on for clause in clauses if clause.lapses_on)])


def _tell(event: str, instrument: Instrument, clause: Clause, on: date, before: dict[str, object]) -> None:
    after = {"lapses_on": clause.lapses_on, "past_lapses": clause.past_lapses}
    facts = {"number": str(instrument), "ordinal": clause.ordinal, "on": on}
    rows = [Row(TABLE, clause.pk, before, after)]
    if event == "clause.lapsed":
        record(event="clause.lapsed", subject=instrument, chain=instrument.project_id, facts=facts, rows=rows)
    else:
        record(event="clause.returned", subject=instrument, chain=instrument.project_id, facts=facts, rows=rows)


def _lapse(instrument: Instrument, clause: Clause, actor: Actor) -> None:
    assert clause.lapses_on is not None
    clause.lapse_act_id = current_act().id
    rule = rule_of(instrument.project.district_code, clause.lapses_on)
    if rule is not None and rule.pauses:
        clause.lapse_pause = _pause(instrument, clause, actor, rule)
    clause.save(update_fields=["lapse_act_id", "lapse_pause"])
    _tell("clause.lapsed", instrument, clause, clause.lapses_on, {"lapses_on": clause.lapses_on})


def _pause(instrument: Instrument, clause: Clause, actor: Actor, rule: LapseRule) -> Pause | None:
    scope = Scope.from_data(clause.scope_in) - Scope.from_data(clause.scope_out)
    if scope_count(project_id=instrument.project_id, scope=scope).units == 0:
        return None
    pause: Pause = pause_acceptances.inner(  # type: ignore[attr-defined]
        actor=actor,
        project=instrument.project,
        scope=scope,
        organ=system_actor(RULE).name,
        basis=f"本区自{rule.effective_on}起的设置：{rule.reason}"[:200],
        reason=f"{instrument}条款{clause.ordinal}逾期失效",
        starts=clause.lapses_on,
    )
    return pause


def _return(instrument: Instrument, clause: Clause, actor: Actor) -> None:
    today = current_act().today
    assert clause.lapses_on is not None
    before: dict[str, object] = {"lapses_on": clause.lapses_on, "past_lapses": list(clause.past_lapses)}
    clause.past_lapses = [*clause.past_lapses, [clause.lapses_on.isoformat(), today.isoformat()]]
    if clause.lapse_pause is not None and clause.lapse_pause.ends is None:
        end_pause.inner(  # type: ignore[attr-defined]
            actor=actor, pause=clause.lapse_pause, ends=today, reason=f"{instrument}条款{clause.ordinal}恢复效力"
        )
    clause.lapses_on = clause.lapse_act_id = clause.lapse_pause = None
    clause.save(update_fields=["past_lapses", "lapses_on", "lapse_act_id", "lapse_pause"])
    _tell("clause.returned", instrument, clause, today, before)


@write(Permission.PAUSE_DECIDE, on=lambda kw: kw["instrument"])
def apply_lapse_rule(*, actor: Actor, instrument: Instrument) -> Instrument:
    """This will lapse the clauses of a letter that are overdue beyond grace, pausing where the district says so.

    Refused: nothing has lapsed; made steps, accepted and issued homes are never touched.
    """
    Project.objects.select_for_update().get(pk=instrument.project_id)
    current: Instrument = Instrument.objects.select_related("project").get(pk=instrument.pk)
    if current.state not in RUNNING or not settle_lapses_within_act(current, actor=actor):
        raise InstrumentRefused(f"{current}没有逾期失效的条款。", code="nothing_lapsed")
    return current


def run_lapse_rules(on: date) -> int:
    """This will apply the rule to each letter with a clause that lapsed by a day: one act a letter, safe to repeat."""
    due = Clause.objects.filter(
        instrument__state__in=RUNNING, lapses_on__lte=on, lapse_act_id__isnull=True
    ).values_list("instrument_id", flat=True)
    letters = Instrument.objects.filter(pk__in=set(due)).select_related("project").order_by("pk")
    for letter in letters:
        apply_lapse_rule(actor=system_actor(RULE), instrument=letter)
    return len(letters)


@write(Permission.PARAMETER_APPROVE)
def decide_lapse_rule(
    *, actor: Actor, district_code: str, grace_days: int, pauses: bool, effective_on: date, reason: str,
    proposed_by: Person | None,
) -> LapseRule:  # fmt: skip
    """This will lay down a district's setting from a day on, proposed by one person and approved by another.

    Refused: no reason, no proposer, the same person twice, a day gone by.
    """
    act = current_act()
    if not reason.strip():
        raise InstrumentRefused("没有填设置的原因。请写明依据。", field="reason")
    if proposed_by is None or proposed_by.pk == actor.person_id:
        raise InstrumentRefused("设置要由一人提出、另一人批准。请由另一人批准。", code="second_person")
    if effective_on < act.today:
        raise InstrumentRefused(f"设置不能从过去的日期{effective_on}起。请填今天或以后。", field="effective_on")
    rule: LapseRule = LapseRule.objects.create(
        district_code=district_code,
        grace_days=grace_days,
        pauses=pauses,
        effective_on=effective_on,
        reason=reason.strip(),
        proposed_by=proposed_by,
        approved_by_id=actor.person_id,
        recorded_at=act.recorded_at,
        act_id=act.id,
    )

    words = {"district": district_code, "on": effective_on, "grace": grace_days, "pauses": "是" if pauses else "否"}
    record(
        event="lapse_rule.decided",
        subject=rule,
        facts=words,
        reason=reason,
        rows=[Row("commitments_lapserule", rule.pk, None, {"effective_on": effective_on})],
    )
    return rule
