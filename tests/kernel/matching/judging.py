"""The matcher judged on labelled tickets: the figures of `thresholds`, and the curve of precision and recall."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pypinyin import Style, lazy_pinyin

from registry.kernel.matching.index import KnownIndex
from registry.kernel.matching.known import AddressRange, KnownProject, Match, TicketText, Verdict
from registry.kernel.matching.matcher import match_text
from registry.kernel.names import building_number
from tests.kernel.matching.world import Labelled, World


def syllable(character: str) -> str:
    return "".join(lazy_pinyin(character, style=Style.NORMAL))


def index_of(world: World) -> KnownIndex:
    return KnownIndex(
        (
            KnownProject(
                key=estate.id,
                names=tuple(name.text for name in estate.names),
                buildings=estate.buildings,
                other_numbers=estate.schemes,
                addresses=(AddressRange(estate.road, estate.low, estate.high),),
                township=estate.township,
                district=estate.district,
                developer=f"{estate.developer}房地产开发有限公司",
            )
            for estate in world.estates
        ),
        syllable=syllable,
        city=world.city,
    )


def ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


@dataclass
class Judged:
    """What was made of each ticket."""

    pairs: list[tuple[Labelled, Match]] = field(default_factory=list)

    def count(self, kind: str) -> int:
        return sum(ticket.kind == kind for ticket, _ in self.pairs)

    def share(self, kind: str, good: Iterable[tuple[Labelled, Match]]) -> float:
        return ratio(sum(ticket.kind == kind for ticket, _ in good), self.count(kind))

    @property
    def accepted(self) -> list[tuple[Labelled, Match]]:
        return [pair for pair in self.pairs if pair[1].verdict is Verdict.ACCEPT]

    def right(self) -> list[tuple[Labelled, Match]]:
        return [pair for pair in self.pairs if pair[0].project is not None and pair[1].project == pair[0].project]

    def figures(self, world: World) -> dict[str, float]:
        accepted, right = self.accepted, self.right()
        good = [pair for pair in accepted if pair[1].project == pair[0].project and pair[0].project is not None]
        units = [pair for pair in good if pair[0].kind == "project" and pair[0].building]
        none = [
            pair for pair in self.pairs if pair[1].verdict in (Verdict.NONE, Verdict.OTHER) or not pair[1].candidates
        ]
        return {
            "precision": ratio(len(good), len(accepted)),
            "recall": self.share("project", good),
            "top one": self.share("project", right),
            "nobody accepted": sum(ticket.kind == "nobody" for ticket, _ in accepted),
            "twins wrong": sum(
                ticket.project is not None and match.project == world.estates[ticket.project].twin
                for ticket, match in accepted
            ),
            "none right": self.share("none", none),
            "other out": self.share("other", [pair for pair in self.pairs if pair[1].verdict is Verdict.OTHER]),
            "ours kept out": self.share("project", [pair for pair in self.pairs if pair[1].verdict is Verdict.OTHER]),
            "quotes followed": self.share("quote", good),
            "unit right": ratio(
                sum(
                    (match.building, match.room) == (building_number(ticket.building), ticket.room)
                    for ticket, match in units
                ),
                len(units),
            ),
        }

    def curve(self) -> list[tuple[int, float, float]]:
        """Return precision and recall when whatever has a gap of so many points were accepted."""
        told, points = self.count("project") + self.count("quote"), []
        for gap in (0, 2, 5, 8, 11, 14, 20, 26, 32, 40, 50, 60):
            taken = [
                (ticket, match)
                for ticket, match in self.pairs
                if match.candidates and match.gap >= gap and match.verdict in (Verdict.ACCEPT, Verdict.PROPOSE)
            ]
            good = sum(ticket.project is not None and match.project == ticket.project for ticket, match in taken)
            points.append((gap, ratio(good, len(taken)), ratio(good, told)))
        return points

    def verdicts(self) -> Counter[tuple[str, str]]:
        return Counter((ticket.kind, match.verdict.value) for ticket, match in self.pairs)


def judge(index: KnownIndex, tickets: Iterable[Labelled]) -> Judged:
    """Match tickets in their order; a quoted number is known once its own ticket was matched rightly."""
    earlier: dict[str, int] = {}
    judged = Judged()
    for ticket in tickets:
        match = match_text(index, TicketText(ticket.text, ticket.address, ticket.township), earlier=earlier)
        judged.pairs.append((ticket, match))
        if ticket.kind == "project" and ticket.project is not None:
            earlier[ticket.number] = ticket.project
    return judged


def b_cubed(groups: Iterable[Iterable[int]], truth: dict[int, int]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of clusters, ticket by ticket, against the estate of each."""
    sizes = Counter(truth.values())
    precision = recall = 0.0
    for group in groups:
        counts = Counter(truth[key] for key in group)
        whole = sum(counts.values())
        for estate, count in counts.items():
            precision += count * count / whole
            recall += count * count / sizes[estate]
    precision, recall = precision / len(truth), recall / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)
