"""Moments as hotlines write them: to the minute at least, in Shanghai unless the zone is told."""

import re
import unicodedata
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Final

from registry.kernel.periods import SHANGHAI
from registry.kernel.tickets.states import TicketRefused

_WRITTEN: Final = re.compile(
    r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*[日号]?\s*T?\s*"
    r"([0-9]{1,2})\s*[:时点]\s*([0-9]{1,2})\s*(?:[:分]\s*([0-9]{1,2})(?:\.[0-9]+)?\s*秒?)?\s*分?\s*(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_SOLID: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})?()")


def read_moment(text: str) -> datetime:
    """Read a day with its time of day. Raises TicketRefused for what is none, or has no time of day."""
    folded = unicodedata.normalize("NFKC", text).strip()
    match = _WRITTEN.fullmatch(folded) or _SOLID.fullmatch(folded)
    if match is None:
        raise TicketRefused(f"时间“{text.strip()}”无法识别。请写到分钟，如 2022-03-07 09:30。", code="moment")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_zone(match[7] or ""))
        moment.astimezone(SHANGHAI)  # a moment at either end of the calendar has no day here
        return moment
    except (ValueError, OverflowError):
        raise TicketRefused(f"时间“{text.strip()}”不存在。请核对年月日和时分。", code="moment") from None


def _zone(text: str) -> tzinfo:
    if not text:
        return SHANGHAI
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-").replace(":", "")
    hours, minutes = (0, 0) if text == "Z" else (int(digits[:2]), int(digits[2:]))
    return timezone(sign * timedelta(hours=hours, minutes=minutes))
