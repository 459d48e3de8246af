"""Any history of the ledger keeps its invariants: raised, narrowed, widened, resolved, reopened, handed on, split,
merged, stepped, revoked, issued, in any order; no sum changes but by what was done, and every old number resolves."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from projects.casework.services.turns import hand_over
from projects.gates.models import BasisDocument, Blocker, BlockerType
from projects.gates.selectors.facts import facts_of
from projects.gates.selectors.spans import dwelling_figure, readiness_counts
from projects.gates.services import (
    change_scope,
    raise_blocker,
    record_steps,
    reopen_blocker,
    resolve_blocker,
    revoke_document,
)
from projects.ledger.models import Building, Project, Tally, Unit
from projects.ledger.selectors.projects import project_by_code
from projects.progress.services import advance_units
from projects.progress.services.merge import merge_projects
from projects.progress.services.split import split_project
from registry.kernel.authority import Actor, system_actor
from registry.kernel.errors import DomainError
from registry.kernel.gates import Gate, ProjectFacts, StepStatus, compute_gates
from registry.kernel.scope import EVERYTHING, NOTHING, Scope, scope_of
from registry.kernel.stages import Track, Use
from registry.store.clock import shanghai_day
from registry.store.guard import fixture_writes
from tests.factories.books import faults_in_the_books
from tests.factories.histories import are_all_acts_expected, many_histories, undone
from tests.factories.projects import TODAY, Estate, moment, on_day
from tests.projects.progress.test_merge_split import twin

ACTS = ("raise", "rescope", "resolve", "reopen", "split", "merge", "step", "revoke", "move", "hand")
STAGES = ("notified", "collected", "accepted", "recorded", "printed", "issued")


class History:
    """One history of a city of two projects: what is done next is drawn, what is refused is refused whole."""

    def __init__(self, estate: Estate, data: st.DataObject, done: Counter[str]) -> None:
        self.estate, self.data, self.done = estate, data, done
        self.actor: Actor = system_actor("试")
        self.day: date = TODAY
        self.units = Unit.objects.count()
        self.known: dict[datetime, dict[int, ProjectFacts]] = {}
        self.issued: set[int] = set(Unit.objects.filter(certificate="issued").values_list("id", flat=True))

    def draw(self, choices: Any) -> Any:
        found = list(choices)
        if not found:
            raise IndexError("nothing to draw from")
        return self.data.draw(st.sampled_from(found))

    def live(self) -> None:
        self.day += timedelta(days=self.data.draw(st.integers(0, 9)))
        name = self.draw(ACTS)
        act: Callable[[], Any] = getattr(self, f"_{name}")
        with suppress(DomainError, IndexError), transaction.atomic(), on_day(self.day):
            act()
            self.done[name] += 1
            if name in ("split", "merge"):
                self.known.clear()  # what they move is told where it stands now
        self.known[moment(self.day, 23)] = self.facts()
        self.check()

    def facts(self, known_at: datetime | None = None) -> dict[int, ProjectFacts]:
        """What is known of each project, but for who has a blocker in hand, which no rule reads."""
        facts = facts_of(Project.objects.values_list("id", flat=True), known_at=known_at)
        return {
            key: replace(each, blockers=tuple(replace(blocker, holder="") for blocker in each.blockers))
            for key, each in facts.items()
        }

    def remember(self) -> None:
        """Whatever was recorded later, what was known is known for good: gates, spans and the homes themselves."""
        for known_at, facts in list(self.known.items())[::3]:
            again = self.facts(known_at)
            assert again == facts
            on = shanghai_day(known_at)
            spans = readiness_counts(list(facts), on=on, known_at=known_at)
            for key, then in again.items():
                assert dwelling_figure(spans[key], "ready") == compute_gates(then, on=on).count(
                    "ready", uses=[Use.DWELLING]
                )

    def check(self) -> None:
        issued = set(Unit.objects.filter(certificate="issued").values_list("id", flat=True))
        assert Unit.objects.count() == self.units
        assert issued >= self.issued, "what is issued is never taken back"
        assert faults_in_the_books() == []
        whole = Tally.objects.filter(track="certificate").values_list("count", flat=True)
        assert sum(whole) == self.units
        for code in Project.objects.values_list("code", flat=True):
            assert project_by_code(self.estate.cast.city.actor, code).merged_into_id is None
        self.issued = issued

    def _alive(self) -> list[Project]:
        return list(Project.objects.filter(merged_into__isnull=True).order_by("id"))

    def _scope(self, project: Project) -> Scope:
        keys = list(Building.objects.filter(project=project).order_by("id").values_list("id", flat=True))
        return self.draw([EVERYTHING, scope_of(buildings={keys[0]}), scope_of(buildings={keys[-1]})])

    def _blockers(self, *, is_open: bool) -> list[Blocker]:
        found = Blocker.objects.filter(withdrawn_reason="", resolved_on__isnull=is_open)
        return list(found.select_related("project", "type", "responsible").order_by("id"))

    def _raise(self) -> None:
        project = self.draw(self._alive())
        raise_blocker(
            actor=self.actor, project=project, type=BlockerType.objects.get(code=self.draw(("P05", "L05", "P03"))),
            title="", scope=self._scope(project), at_fault=NOTHING, found_on=self.day,
            responsible=self.estate.cast.department.organisation,
        )  # fmt: skip

    def _rescope(self) -> None:
        blocker = self.draw(self._blockers(is_open=True))
        change_scope(
            actor=self.actor, blocker=blocker, scope=self._scope(blocker.project), at_fault=NOTHING,
            effective_on=self.day, reason="重新圈定",
        )  # fmt: skip

    def _resolve(self) -> None:
        resolve_blocker(
            actor=self.actor, blocker=self.draw(self._blockers(is_open=True)), resolved_on=self.day, resolution="已办"
        )

    def _reopen(self) -> None:
        reopen_blocker(
            actor=self.actor, blocker=self.draw(self._blockers(is_open=False)), reopened_on=self.day, reason="又发现"
        )

    def _hand(self) -> None:
        to = self.draw((self.estate.cast.tax, self.estate.cast.centre, self.estate.cast.department)).organisation
        hand_over(
            actor=self.actor, blocker=self.draw(self._blockers(is_open=True)), to=to, on=self.day, limit_days=5,
            reason="请办",
        )  # fmt: skip

    def _split(self) -> None:
        project = self.draw(self._alive())
        keys = list(Building.objects.filter(project=project).order_by("id").values_list("id", flat=True))
        split_project(
            actor=self.actor, project=project, building_ids=keys[:1], code=f"CY-8{Project.objects.count():03d}",
            name="分期", on=self.day, reason="分期",
        )  # fmt: skip

    def _merge(self) -> None:
        into, absorbed = self.draw(self._alive()), self.draw(self._alive())
        merge_projects(actor=self.actor, project=into, absorbed=absorbed, on=self.day, reason="同一项目")

    def _step(self) -> None:
        record_steps(
            actor=self.actor, project=self.draw(self._alive()), status=StepStatus.PASSED, buildings=(), part=None,
            gate=self.draw((Gate.PLANNING_VERIFICATION, Gate.COMPLETION_FILING, Gate.FIRST_REGISTRATION)),
            document_no=f"试〔{self.day}〕{BasisDocument.objects.count()}", organ="规自分局", issued_on=self.day,
            effective_on=self.day,
        )  # fmt: skip

    def _revoke(self) -> None:
        document = self.draw(BasisDocument.objects.order_by("id"))
        revoke_document(actor=self.actor, document=document, revoked_on=self.day, reason="出错")

    def _move(self) -> None:
        unit = Unit.objects.select_related("building__project").get(pk=self.draw(self.estate.homes))
        track, to = Track.CERTIFICATE, self.draw(STAGES)
        if to == "recorded" and unit.tax != "settled":
            track, to = Track.TAX, "settled"
        moved = advance_units(
            actor=self.actor, project=unit.building.project, unit_ids=[unit.pk], track=track, to=to,
            occurred_on=self.day,
        )  # fmt: skip
        assert len(moved.moved) == 1


def test_any_history_keeps_every_invariant(story: Estate) -> None:
    done: Counter[str] = Counter()
    twin(story)

    @many_histories(seed=1)
    @given(data=st.data())
    def histories(data: st.DataObject) -> None:
        with undone():
            history = History(story, data, done)
            for _ in range(data.draw(st.integers(6, 14))):
                history.live()
            history.remember()

    histories()
    if are_all_acts_expected():
        assert {act for act in ACTS if not done[act]} == set(), "an act that never happens proves nothing"


def test_a_tally_that_was_tampered_with_stops_the_history(story: Estate) -> None:
    with fixture_writes():
        tally = Tally.objects.filter(count__gt=0).first()
        assert tally is not None
        Tally.objects.filter(pk=tally.pk).update(count=tally.count + 1)

    assert faults_in_the_books() != []
