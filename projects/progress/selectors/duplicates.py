"""The same project taken in twice: pairs that look alike, with a score and the reason, for a person to judge (F22)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import Final

from projects.ledger.choices import AliasKind
from projects.ledger.models import Alias, Project
from registry.kernel.authority import Actor

NEAR, ALIKE = 0.6, 0.8  # likeness of names: with the same developer, and without
DIGITS: Final = str.maketrans("一二三四五六七八九", "123456789")
NAMES: Final = (AliasKind.REGISTERED, AliasKind.MARKETING, AliasKind.FORMER, AliasKind.NICKNAME)


@dataclass(frozen=True)
class Pair:
    """Two projects that may be one: how sure out of a hundred, and why."""

    one: Project
    other: Project
    score: int
    reason: str


def plain_name(text: str) -> str:
    """This will strip a name of what two clerks write differently: brackets, blanks, numerals, 小区 at the end."""
    bare = re.sub(r"[（(].*?[）)]|[\s·・\-—]", "", text).translate(DIGITS)
    return re.sub(r"(小区|项目|住宅楼?)$", "", bare) or bare


def possible_duplicates(actor: Actor, *, limit: int = 200) -> list[Pair]:
    """This will list pairs within the actor's reach, the surest first, no pair twice. Two queries.

    Same name or alias in a district; same address; same developer and township with a near name; very near names in
    one township.
    """
    rows = Project.objects.visible_to(actor).filter(merged_into__isnull=True).select_related("developer")
    projects = {one.pk: one for one in rows.order_by("code")}
    found: dict[tuple[int, int], Pair] = {}

    def note(keys: Iterable[int], score: int, reason: str) -> None:
        for first, second in combinations(sorted(set(keys)), 2):
            one, other = projects[first], projects[second]
            if one.district_code == other.district_code and (first, second) not in found:
                found[first, second] = Pair(one, other, score, reason)

    names, addresses = _names(projects)
    for name, keys in names.items():
        note(keys, 95, f"名称相同：{name}")
    for address, keys in addresses.items():
        note(keys, 90, f"地址相同：{address}")
    by_place: dict[tuple[str, str], list[Project]] = defaultdict(list)
    for one in projects.values():
        by_place[one.district_code, one.township_code].append(one)
    for here in by_place.values():
        for one, other in combinations(here, 2):
            likeness = _likeness(one.name, other.name)
            if one.developer_id and one.developer_id == other.developer_id and likeness >= NEAR:
                note((one.pk, other.pk), 80, f"同一开发单位、同一乡镇街道，名称相近：{one.name}、{other.name}")
            elif likeness >= ALIKE:
                note((one.pk, other.pk), 60, f"同一乡镇街道，名称很近：{one.name}、{other.name}")
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.one.code, pair.other.code))[:limit]


def _names(projects: Mapping[int, Project]) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    names: dict[str, set[int]] = defaultdict(set)
    addresses: dict[str, set[int]] = defaultdict(set)
    for one in projects.values():
        names[plain_name(one.name)].add(one.pk)
    for alias in Alias.objects.filter(project__in=projects):
        if alias.kind in NAMES:
            names[plain_name(alias.text)].add(alias.project_id)
        elif alias.kind == AliasKind.ADDRESS:
            addresses[alias.text.strip()].add(alias.project_id)
    return dict(names), dict(addresses)


def _likeness(one: str, other: str) -> float:
    first, second = plain_name(one), plain_name(other)
    if re.findall(r"\d+", first) != re.findall(r"\d+", second):
        return 0.0  # 2期 is not 3期
    return SequenceMatcher(None, first, second).ratio()
