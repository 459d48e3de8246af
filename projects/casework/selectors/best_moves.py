"""Moves as pages print them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from projects.casework.selectors.leverage import Ranked
from registry.kernel.gates import BlockerFact
from registry.kernel.leverage import Freed, Move


@dataclass(frozen=True)
class MoveCard:
    """A move with its blockers in place of their keys."""

    blockers: Sequence[BlockerFact]
    freed: Freed
    days: int
    needs: Sequence[str]
    together: Sequence[str]
    freed_together: Freed

    @property
    def holders(self) -> str:
        """Who has to act, each once."""
        return "、".join(dict.fromkeys(blocker.holder or "未确定" for blocker in self.blockers))

    @property
    def is_unit_level(self) -> bool:
        """Whether its blockers stop single units only, and so stand in no building gate."""
        return all(blocker.gate.is_unit_level for blocker in self.blockers)


def move_cards(ranked: Ranked, limit: int | None = None) -> list[MoveCard]:
    """Return the first moves of a project with their blockers. No query."""
    return [_card(ranked, move) for move in ranked.moves[:limit]]


def _card(ranked: Ranked, move: Move) -> MoveCard:
    def numbers(keys: Sequence[int]) -> list[str]:
        return [ranked.blockers[key].number for key in keys]

    return MoveCard(
        blockers=[ranked.blockers[key] for key in move.blockers],
        freed=move.freed,
        days=move.days,
        needs=numbers(move.needs),
        together=numbers(move.together),
        freed_together=move.freed_together,
    )


def top_homes(rows: Any) -> int:
    """Return the homes that the best of the rows frees: the full length of a bar. One query."""
    first = rows.prefetch_related(None).values_list("homes", flat=True).first()
    return int(first or 0)
