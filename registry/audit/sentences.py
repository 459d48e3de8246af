"""Sentences: each app declares, by event name, the sentence that a reader of the trail sees."""

from collections.abc import Mapping
from typing import Any

from registry.audit.models import Act

SENTENCES: dict[str, str] = {}


def declare(sentences: Mapping[str, str]) -> None:
    """Add an app's sentences; an event has exactly one."""
    for event, text in sentences.items():
        if SENTENCES.get(event, text) != text:
            raise ValueError(f"two sentences for {event}")
        SENTENCES[event] = text


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


def sentence(act: Act) -> str:
    """Render the act in one readable Chinese sentence."""
    template = SENTENCES.get(act.event, "{event}")
    return template.format_map(_Facts({**act.facts, "event": act.event, "subject": act.subject_label}))
