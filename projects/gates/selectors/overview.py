"""The figures of projects as pages show them: one row a project, from tallies and spans alone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from projects.gates.selectors.assessed import assessed_projects
from projects.gates.selectors.spans import dwelling_figure, other_figure, readiness_counts, readiness_on
from projects.ledger.selectors.counts import Counts, counts_as_of, counts_on, present_counts
from registry.kernel.gates import ISSUED_UNREADY
from registry.kernel.gates.rest import ACCEPTED_APART, PAST_UNREADY, RECORDED_APART, REST_FIGURES, SPANNED, Rest
from registry.kernel.stages import STAGES, Track

DOABLE_STAGES = {"unaccepted": "未受理", "accepted": "已受理", "recorded": "已登簿未发证"}


@dataclass(frozen=True)
class Overview:
    """The figures of one project (or of a sum of projects). Homes in 套; others apart, in 间.

    Three fields say what of it nobody has assessed: projects, their homes that are due, and those of them that no
    blocker is in the way of, as nobody has looked for one. `rest` has the classes of 剩余 that go by the gates.
    """

    counts: Counts
    readiness: Counter[tuple[str, str]]
    unassessed_projects: int = 0
    unassessed: int = 0
    unassessed_cleared: int = 0
    rest: Counter[str] = field(default_factory=Counter)

    @property
    def due(self) -> int:
        """应办（住宅）。"""
        return self.counts.due(dwelling=True)

    @property
    def involved(self) -> int:
        """涉及（住宅）。"""
        return self.counts.total(dwelling=True)

    @property
    def excluded(self) -> int:
        """核减（住宅）。"""
        return self.counts.total(dwelling=True, standing="excluded")

    @property
    def cleared(self) -> int:
        """没有未解除堵点限制的住宅，没有研判过的也在内：2022年的口径，已结账的月份照它。"""
        return dwelling_figure(self.readiness, "cleared")

    @property
    def cleared_assessed(self) -> int:
        """已打通（住宅），未研判的除外。"""
        return self.cleared - self.unassessed_cleared

    @property
    def assessed(self) -> int:
        """打通率的分母：应办 − 未研判（住宅）。"""
        return self.due - self.unassessed

    @property
    def registered(self) -> int:
        """已首登（住宅）。"""
        return dwelling_figure(self.readiness, "registered")

    @property
    def ready(self) -> int:
        """可办（住宅），含已发证。"""
        return dwelling_figure(self.readiness, "ready")

    @property
    def issued(self) -> int:
        """已发证（住宅）。"""
        return self.counts.at("certificate", "issued")

    @property
    def remaining(self) -> int:
        """剩余（住宅）= 应办 − 已发证。"""
        return self.due - self.issued

    @property
    def held(self) -> int:
        """暂缓，未发证（住宅）。"""
        return self.counts.standing_not_issued("held")

    @property
    def carried(self) -> int:
        """挂账，未发证（住宅）。"""
        return self.counts.standing_not_issued("carried")

    @property
    def ready_not_issued(self) -> int:
        """可办未办（住宅）：已发证而目前不再可办的（暂停、后来发现的问题）不冲减。"""
        return self.ready - (self.issued - dwelling_figure(self.readiness, ISSUED_UNREADY))

    @property
    def blocked(self) -> int:
        """堵点未解除（住宅）= 剩余 − 可办未办 − 暂缓 − 挂账。"""
        return self.remaining - self.ready_not_issued - self.held - self.carried

    def rest_of(self, rest: Rest) -> int:
        """剩余中一类的住宅，各类互不重叠，合计等于剩余。"""
        if rest in (Rest.CARRIED, Rest.HELD):
            return self.counts.standing_not_issued(rest.value)
        if rest == Rest.DOABLE:
            return sum(self.rest[stage] for stage in DOABLE_STAGES)
        return self.rest[rest.value]

    @property
    def doable_stages(self) -> tuple[tuple[str, int], ...]:
        """可办未办按阶段分：未受理、已受理、已登簿未发证。"""
        return tuple((label, self.rest[stage]) for stage, label in DOABLE_STAGES.items())

    @property
    def others(self) -> int:
        """商业、配套等（间），核减除外。"""
        return self.counts.due(dwelling=False)

    @property
    def others_cleared(self) -> int:
        """已打通的商业、配套等（间）。"""
        return other_figure(self.readiness, "cleared")

    def reached(self, stage: str) -> int:
        """到达或超过一个办证阶段（住宅）。"""
        return self.counts.reached("certificate", stage)


def overviews(
    project_ids: Iterable[int], *, on: date, known_at: datetime | None = None, placed_on: date | None = None
) -> dict[int, Overview]:
    """Return the figures of projects: present ones from tallies, past ones from moves. Three or six queries.

    As known at a moment, a building counts in the project in which it stood on `placed_on` (None: on that day too).
    """
    ids = list(project_ids)
    if known_at is None:
        counts = present_counts(ids)
    else:
        counts = counts_as_of(on=on, known_at=known_at, project_ids=ids, placed_on=placed_on)
    readiness = readiness_counts(ids, on=on, known_at=known_at, placed_on=placed_on)
    assessed = assessed_projects(ids, on=on, known_at=known_at)
    return {key: _overview(counts[key], readiness.get(key, Counter()), key in assessed) for key in ids}


def overviews_on(project_ids: Iterable[int], *, on: date) -> dict[int, Overview]:
    """Return the figures of projects on a day as known now, from tallies and spans; no move but the later ones is read.

    A building counts in the project in which it stood on that day. Seven queries.
    """
    ids = list(project_ids)
    counts = counts_on(on=on, project_ids=ids)
    readiness = readiness_on(ids, on=on)
    assessed = assessed_projects(ids, on=on)
    return {key: _overview(counts[key], readiness.get(key, Counter()), key in assessed) for key in ids}


HEADLINES = ("cleared", "ready")


def headlines(project_ids: Iterable[int], *, on: date) -> dict[int, Overview]:
    """Return the figures that a list of projects prints: no class of 剩余, and of the gates 已打通 and 可办 alone.

    Three queries, over a fifth of the rows that `overviews` reads.
    """
    ids = list(project_ids)
    counts, assessed = present_counts(ids), assessed_projects(ids, on=on)
    readiness = readiness_counts(ids, on=on, figures=HEADLINES)
    return {key: _headline(counts[key], readiness.get(key, Counter()), key in assessed) for key in ids}


def _headline(counts: Counts, readiness: Counter[tuple[str, str]], is_assessed: bool) -> Overview:
    if is_assessed:
        return Overview(counts, readiness)
    return Overview(counts, readiness, 1, counts.due(dwelling=True), dwelling_figure(readiness, "cleared"))


def overview_of(project_id: int, *, on: date, counts: Counts) -> Overview:
    """Return the figures of one project whose present counts are at hand. Two queries."""
    readiness = readiness_counts([project_id], on=on).get(project_id, Counter())
    return _overview(counts, readiness, bool(assessed_projects([project_id], on=on)))


def _overview(counts: Counts, readiness: Counter[tuple[str, str]], is_assessed: bool) -> Overview:
    rest = rest_of_project(counts, readiness, is_assessed)
    if is_assessed:
        return Overview(counts, readiness, rest=rest)
    return Overview(counts, readiness, 1, counts.due(dwelling=True), dwelling_figure(readiness, "cleared"), rest)


def rest_of_project(counts: Counts, readiness: Counter[tuple[str, str]], is_assessed: bool) -> Counter[str]:
    """Count the classes of 剩余 of one project that go by its gates, from tallies and spans, none as a remainder.

    可办未办 comes by its stages: `unaccepted`, `accepted`, `recorded`.
    """
    if not is_assessed:
        open_stages = [stage.code for stage in STAGES[Track.CERTIFICATE] if stage.code != "issued"]
        return Counter({Rest.UNASSESSED.value: counts.active_at(*open_stages)})
    spans = {figure: dwelling_figure(readiness, figure) for figure in ("ready", *REST_FIGURES)}
    return Counter(
        {rest.value: spans[rest.value] for rest in SPANNED}
        | {
            "unaccepted": spans["ready"] - (counts.reached("certificate", "accepted") - spans[PAST_UNREADY]),
            "accepted": counts.active_at("accepted") - spans[ACCEPTED_APART],
            "recorded": counts.active_at("recorded", "printed") - spans[RECORDED_APART],
        }
    )
