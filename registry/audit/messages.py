"""Event messages: each app declares, by event name, the sentence that a reader of the trail sees."""

from collections.abc import Mapping
from typing import Any

from registry.audit.models import Act

EVENT_MESSAGES: dict[str, str] = {}


def declare_messages(messages: Mapping[str, str]) -> None:
    """Add an app's event messages; an event has exactly one."""
    for event, text in messages.items():
        if EVENT_MESSAGES.get(event, text) != text:
            raise ValueError(f"two messages for {event}")
        EVENT_MESSAGES[event] = text


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


def event_message(act: Act) -> str:
    """Render the act in one readable Chinese sentence."""
    return sentence(act.event, act.facts, subject=act.subject_label)


def sentence(event: str, facts: Mapping[str, Any], *, subject: str = "—") -> str:
    """Put an event and its facts into its sentence; one that nobody declared any more is told without its code."""
    return EVENT_MESSAGES.get(event, "其他操作").format_map(_Facts({**facts, "subject": subject}))
