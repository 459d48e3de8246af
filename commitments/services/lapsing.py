"""The key turns by itself: a clause lapses when a promise behind it is overdue beyond grace, and returns when kept.

Each lapse, pause, return and new horizon is an act of the rule, never of the person whose act brought it about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from commitments.choices import DEFAULT_GRACE_DAYS, KEPT, RUNNING
from commitments.models import Clause, Instrument, LapseRule, Obligation
from commitments.services.powers import InstrumentRefused
from projects.gates.models import Pause
from projects.gates.selectors.scopes import scope_count
from projects.gates.services import refresh_readiness
from projects.gates.services.pauses import end_pause, pause_acceptances
from projects.ledger.locks import lock_project
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.days import AnyDay
from registry.kernel.errors import DomainError
from registry.kernel.scope import Scope
from registry.store.acts import Row, after_act, current_act, values_of, within_act, write
from registry.store.clock import database_now, shanghai_day

RULE: Final = "承诺逾期"
TABLE: Final = "commitments_clause"


@dataclass(frozen=True)
class LapseRun:
    """What a run of the rule did: letters that changed, and those that it could not settle with the reason."""

    changed: int
    failed: tuple[tuple[str, str], ...] = ()


def rule_of(district_code: str, on: date) -> LapseRule | None:
    """Return the setting of a district on a day; none means the default: escalate only. One query."""
    rules = LapseRule.objects.filter(district_code=district_code, effective_on__lte=on)
    found: LapseRule | None = rules.order_by("-effective_on", "-id").first()
    return found


def _graces(on: date) -> dict[str, int]:
    rules = LapseRule.objects.filter(effective_on__lte=on).order_by("effective_on", "id")
    return dict(rules.values_list("district_code", "grace_days"))


def horizons(instruments: Iterable[Instrument], today: date) -> Mapping[int, date]:
    """Return, per clause, the first day on which it lifts nothing if nothing more is verified. Two queries.

    Due + grace + 1 of the earliest promise not kept; under a breach, the day of the breach. A clause that rests on
    no open promise has none.
    """
    letters = {letter.pk: letter for letter in instruments}
    graces, found = _graces(today), dict[int, date]()
    promises = Obligation.objects.filter(letter__instrument__in=letters).exclude(state__in=KEPT)
    rows = promises.values_list("letter__instrument_id", "backs__clause_id", "due_on")
    for letter_id, clause_id, due_on in rows:
        letter = letters[letter_id]
        grace = graces.get(letter.project.district_code, DEFAULT_GRACE_DAYS)
        day = due_on + timedelta(days=grace + 1)
        if letter.breached_on is not None:
            day = min(day, letter.breached_on)
        if clause_id is not None:
            found[clause_id] = min(found.get(clause_id, date.max), day)
    return found


@within_act
def project_lapses(instrument: Instrument, *, floor: AnyDay) -> None:
    """Write on each clause of a letter that takes effect the day on which it will lapse. Runs inside an act.

    A day before `floor` becomes `floor`: what was open is never shut backwards.
    """
    found = horizons([instrument], current_act().today)
    for clause in instrument.clauses.order_by("ordinal"):
        day = found.get(clause.pk)
        clause.lapses_on = max(day, floor) if day else None
        clause.save(update_fields=["lapses_on"])


def rerun_after_act(instrument: Instrument) -> None:
    """Let the rule answer the open act: what it lapses, pauses or returns is an act of its own."""

    def answer() -> None:
        letter = Instrument.objects.select_related("project").get(pk=instrument.pk)
        if letter.state in RUNNING and _is_stale(letter, shanghai_day(database_now())):
            apply_lapse_rule(actor=system_actor(RULE), instrument=letter)

    after_act(answer)


def _is_stale(letter: Instrument, today: date) -> bool:
    clauses = list(Clause.objects.filter(instrument=letter))
    return _are_stale(clauses, horizons([letter], today), today)


def _are_stale(clauses: Iterable[Clause], found: Mapping[int, date], today: date) -> bool:
    for clause in clauses:
        day = found.get(clause.pk)
        if clause.lapse_act_id is not None:
            if day is None or day > today:
                return True
        elif (clause.lapses_on is not None and clause.lapses_on <= today) or clause.lapses_on != (
            max(day, today) if day else None
        ):
            return True
    return False


def _settle(instrument: Instrument, actor: Actor) -> bool:
    """Lapse what is overdue, return what is kept or extended, project the rest. True if anything was recorded."""
    today = current_act().today
    found, told = horizons([instrument], today), False
    clauses = list(instrument.clauses.select_related("lapse_pause").order_by("ordinal"))
    since = min([today, *(clause.lapses_on for clause in clauses if clause.lapses_on)])
    for clause in clauses:
        told |= _settle_clause(instrument, clause, found.get(clause.pk), today, actor)
    if told:
        refresh_readiness([instrument.project_id], since=since)
    return told


def _settle_clause(instrument: Instrument, clause: Clause, day: date | None, today: date, actor: Actor) -> bool:
    told = False
    if clause.lapse_act_id is None:
        if clause.lapses_on is None or clause.lapses_on > today:
            told = _project(instrument, clause, max(day, today) if day else None)
        if clause.lapses_on is not None and clause.lapses_on <= today:
            _lapse(instrument, clause, actor)
            told = True
    if clause.lapse_act_id is not None and (day is None or day > today):
        _return(instrument, clause, actor)
        _project(instrument, clause, day)
        told = True
    return told


def _tell(event: str, instrument: Instrument, clause: Clause, on: date | None, before: Mapping[str, object]) -> None:
    facts = {"number": str(instrument), "ordinal": clause.ordinal, "on": on}
    rows = Row.if_changed(clause, before)
    record(event=event, subject=instrument, chain=instrument.project_id, facts=facts, rows=rows)


def _project(instrument: Instrument, clause: Clause, day: date | None) -> bool:
    if day == clause.lapses_on:
        return False
    before = {"lapses_on": clause.lapses_on}
    clause.lapses_on = day
    clause.save(update_fields=["lapses_on"])
    if day is None:
        _tell("clause.freed", instrument, clause, day, before)
    else:
        _tell("clause.projected", instrument, clause, day, before)
    return True


def _lapse(instrument: Instrument, clause: Clause, actor: Actor) -> None:
    assert clause.lapses_on is not None
    before = values_of(clause, ("lapse_act_id", "lapse_pause_id"))
    clause.lapse_act_id = current_act().id
    rule = rule_of(instrument.project.district_code, clause.lapses_on)
    if rule is not None and rule.pauses:
        clause.lapse_pause = _pause(instrument, clause, actor, rule, clause.lapses_on)
    clause.save(update_fields=["lapse_act_id", "lapse_pause"])
    _tell("clause.lapsed", instrument, clause, clause.lapses_on, before)


def _pause(instrument: Instrument, clause: Clause, actor: Actor, rule: LapseRule, starts: date) -> Pause | None:
    scope = Scope.from_data(clause.scope_in) - Scope.from_data(clause.scope_out)
    if scope_count(project_id=instrument.project_id, scope=scope).units == 0:
        return None
    pause: Pause = pause_acceptances.within(
        actor=actor,
        project=instrument.project,
        scope=scope,
        organ=system_actor(RULE).name,
        basis=f"本区自{rule.effective_on}起的设置：{rule.reason}"[:200],
        reason=f"{instrument}条款{clause.ordinal}逾期失效",
        starts=starts,
    )
    return pause


def _return(instrument: Instrument, clause: Clause, actor: Actor) -> None:
    today = current_act().today
    assert clause.lapses_on is not None
    before: dict[str, object] = {"lapses_on": clause.lapses_on, "past_lapses": list(clause.past_lapses)}
    clause.past_lapses = [*clause.past_lapses, [clause.lapses_on.isoformat(), today.isoformat()]]
    end_lapse_pause(clause, actor=actor, why=f"{instrument}条款{clause.ordinal}恢复效力")
    clause.lapses_on = clause.lapse_act_id = clause.lapse_pause = None
    clause.save(update_fields=["past_lapses", "lapses_on", "lapse_act_id", "lapse_pause"])
    _tell("clause.returned", instrument, clause, today, before)


@within_act
def end_lapse_pause(clause: Clause, *, actor: Actor, why: str) -> None:
    """End the pause that a lapse brought, if one runs. Runs inside an act."""
    if clause.lapse_pause is not None and clause.lapse_pause.ends is None:
        ends = max(current_act().today, clause.lapse_pause.starts)
        end_pause.within(actor=actor, pause=clause.lapse_pause, ends=ends, reason=why)


@write(Permission.PAUSE_DECIDE, on="instrument")
def apply_lapse_rule(*, actor: Actor, instrument: Instrument) -> Instrument:
    """Lapse the clauses of a letter that are overdue beyond grace, pausing where the district says so.

    It returns those whose promise is kept or extended, and writes the new horizon of the others. Refused: nothing
    has changed; made steps, accepted and issued homes are never touched.
    """
    lock_project(instrument.project_id)
    current: Instrument = Instrument.objects.select_related("project").get(pk=instrument.pk)
    if current.state not in RUNNING or not _settle(current, actor):
        raise InstrumentRefused(f"{current}没有逾期失效的条款。", code="nothing_lapsed")
    return current


def run_lapse_rules(on: date) -> LapseRun:
    """Settle each running letter as of a day: one act a letter that changes, safe to repeat.

    A letter that can't be settled is named with the reason and doesn't keep the others.
    """
    letters = list(Instrument.objects.filter(state__in=RUNNING).select_related("project").order_by("pk"))
    found = horizons(letters, on)
    clauses: dict[int, list[Clause]] = {}
    for clause in Clause.objects.filter(instrument__state__in=RUNNING):
        clauses.setdefault(clause.instrument_id, []).append(clause)
    changed, failed = 0, list[tuple[str, str]]()
    for letter in letters:
        if not _are_stale(clauses.get(letter.pk, ()), found, on):
            continue
        try:
            apply_lapse_rule(actor=system_actor(RULE), instrument=letter)
            changed += 1
        except DomainError as error:
            failed.append((letter.code, error.message))
    return LapseRun(changed, tuple(failed))
