"""What a reader of an act must never see: codes of events, columns and values, Python's own writing."""

import re
from collections.abc import Iterator
from typing import Final

from registry.audit.models import Act, ActRow
from registry.audit.selectors import happening
from registry.audit.words import change_in_words, facts_in_words
from tests.terms import forbidden

CODE: Final = re.compile(
    r"\b[a-z]+[._][a-z_]{2,}\b|\b[a-z]{4,}\b|\b[A-Z]{2,}_[A-Z]+\b|\bNone\b|\bTrue\b|\bFalse\b|[{\[(]'|\(\d+, "
)
# What people write is theirs: names of files, addresses, check values, names of accounts.
OWN: Final = re.compile(r"《[^》]*》|\S+\.(?:xlsx|csv|png|pdf|jpg|json)|[0-9a-f]{16,}|https?://\S+|/[\w/.?=&-]+/?")
UNNAMED: Final = ("其他", "其他记录", "其他操作")


def codes_shown(act: Act) -> Iterator[str]:
    """Yield what the page of an act shows that is no word of the office, or none to use: where, its name, its text."""
    for where, name, text in _texts(act):
        is_code = name in UNNAMED or text in UNNAMED or CODE.search(OWN.sub("", f"{name} {text}"))
        if is_code or forbidden([name, text]):
            yield f"{act.event} · {where} · {name}：{text[:120]}"


def _texts(act: Act) -> Iterator[tuple[str, str, str]]:
    yield "sentence", "事项", happening(act).text
    for (name, text), key in zip(facts_in_words(act.facts), sorted(act.facts), strict=True):
        yield key, name, text
    for row in ActRow.objects.filter(act=act)[:200]:
        change = change_in_words(row)
        yield row.table, "对象", change.thing
        columns = dict.fromkeys((*(row.before or {}), *(row.after or {})))
        for (label, before, after), column in zip(change.columns, columns, strict=True):
            yield f"{row.table}.{column}", label, f"{before} → {after}"
