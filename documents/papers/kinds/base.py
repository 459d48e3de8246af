"""What every kind of paper states."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

Snapshot = dict[str, Any]


def in_one_sentence(text: str) -> str:
    """Return what was typed in several lines as one sentence without its end: 一行；一行, as a paragraph says it."""
    lines = (line.strip().rstrip("；;。") for line in text.splitlines())
    return "；".join(line for line in lines if line)


class Kind:
    """A kind of paper: its code, its label, its template and version, its number series, how long it is kept.

    `snapshot` (of each kind, with its own keywords) turns selected rows into primitives; the paper is rendered from
    nothing else, today and in ten years.
    """

    code: ClassVar[str]
    label: ClassVar[str]
    template: ClassVar[str]
    version: ClassVar[str]
    is_official: ClassVar[bool]
    archive: ClassVar[str]
    has_red_head: ClassVar[bool] = False  # it may be printed on paper that has its head already
    names_people: ClassVar[bool] = False  # in clear: it is opened by who may see them, on record

    @classmethod
    def headed(cls, snapshot: Mapping[str, Any], *, organ: str, issued_on: date) -> Snapshot:
        """Put the issuing organisation and the day where the kind prints them, whatever the caller wrote there."""
        return {**snapshot, "organ" if cls.is_official else "issuer": organ, "issued_on": issued_on.isoformat()}

    @classmethod
    def number(cls, prefix: str, year: int, serial: int) -> str:
        """Write a number of the series: 〔2021〕12号 for organs, a plain code for a company's paper."""
        return f"{prefix}〔{year}〕{serial}号" if cls.is_official else f"{prefix}-{year}-{serial:05d}"

    @classmethod
    def completed(cls, snapshot: Mapping[str, Any], *, number: str, made_at: str, digest: str) -> Snapshot:
        """Add what the issue itself decides: the number, the moment, the check value."""
        return {
            **snapshot,
            "number": number,
            "made_at": made_at,
            "kind": f"{cls.code}/{cls.version}",
            "snapshot": digest[:8],
        }
