"""The key against a model that knows only the rules: every day of random histories, unit by unit.

The machine signs, extends, breaks, cures, revokes, keeps, closes, supersedes, pauses and makes steps on a real ledger,
through the services, the nightly rule running each day something is done. The model keeps sets of days and units.
"""

from collections import Counter
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from commitments.models import Instrument, Obligation
from commitments.services import (
    ClauseDraft,
    close_letter,
    cure_breach,
    decide_lapse_rule,
    declare_breach,
    extend_obligation,
    report_obligation,
    request_closing,
    revoke_instrument,
    run_lapse_rules,
    verify_closing,
    verify_obligation,
)
from projects.gates.models import Blocker, Pause
from projects.gates.selectors.facts import facts_of
from projects.gates.services.pauses import end_pause, pause_acceptances
from registry.audit.models import Act
from registry.kernel.errors import DomainError
from registry.kernel.gates import Gate, ProjectFacts, StepFact, StepStatus, compute_gates
from registry.kernel.gates.table import GATES
from registry.kernel.scope import EVERYTHING, Scope, scope_of
from registry.kernel.stages import Part, Use
from registry.store.second import FirstPerson
from tests.commitments.model import BEGIN, GRACE, Lifted, Model, Paper, Promise
from tests.factories.accounts import Cast
from tests.factories.histories import are_all_acts_expected, many_histories, undone
from tests.factories.laid import laid
from tests.factories.projects import (
    FAULT,
    HOMES,
    PERMITS,
    Estate,
    bring_into_force,
    draft_letter,
    lay_blocker,
    lay_estate,
    lay_step,
    letter_draft,
    moment,
    on_day,
    photo,
    promise,
)
from tests.kernel import reference_gates

ROAD = (
    Gate.PLANNING_VERIFICATION, Gate.COMPLETION_FILING, Gate.SURVEY_REVIEW, Gate.CADASTRAL, Gate.FIRST_REGISTRATION,
)  # fmt: skip
ACTS = {
    "cure": 6, "close": 6, "keep": 4, "successor": 3, "extend": 2, "breach": 3, "step": 3, "letter": 2, "revoke": 1,
    "pause": 1, "resume": 1,
}  # fmt: skip
SCOPES = (HOMES, EVERYTHING, scope_of(uses={Use.RETAIL}))


def lay_three_blockers(cast: Cast) -> tuple[Estate, list[Blocker]]:
    """The estate with its permits, and three blockers that promises may answer for."""
    estate = lay_estate(cast)
    for gate in PERMITS:
        lay_step(estate, gate, date(2014, 10, 21))
    blockers = [
        lay_blocker(estate, "P03", at_fault=FAULT),
        lay_blocker(estate, "F04", scope_of(buildings={estate.buildings[0].pk})),
        lay_blocker(estate, "A04", HOMES),
    ]
    return estate, blockers


class Machine:
    """A ledger and its model, acted upon together."""

    def __init__(self, cast: Cast, data: st.DataObject, done: Counter[str]) -> None:
        self.draw, self.done = data.draw, done
        self.estate, self.blockers = laid("three blockers", lay_three_blockers, cast)
        ledger = self.ledger()
        units = tuple(columns.unit(key) for columns in ledger.buildings for key in columns.unit_ids)
        self.model = Model(units, pausing=self.draw(st.booleans()))
        self.model.steps = list(ledger.steps)
        self.known: dict[datetime, ProjectFacts] = {}
        with on_day(BEGIN):
            decide_lapse_rule(
                actor=cast.city.actor, district_code="110105", grace_days=GRACE, pauses=self.model.pausing,
                effective_on=BEGIN, reason="区专班会议纪要", first=FirstPerson.of(cast.system_admin.person),
            )  # fmt: skip

    def ledger(self) -> ProjectFacts:
        return facts_of([self.estate.project.pk])[self.estate.project.pk]

    def live(self) -> None:
        """Let days pass, let the rule run, do something; what the services refuse changes nothing."""
        self.model.pass_days(self.draw(st.integers(1, 16)))
        self.night()
        act = self.draw(st.sampled_from([act for act, weight in ACTS.items() if self.may(act) for _ in range(weight)]))
        before = Act.objects.count()
        with suppress(DomainError):
            getattr(self, act)()
        self.done[act] += Act.objects.count() > before
        self.known[moment(self.model.day, 23)] = self.ledger()

    def may(self, act: str) -> bool:
        """Whether the model knows of anything that the act could be done to."""
        running = [paper for paper in self.model.papers if paper.is_running]
        late = {id(paper): self.model.is_late(paper) for paper in running}
        return {
            "successor": bool(running),
            "revoke": bool(running),
            "extend": any(not one.kept for paper in running for one in paper.promises),
            "keep": any(not one.kept for paper in running for one in paper.promises),
            "breach": any(late[id(paper)] and not paper.breached for paper in running),
            "cure": any(paper.breached and not late[id(paper)] for paper in running),
            "close": any(self.model.is_kept(paper) for paper in running),
            "resume": Pause.objects.filter(ends__isnull=True, organ="区专班").exists(),
        }.get(act, True)

    def night(self) -> None:
        """The nightly rule of the day."""
        with on_day(self.model.day, 0):
            run_lapse_rules(self.model.day)

    # -- the acts ---------------------------------------------------------------------------------

    def _caught(self, scope: Scope) -> frozenset[int]:
        return frozenset(unit.id for unit in self.model.units if scope.matches(unit))

    def letter(self, supersedes: Paper | None = None) -> None:
        cast, day = self.estate.cast, self.model.day
        chosen = self.draw(st.lists(st.sampled_from(range(3)), min_size=1, max_size=2, unique=True))
        scope = self.draw(st.sampled_from(SCOPES))
        dues = [day + timedelta(days=n) for n in self.draw(st.lists(st.integers(3, 60), min_size=1, max_size=2))]
        backs = [self.draw(st.sampled_from([(1,), (len(chosen),), tuple(range(1, len(chosen) + 1))])) for _ in dues]
        words = [
            promise(cast, end_state=f"第{n}项", due_on=due, backs=places)
            for n, (due, places) in enumerate(zip(dues, backs, strict=True), start=1)
        ]
        old = Instrument.objects.get(pk=supersedes.key) if supersedes else None
        with on_day(day):
            drafted = draft_letter(
                self.estate, self.blockers[0], clauses=[ClauseDraft(self.blockers[n], scope) for n in chosen],
                letter=letter_draft(cast, *words), supersedes=old,
            )  # fmt: skip
        bring_into_force(self.estate, drafted, day, f"×政函〔2021〕{drafted.pk}号")
        rows = Obligation.objects.filter(letter__instrument=drafted).order_by("ordinal")
        paper = Paper(
            drafted.pk,
            day,
            [Lifted(self.blockers[n].pk, self._caught(scope)) for n in chosen],
            [
                Promise(row.pk, due, tuple(place - 1 for place in places))
                for row, due, places in zip(rows, dues, backs, strict=True)
            ],
        )
        self.model.papers.append(paper)
        if supersedes is not None:
            supersedes.ends, supersedes.is_running = day, False
            for clause in supersedes.clauses:
                self.model.end_pause(clause, day)
                clause.is_lapsed = False

    def successor(self) -> None:
        if paper := self._some(lambda paper: paper.is_running):
            self.letter(paper)

    def _some(self, wanted: Any) -> Any:
        papers = [paper for paper in self.model.papers if wanted(paper)]
        return self.draw(st.sampled_from(papers)) if papers else None

    def _promise(self) -> tuple[Paper, Promise] | None:
        pairs = [(p, one) for p in self.model.papers if p.is_running for one in p.promises if not one.kept]
        overdue = [(paper, one) for paper, one in pairs if paper.breached and one.due_on < self.model.day]
        return self.draw(st.sampled_from(overdue or pairs)) if pairs else None

    def extend(self) -> None:
        if pair := self._promise():
            later = pair[1].due_on + timedelta(days=self.draw(st.integers(1, 90)))
            with on_day(self.model.day):
                extend_obligation(
                    actor=self.estate.cast.district.actor, obligation=Obligation.objects.get(pk=pair[1].key),
                    new_due_on=later, reason="汛期", on=self.model.day, first=FirstPerson.of(self.estate.cast.township.person),
                )  # fmt: skip
            pair[1].due_on = later
            self.model.settle(self.model.day)

    def keep(self) -> None:
        if pair := self._promise():
            row, cast, day = Obligation.objects.get(pk=pair[1].key), self.estate.cast, self.model.day
            with on_day(day):
                report_obligation(actor=cast.township.actor, obligation=row, on=day, text="已拆除", is_done=True)
                verify_obligation(
                    actor=cast.department.actor,
                    obligation=row,
                    on=day,
                    evidence="照片",
                    passed=True,
                    **photo(day, str(row.pk)),
                )
            pair[1].kept = True
            self.model.settle(day)

    def breach(self) -> None:
        if paper := self._some(lambda one: one.is_running and not one.breached and self.model.is_late(one)):
            with on_day(self.model.day):
                declare_breach(
                    actor=self.estate.cast.district.actor, instrument=Instrument.objects.get(pk=paper.key),
                    on=self.model.day, reason="催办无果",
                )  # fmt: skip
            paper.breached = True
            self.model.settle(self.model.day)

    def cure(self) -> None:
        if paper := self._some(lambda one: one.is_running and one.breached and not self.model.is_late(one)):
            with on_day(self.model.day):
                cure_breach(
                    actor=self.estate.cast.district.actor,
                    instrument=Instrument.objects.get(pk=paper.key),
                    reason="已改",
                )
            paper.breached = False
            self.model.settle(self.model.day)

    def revoke(self) -> None:
        if paper := self._some(lambda paper: paper.is_running):
            back = self.draw(st.integers(0, 10))
            on = max(paper.starts, self.model.day - timedelta(days=back))
            with on_day(self.model.day):
                revoke_instrument(
                    actor=self.estate.cast.district.actor, instrument=Instrument.objects.get(pk=paper.key), on=on,
                    reason="不再履行", first=FirstPerson.of(self.estate.cast.district_second.person),
                )  # fmt: skip
            paper.ends, paper.is_running = on, False

    def close(self) -> None:
        done = self._some(lambda paper: paper.is_running and self.model.is_kept(paper))
        if done is None:
            return
        cast, day, letter = self.estate.cast, self.model.day, Instrument.objects.get(pk=done.key)
        with on_day(day):
            request_closing(actor=cast.township.actor, instrument=letter, note="做到了")
            verify_closing(actor=cast.department.actor, instrument=letter, on=day, evidence="照片")
            close_letter(actor=cast.district.actor, instrument=letter, on=day)
        done.ends, done.is_running = day, False

    def pause(self) -> None:
        scope, day = self.draw(st.sampled_from(SCOPES)), self.model.day
        with on_day(day):
            pause_acceptances(
                actor=self.estate.cast.district.actor, project=self.estate.project, scope=scope, organ="区专班",
                basis="会议纪要", reason="待核查", starts=day,
            )  # fmt: skip
        self.model.pauses.append([self._caught(scope), day, None])

    def resume(self) -> None:
        own = {clause.pause for paper in self.model.papers for clause in paper.clauses}
        running = [n for n, one in enumerate(self.model.pauses) if one[2] is None and n not in own]
        rows = list(Pause.objects.filter(ends__isnull=True, organ="区专班").order_by("pk"))
        held = [n for n in running if self.model.pauses[n][1] in {row.starts for row in rows}]
        if not held or not rows:
            return
        row = rows[0]
        with on_day(self.model.day):
            end_pause(actor=self.estate.cast.district.actor, pause=row, ends=self.model.day, reason="核查清楚")
        match = next(n for n in held if self.model.pauses[n][1] == row.starts)
        self.model.pauses[match][2] = self.model.day

    def step(self) -> None:
        gate, part = self.draw(st.sampled_from(ROAD)), self.draw(st.sampled_from([Part.DWELLING, None]))
        day, facts = self.model.day, self.model.facts(self.ledger(), self.model.day)
        needed = [one for one in Gate.building_gates() if one in _needs(gate)]
        left_out = {
            unit.id
            for unit in self.model.units
            if not reference_gates.passable(unit, gate, facts, day)
            or any(
                not reference_gates.passed(unit, one, facts, day)
                and not reference_gates.passable(unit, one, facts, day)
                for one in needed
            )
        }
        lay_step(self.estate, gate, day, part=part)
        made = {(step.building, step.id): step for step in self.ledger().steps}
        known = {step.id for step in self.model.steps}
        for (building, key), step in made.items():
            if key not in known:
                within = {
                    unit.id
                    for unit in self.model.units
                    if building in (None, unit.building) and (part is None or unit.use == Use.DWELLING)
                }
                assert step.left_out == left_out & within, "left out by name are those not passable, and nobody else"
                self.model.steps.append(
                    StepFact(key, gate, building, part, StepStatus.PASSED, day, None, frozenset(left_out & within))
                )

    # -- the answer -------------------------------------------------------------------------------

    def compare(self) -> None:
        """Every day of the history and sixty days on: passable, cleared, ready, unit by unit."""
        ledger, last = self.ledger(), self.model.day
        for n in range((last - BEGIN).days + 60):
            day = BEGIN + timedelta(days=n)
            table, model = compute_gates(ledger, on=day), self.model.facts(ledger, day)
            for place, columns in enumerate(ledger.buildings):
                gates, plan = table.buildings[columns.id], ledger.plans[place]
                for key, standing in zip(columns.unit_ids, ledger.standings[place], strict=True):
                    unit = columns.unit(key)
                    bit = columns.bit(unit.id)
                    for gate in ROAD:
                        said = bool(gates.passable(gate) & bit)
                        assert said == reference_gates.passable(unit, gate, model, day), (day, unit, gate, "passable")
                    said = bool(gates.figure("cleared") & bit)
                    assert said == reference_gates.cleared(unit, plan, model, day), (day, unit, "cleared")
                    if day <= last:
                        said = bool(gates.figure("ready") & bit)
                        assert said == reference_gates.ready(unit, standing, plan, model, day), (day, unit, "ready")

    def remember(self) -> None:
        """What was known at the end of each day on which something was done is known for good."""
        for known_at, facts in list(self.known.items())[::4]:
            assert facts_of([self.estate.project.pk], known_at=known_at)[self.estate.project.pk] == facts


def _needs(gate: Gate) -> set[Gate]:
    found = set(GATES[gate].needs)
    return found.union(*(_needs(one) for one in found)) if found else found


def test_every_day_of_any_history_is_what_the_rules_say(cast: Cast) -> None:
    done: Counter[str] = Counter()

    @many_histories(seed=1)
    @given(data=st.data())
    def histories(data: st.DataObject) -> None:
        with undone():
            machine = Machine(cast, data, done)
            machine.letter()
            for _ in range(data.draw(st.integers(10, 20))):
                machine.live()
            machine.model.close_day()
            machine.compare()
            machine.remember()

    histories()
    if are_all_acts_expected():
        assert {act for act in ACTS if not done[act]} == set(), "an act that never happens proves nothing"
