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
    template = EVENT_MESSAGES.get(act.event, "{event}")
    return template.format_map(_Facts({**act.facts, "event": act.event, "subject": act.subject_label}))
