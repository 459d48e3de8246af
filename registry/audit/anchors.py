"""The heads of the chains, kept outside the database: a record cut off or made anew shows, whoever owns the database.

One line of JSON a time in `DATA_DIR/anchors/heads.jsonl`, only ever appended to: the moment, the heads that moved
since the line before, the digest of that line, and a seal with the key file. The database keeps how far the file goes
(`AnchorTail`), so that an emptied or shortened file shows. Copy the file to another machine; a copy is checked like the
file itself (`verify_audit --anchor FILE`).
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.conf import settings
from django.db import transaction

from registry.audit.models import Act, AnchorTail, ChainHead
from registry.audit.recording import canonical
from registry.store.crypto import keyed_digest
from registry.store.guard import technical_writes

KIND: Final = "audit.anchor"


@dataclass(frozen=True)
class AnchorFault:
    """One place where the file and the record differ. `chain` and `seq` are 0 where the file itself is at fault."""

    chain: int
    seq: int
    what: str


def anchor_file() -> Path:
    """Return where the anchors lie."""
    return Path(settings.DATA_DIR) / "anchors" / "heads.jsonl"


def anchor_heads(*, at: datetime) -> int:
    """Append the heads that moved since the last line and return how many. Nothing moved, no line.

    The first line is written even without a head: from it on no act without its seal passes for an old one. A file that
    lost lines goes on at its end and is named all the same: what the database keeps of it is never less than it was.
    """
    path = anchor_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known, previous = _read_known(file)
        moved = [
            [head.chain, head.seq, head.hash]
            for head in ChainHead.objects.order_by("chain")
            if known.get(head.chain) != (head.seq, head.hash)
        ]
        if moved or not previous:
            line = {"at": at.isoformat(timespec="seconds"), "heads": moved, "previous": previous}
            sealed = {**line, "seal": keyed_digest(KIND, canonical(line))}
            file.write(canonical(sealed).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        _note_tail(file)
    return len(moved)


def _note_tail(file: BinaryIO) -> None:
    """Keep how far the file goes, unless it goes less far than was kept or parted from it: that is for I41 to name."""
    file.seek(0)
    lines = file.read().splitlines()
    with transaction.atomic(), technical_writes():
        tail = AnchorTail.objects.first()
        if tail is None:
            AnchorTail.objects.create(lines=len(lines), digest=_digest(lines[-1]))
        elif tail.lines < len(lines) and _digest(lines[tail.lines - 1]) == tail.digest:
            tail.lines, tail.digest = len(lines), _digest(lines[-1])
            tail.save()


def anchor_faults(path: Path | None = None, *, chain: int | None = None) -> Iterator[AnchorFault]:
    """Hold every anchored head against the record; each line against its seal and the line before.

    `path` is a copy kept elsewhere; without it the installation's own file. Two queries for every 500 heads.
    """
    source = path or anchor_file()
    if path is None and chain is None:
        yield from _tail_faults(source)
    if not source.is_file():
        if path is not None:
            yield AnchorFault(0, 0, f"找不到锚点文件{path}")
        return
    previous, heads = "", []
    for number, raw in enumerate(source.read_bytes().splitlines(), start=1):
        line = _line(raw)
        if line is None:
            yield AnchorFault(0, 0, f"锚点文件第{number}行读不出来，或封印不符")
            continue
        if line["previous"] != previous:
            yield AnchorFault(0, 0, f"锚点文件第{number}行接不上前一行，中间有删改")
        previous = _digest(raw)
        heads += [(int(where), int(seq), str(text)) for where, seq, text in line["heads"]]
    yield from _heads_missing(heads if chain is None else [head for head in heads if head[0] == chain])


def _tail_faults(source: Path) -> Iterator[AnchorFault]:
    """Hold the file against how far the database knows it to go; it may go further."""
    lines = source.read_bytes().splitlines() if source.is_file() else []
    for tail in AnchorTail.objects.order_by("id"):
        if len(lines) < tail.lines:
            yield AnchorFault(0, 0, f"锚点文件应有{tail.lines}行，现有{len(lines)}行：被截短、清空或换掉")
        elif _digest(lines[tail.lines - 1]) != tail.digest:
            yield AnchorFault(0, 0, f"锚点文件第{tail.lines}行与库里登记的不符：被换掉")


def _heads_missing(heads: list[tuple[int, int, str]]) -> Iterator[AnchorFault]:
    for start in range(0, len(heads), 500):
        part = heads[start : start + 500]
        rows = Act.objects.filter(hash__in=[text for _, _, text in part]).values_list("chain", "seq", "hash")
        there = set(rows)
        for head in part:
            if head not in there:
                yield AnchorFault(head[0], head[1], "库外锚点记有这一条，记录里没有：被截去或重做")


def _line(raw: bytes) -> dict[str, Any] | None:
    """A line of the file if its seal holds."""
    try:
        line: dict[str, Any] = json.loads(raw)
        seal = line.pop("seal")
        for chain, seq, text in line["heads"]:
            int(chain), int(seq), str(text)
        is_sealed = seal == keyed_digest(KIND, canonical(line)) and isinstance(line["previous"], str)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return line if is_sealed else None


def _read_known(file: BinaryIO) -> tuple[dict[int, tuple[int, str]], str]:
    """What the file has of each chain, and the digest of its last line."""
    known: dict[int, tuple[int, str]] = {}
    previous = ""
    file.seek(0)
    for raw in file.read().splitlines():
        previous = _digest(raw)
        for chain, seq, text in (_line(raw) or {"heads": []})["heads"]:
            known[int(chain)] = (int(seq), str(text))
    return known, previous


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
