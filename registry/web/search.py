"""Search from anywhere: each app declares how its own things are found, the page asks them all.

Each app lists its sources in its `search.py`: `SearchSource("project", 20, permission, find)`, declared in its
`ready()`. A source reads within the actor's scope and answers the first few with how many there are; it never says that
a thing exists which the actor may not see. What is written down when it is looked for (people) is asked on Enter only,
never while somebody types.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from registry.kernel.authority import Actor, Permission
from registry.kernel.place_query import PlaceQuery, place_query
from registry.web.actions import free_actions
from registry.web.navigation import address_of, navigation_for

SHOWN: Final = 5  # of a group; the rest stands behind one line
ACTS: Final = "办事"  # the group of what may be begun
LONGEST: Final = 80  # characters of a query that are read


@dataclass(frozen=True)
class Hit:
    """One line: what it is, its address, facts in grey, where it stands, the class that colours where it stands."""

    label: str
    url: str
    facts: tuple[str, ...] = ()
    state: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Group:
    """The hits of one kind, how many there are, what their list is asked for, and what to do if there is none.

    `is_place` if the text was read as a place: then one hit is what was meant, whatever else bears its words.
    """

    label: str
    hits: tuple[Hit, ...] = ()
    count: int = 0
    all_query: str = ""
    all_url: str = ""
    hint: str = ""
    is_capped: bool = False
    is_place: bool = False

    @property
    def rest(self) -> str:
        """The words of the line under the hits, or "" if all are shown."""
        if self.count <= len(self.hits):
            return ""
        return (
            f"全部{self.count}" if self.all_url else f"共{self.count}{'以上' if self.is_capped else ''}，请写得再细些"
        )


@dataclass(frozen=True)
class Question:
    """What is asked: the text, the place it may mean, the code of the project it was asked from, the day.

    `is_typing` while the text is still being typed: then nothing is looked for that leaves a record.
    """

    text: str
    place: PlaceQuery | None
    on: date
    project_code: str = ""
    is_typing: bool = False


@dataclass(frozen=True)
class SearchSource:
    """A kind of thing that can be found: who may look for it, how, and the list where all of a kind stand."""

    kind: str
    order: int
    permission: Permission
    find: Callable[[Actor, Question], Group | None]
    all_view: str = ""


SOURCES: dict[str, SearchSource] = {}


def declare_search(*sources: SearchSource) -> None:
    """Add kinds of things to the search; each is declared once."""
    for source in sources:
        if SOURCES.setdefault(source.kind, source) != source:
            raise ValueError(f"two sources of search for {source.kind}")


def ask(text: str, *, on: date, project_code: str = "", is_typing: bool = False) -> Question:
    """Read a text as a question: trimmed, its place recognised."""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST]
    return Question(text, place_query(text), on, project_code, is_typing)


def search(actor: Actor, question: Question) -> list[Group]:
    """Ask every source that the actor may ask, in order; groups with neither a hit nor a hint are left out."""
    if not question.text:
        return []
    groups = []
    for source in sorted(SOURCES.values(), key=lambda source: source.order):
        group = source.find(actor, question) if actor.can(source.permission) else None
        if group is not None and (group.hits or group.hint):
            groups.append(_with_all(source, group))
    here = next((group for group in groups if group.label == ACTS), Group(ACTS))
    acts = _joined(here, acts_named(actor, question.text))
    others = [group for group in groups if group is not here]
    return [*others, acts] if acts.hits else others


def _joined(here: Group, named: Group) -> Group:
    """What may be begun here first, then what may be begun anywhere; each address once."""
    hits = tuple({hit.url: hit for hit in (*named.hits[::-1], *here.hits[::-1])}.values())[::-1][:SHOWN]
    return Group(ACTS, hits, len(hits))


def meant(groups: Sequence[Group], text: str) -> Hit | None:
    """Return the one thing that a text means: what bears just that name or number, the one home, or the only hit.

    Where a kind was not found and says what to type instead, nothing less is guessed at.
    """
    every = [hit for group in groups for hit in group.hits]
    named = [hit for hit in every if hit.label == text]
    if len(named) == 1:
        return named[0]
    if any(group.hint for group in groups):
        return None
    hits = [hit for group in groups if group.label != ACTS for hit in group.hits] or every
    exact = [hit for hit in hits if hit.label.split(" ")[0] == text]
    first = next((group for group in groups if group.hits), None)
    if first is not None and first.is_place and first.count == 1:
        return first.hits[0]
    return hits[0] if len(hits) == 1 else exact[0] if len(exact) == 1 else None


def acts_named(actor: Actor, text: str) -> Group:
    """办事: the acts of no subject and the pages of the bar whose words hold the text."""
    offers = [(label, url, "办事") for label, url in free_actions(actor)]
    offers += [(link.label, link.url, "页面") for link in navigation_for(actor, "")]
    hits = {url: Hit(label, url, (what,)) for label, url, what in reversed(offers) if text in label}
    return Group(ACTS, tuple(reversed(hits.values()))[:SHOWN], min(len(hits), SHOWN))


def _with_all(source: SearchSource, group: Group) -> Group:
    """Add the address of the list where all of them stand, if the source has one."""
    url = address_of(source.all_view)[0] if source.all_view and group.all_query else ""
    return replace(group, all_url=f"{url}?{urlencode({'q': group.all_query})}") if url else group
