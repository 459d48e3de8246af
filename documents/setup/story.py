"""The story's projects, act by act, at the moments at which they were recorded (backfill into an empty ledger)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from commitments.models import InstrumentKind
from commitments.services import (
    ClauseDraft,
    LetterDraft,
    ObligationDraft,
    approve_instrument,
    draft_instrument,
    sign_instrument,
)
from projects.casework.services.turns import hand_over
from projects.gates.models import Blocker, BlockerType, LiftKind
from projects.gates.services import check_condition, raise_blocker, record_steps
from projects.ledger.models import Building, Project, Unit
from projects.ledger.models.project import NoteKind
from projects.ledger.services.projects import add_note
from projects.progress.models import ReturnKind
from projects.progress.services import advance_units, change_standing
from projects.progress.services.submissions import hand_in, return_units
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor
from registry.kernel.gates import Gate, StepStatus
from registry.kernel.scope import EVERYTHING, NOTHING, Scope, scope_of
from registry.kernel.stages import Feature, Part, Standing, Track, Use
from registry.store.clock import SHANGHAI, stated

HOMES = scope_of(uses={Use.DWELLING})
ALTERED = scope_of(features=Feature.MEZZANINE) | scope_of(features=Feature.ALTERED_USE)


@contextmanager
def on_day(day: date, hour: int = 10) -> Iterator[None]:
    """Let the acts inside be recorded on a day."""
    with stated(datetime.combine(day, time(hour), SHANGHAI)):
        yield


class Story:
    """One project's acts, by the system, as of the days on which they happened."""

    def __init__(self, actor: Actor, project: Project, organisations: dict[str, Organisation]) -> None:
        self.actor, self.project, self.organisations = actor, project, organisations

    def blocker(
        self, code: str, on: date, scope: Scope = EVERYTHING, fault: Scope = NOTHING, holder: str = "", **words: Any
    ) -> Blocker:
        """Raise a blocker on the day on which it was found."""
        with on_day(on):
            blocker: Blocker = raise_blocker(
                actor=self.actor,
                project=self.project,
                type=BlockerType.objects.get(code=code),
                title=words.pop("title", ""),
                scope=scope,
                at_fault=fault,
                found_on=on,
                responsible=self.organisations.get(holder),
                **words,
            )
        return blocker

    def hand(self, on: date, blocker: Blocker, to: str, limit: int, reason: str) -> None:
        """Give the ball of a blocker to another organisation."""
        with on_day(on):
            hand_over(
                actor=self.actor, blocker=blocker, to=self.organisations[to], on=on, limit_days=limit, reason=reason
            )

    def step(
        self,
        gate: Gate,
        on: date,
        number: str,
        organ: str,
        *,
        part: Part | None = None,
        status: StepStatus = StepStatus.PASSED,
        recorded: date | None = None,
        buildings: Sequence[Building] = (),
    ) -> None:
        """Record a document that passes a gate."""
        with on_day(recorded or on):
            record_steps(
                actor=self.actor,
                project=self.project,
                gate=gate,
                status=status,
                buildings=list(buildings),
                part=part,
                document_no=number,
                organ=organ,
                issued_on=on,
                effective_on=on,
            )

    def lift(
        self, on: date, kind: InstrumentKind, number: str, issuer: str, clauses: list[ClauseDraft], **words: Any
    ) -> None:
        """Draft, sign and approve an instrument in one day."""
        with on_day(on):
            instrument = draft_instrument(
                actor=self.actor,
                project=self.project,
                kind=kind,
                title=words.pop("title", ""),
                issuer=self.organisations[issuer],
                clauses=clauses,
                **words,
            )
            self._check_conditions(on, clauses)
            sign_instrument(actor=self.actor, instrument=instrument, number=number, signed_on=on)
        with on_day(on, 16):
            approve_instrument(actor=self.actor, instrument=instrument, effective_on=on)

    def _check_conditions(self, on: date, clauses: Sequence[ClauseDraft]) -> None:
        """Record the check of each condition that a clause rests on; the day's act is open."""
        for one in clauses:
            if one.blocker.type.lift == LiftKind.CONDITIONAL:
                check_condition(actor=self.actor, blocker=one.blocker, checked_on=on, document=one.condition_met)

    def move(self, on: date, track: Track, to: str, units: Sequence[int]) -> None:
        """Move units to a stage on a day."""
        if units:
            with on_day(on, 15):
                outcome = advance_units(
                    actor=self.actor, project=self.project, unit_ids=units, track=track, to=to, occurred_on=on
                )
            if outcome.refused:
                raise RuntimeError(f"the story does not hold: {outcome.refused[0].reason}")

    def homes(self) -> list[int]:
        """The homes in the order in which the office takes them."""
        rows = Unit.objects.filter(building__project=self.project, use="dwelling", standing="active")
        first = rows.order_by("id").values_list("id", flat=True)
        return sorted(first, key=lambda key: key * 7919 % 10007)

    def hold(self, on: date, units: Sequence[int], reason: str, evidence: str, review_on: date) -> None:
        """Hold units with a reason."""
        with on_day(on):
            change_standing(
                actor=self.actor,
                project=self.project,
                unit_ids=units,
                standing=Standing.HELD,
                reason=reason,
                evidence=evidence,
                on=on,
                review_on=review_on,
            )

    def hand_in(self, on: date, units: Sequence[int], list_no: str) -> None:
        """Bring the papers of homes to the registration centre."""
        with on_day(on):
            hand_in(actor=self.actor, project=self.project, unit_ids=units, on=on, list_no=list_no)

    def give_back(self, on: date, units: Sequence[int], kind: ReturnKind, lacks: str, paper_no: str = "") -> None:
        """Give papers back from the registration centre."""
        with on_day(on):
            return_units(
                actor=self.actor, project=self.project, unit_ids=units, on=on, kind=kind, lacks=lacks, paper_no=paper_no
            )

    def note(self, on: date, kind: NoteKind, text: str) -> None:
        """Write a note."""
        with on_day(on):
            add_note(actor=self.actor, project=self.project, kind=kind, text=text, noted_on=on)

    def road_to_issued(self, schedule: Sequence[tuple[date, dict[str, int]]], units: Sequence[int]) -> None:
        """Bring the first so many units to each stage by each day of the schedule."""
        reached = dict.fromkeys(("notified", "collected", "accepted", "recorded", "printed", "issued"), 0)
        for day, targets in schedule:
            for stage, wanted in targets.items():
                fresh = units[reached[stage] : wanted]
                if stage == "accepted":
                    self.move(day, Track.TAX, "settled", fresh)
                    self.move(day, Track.FUND, "settled", fresh)
                self.move(day, Track.CERTIFICATE, stage, fresh)
                reached[stage] = wanted


EARLY = (  # of the estates built from 2011 on
    (Gate.LAND_SUPPLY, date(2011, 5, 16), "×政地〔2011〕27号", "规自分局（演示）"),
    (Gate.LAND_PLAN_PERMIT, date(2011, 9, 2), "2011规地字0012号", "规自分局（演示）"),
    (Gate.WORKS_PLAN_PERMIT, date(2012, 3, 20), "2012规建字0031号", "规自分局（演示）"),
    (Gate.CONSTRUCTION_PERMIT, date(2012, 6, 8), "2012施建字0045号", "区住建委（演示）"),
    (Gate.CIVIL_DEFENCE, date(2014, 10, 21), "2014人防验0007号", "区人防办（演示）"),
)
NINETIES = (  # of the estate that was lived in from 1995 on
    (Gate.LAND_PLAN_PERMIT, date(1992, 9, 10), "92规地字012号", "区规划局（演示）"),
    (Gate.WORKS_PLAN_PERMIT, date(1993, 3, 18), "93规建字031号", "区规划局（演示）"),
    (Gate.CONSTRUCTION_PERMIT, date(1993, 6, 8), "93开字045号", "区建委（演示）"),
    (Gate.CIVIL_DEFENCE, date(1995, 4, 21), "95人防验007号", "区人防办（演示）"),
)
NOUGHTIES = (  # of the estate that was lived in from 2009 on
    (Gate.LAND_SUPPLY, date(2005, 5, 16), "×政地〔2005〕27号", "国土分局（演示）"),
    (Gate.LAND_PLAN_PERMIT, date(2005, 9, 2), "2005规地字0012号", "规划分局（演示）"),
    (Gate.WORKS_PLAN_PERMIT, date(2006, 3, 20), "2006规建字0031号", "规划分局（演示）"),
    (Gate.CONSTRUCTION_PERMIT, date(2006, 6, 8), "2006施建字0045号", "区建委（演示）"),
    (Gate.CIVIL_DEFENCE, date(2008, 10, 21), "2008人防验0007号", "区民防局（演示）"),
)
Permit = tuple[Gate, date, str, str]


def early_steps(story: Story, recorded: date, permits: Sequence[Permit] = EARLY) -> None:
    """Record the permits of the building time, as papers found in the archive."""
    for gate, on, number, organ in permits:
        story.step(gate, on, number, organ, recorded=recorded)


def letter_of(story: Story, recipient: str, fault: str, promises: Sequence[tuple[str, date, str, str]]) -> LetterDraft:
    """Make a letter's own part: recipient, fault, obligations (what, due, proof, verifier)."""
    return LetterDraft(
        recipient=story.organisations[recipient],
        fault=fault,
        obligations=tuple(
            ObligationDraft(what, due, proof, story.organisations[verifier]) for what, due, proof, verifier in promises
        ),
        performer=story.project.developer,
        undertaking_no="×企承〔2021〕3号",
        liability="整改资金不足部分由我单位先行垫付并依法追偿。",
        advance_source="属地财政机动经费，列入2021年预算",
    )


def clause(blocker: Blocker, scope: Scope = HOMES, condition: str = "") -> ClauseDraft:
    """Make a clause for the homes."""
    return ClauseDraft(blocker, scope, condition_met=condition)
