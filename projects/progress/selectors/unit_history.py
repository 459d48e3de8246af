"""The one history of a home: who did what to it, newest first, each act once."""

from datetime import date
from typing import Any

from projects.ledger.choices import MoveKind
from projects.ledger.models import Move, Unit
from projects.progress.models import Submission
from registry.audit.selectors import Happening, timeline, told
from registry.kernel.stages import Standing, Track, Use, stage_of

MOST = 40


def unit_history(unit: Unit) -> list[Happening]:
    """List what was done to a home: its moves in words of its own, and every other act on it. Five queries.

    An act on hundreds of homes counts them; here it says what became of this one.
    """
    moves: dict[int, list[Move]] = {}
    for move in Move.objects.filter(unit=unit).order_by("-id")[:MOST]:
        moves.setdefault(move.act_id, []).append(move)
    papers = _papers_told(unit)
    acts = told({*moves, *papers})
    lines = [
        Happening(key, acts[key][0].at, acts[key][0].who, _told(moves[key], acts[key][1]), _reason(moves[key]))
        for key in moves
        if key in acts
    ]
    lines += [
        Happening(key, acts[key][0].at, acts[key][0].who, text, "") for key, text in papers.items() if key in acts
    ]
    every = timeline(table=Unit._meta.db_table, key=unit.pk, limit=MOST)
    others = [act for act in every if act.act_id not in moves and act.act_id not in papers]
    return sorted((*lines, *others), key=lambda line: (line.at, line.act_id), reverse=True)[:MOST]


def _papers_told(unit: Unit) -> dict[int, str]:
    """Say, by act, when the papers of the home went to the registration centre and came back. One query."""
    said = {}
    for row in Submission.objects.filter(unit=unit).order_by("-id")[:MOST]:
        if row.handed_on:
            said[row.act_id] = f"送登记中心，送件日期{row.handed_on}{f'，清单{row.list_no}' if row.list_no else ''}"
        if row.returned_act_id:
            paper = f"，告知书{row.paper_no}" if row.paper_no else ""
            said[row.returned_act_id] = (
                f"登记中心退回（{f'{row.how}，' if row.how else ''}{row.returned_on}{paper}）：{row.lacks}"
            )
    return said


def _told(moves: list[Move], facts: dict[str, Any]) -> str:
    """Say what the moves of one act did: the stages by name, the day, the evidence."""
    said = list(dict.fromkeys(_moved(move) for move in sorted(moves, key=lambda move: move.pk)))
    on: date = moves[0].occurred_on
    evidence = f"，凭证{facts['evidence']}" if facts.get("evidence") else ""
    return f"{'；'.join(said)}，办理日期{on}{evidence}"


def _moved(move: Move) -> str:
    track = Track(move.track)
    frm = stage_of(track, move.from_stage).label if move.from_stage else ""
    to = stage_of(track, move.to_stage).label if move.to_stage else ""
    if move.kind == MoveKind.OPENING:
        return f"入账，{track.label}“{to}”" if to else "入账"
    if move.kind == MoveKind.RETIREMENT:
        return "核销"
    if move.kind == MoveKind.STANDING and move.to_standing:
        return f"状态改为“{Standing(move.to_standing).label}”"
    if move.kind == MoveKind.USE and move.to_use:
        return f"用途改为“{Use(move.to_use).label}”"
    if move.kind == MoveKind.PLACEMENT:
        return "归属变更"
    words = {MoveKind.CORRECTION: "更正", MoveKind.BACK: "退回"}.get(MoveKind(move.kind), "")
    return f"{words}{track.label}：{frm}→{to}" if frm else f"{words}{track.label}：{to}"


def _reason(moves: list[Move]) -> str:
    return next((move.reason for move in moves if move.reason), "")
