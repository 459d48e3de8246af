"""Every event that is recorded has a sentence that a reader of the trail understands, with nothing left blank."""

import ast
import string
from dataclasses import dataclass
from functools import cache

from registry.audit.messages import EVENT_MESSAGES
from tests.architecture.source import Source, called_name, calls, functions, keyword, sources

GIVEN_ALWAYS = {"event", "subject"}


@dataclass(frozen=True)
class Recording:
    """One place where an event is recorded: by `record(event=…)`, or by a helper of the file that passes it on."""

    place: str
    event: ast.expr
    facts: ast.expr | None
    passed_on: bool


def helpers(source: Source) -> dict[str, int]:
    """Functions of a file that pass a parameter `event` on to `record`, with its position."""
    found = {}
    for function in functions(source.tree):
        names = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
        passes = any(
            called_name(call) == "record"
            and isinstance(given := keyword(call, "event"), ast.Name)
            and given.id == "event"
            for call in calls(function)
        )
        if passes and "event" in names:
            found[function.name] = names.index("event")
    return found


@cache
def recordings() -> tuple[Recording, ...]:
    """Each place where an event gets its name."""
    found = []
    for source in sources():
        passing = helpers(source)
        for call in calls(source.tree):
            name, place = called_name(call), f"{source.name}:{call.lineno}"
            event = keyword(call, "event")
            if event is None and name in passing and len(call.args) > passing[name]:
                event = call.args[passing[name]]
            if event is None or name not in {"record", *passing}:
                continue
            if not (name == "record" and isinstance(event, ast.Name) and passing):
                found.append(Recording(place, event, keyword(call, "facts"), name != "record"))
    return tuple(found)


def literals(node: ast.expr | None) -> list[str] | None:
    """The texts that an expression may be, or None if it is made at run time."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            first, second = literals(one), literals(other)
            return None if first is None or second is None else first + second
    return None


def test_events_are_named_by_literals() -> None:
    """A reader must be able to search for the name of an event."""
    assert [recording.place for recording in recordings() if literals(recording.event) is None] == []


def test_every_event_has_a_sentence() -> None:
    missing = {
        f"{recording.place} {event}"
        for recording in recordings()
        for event in literals(recording.event) or []
        if event not in EVENT_MESSAGES
    }

    assert missing == set()


def test_every_sentence_finds_its_facts() -> None:
    """Where the facts are written out at the call, each blank of the sentence is among them."""
    blank = set()
    for recording in recordings():
        keys = None if recording.passed_on else _keys(recording.facts)
        if keys is None:
            continue
        for event in literals(recording.event) or []:
            needed = {name for _, name, _, _ in string.Formatter().parse(EVENT_MESSAGES.get(event, "")) if name}
            if needed - keys - GIVEN_ALWAYS:
                blank.add(f"{recording.place} {event}: {sorted(needed - keys - GIVEN_ALWAYS)}")

    assert blank == set()


def _keys(facts: ast.expr | None) -> set[str] | None:
    if facts is None:
        return set()
    if not isinstance(facts, ast.Dict):
        return None
    if not all(isinstance(key, ast.Constant) for key in facts.keys):
        return None
    return {str(key.value) for key in facts.keys if isinstance(key, ast.Constant)}


def test_event_names_are_an_object_and_a_verb() -> None:
    odd = {event for event in EVENT_MESSAGES if event.count(".") != 1 or event != event.lower()}

    assert odd == set()
