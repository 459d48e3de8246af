"""Proving a paper by the code printed on it: number, day, kind, hash, valid or void. No name, whoever asks."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Final

from documents.papers.kinds import BY_CODE
from documents.papers.models import Paper

LIMIT: Final = 20  # questions of one address within a window
WINDOW: Final = 60.0  # seconds
ADDRESSES: Final = 10_000  # remembered at once


@dataclass(frozen=True)
class Proof:
    """What anybody may know of a paper who holds its code."""

    number: str
    kind: str
    issuer: str
    issued_on: date
    sha256: str
    voided_on: date | None


def proof_of(code: str) -> Proof | None:
    """Return what a code proves; None if no paper has it. Blanks and small letters are forgiven. One query."""
    letters = "".join(character for character in code.upper() if character.isalnum())
    written = "-".join((letters[:4], letters[4:8], letters[8:])) if len(letters) == 12 else ""
    paper = Paper.objects.select_related("issuer").filter(code=written).first() if written else None
    if paper is None:
        return None
    issuer = paper.issuer.name if paper.issuer else ""
    return Proof(paper.number, BY_CODE[paper.kind].label, issuer, paper.issued_on, paper.pdf_hash, paper.voided_on)


class Questions:
    """Who asked how often of late, in this process: nobody tries codes by the thousand."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = Lock()

    def may_ask(self, address: str, now: float | None = None) -> bool:
        """Count a question of an address; False if it asked too often within the window."""
        moment = time.monotonic() if now is None else now
        with self._lock:
            lately = [at for at in self._asked.pop(address, []) if moment - at < WINDOW]
            is_free = len(lately) < LIMIT
            self._asked[address] = [*lately, moment] if is_free else lately
            while len(self._asked) > ADDRESSES:
                self._asked.popitem(last=False)
        return is_free


QUESTIONS: Final = Questions()
