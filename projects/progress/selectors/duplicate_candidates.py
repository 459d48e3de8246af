"""The same project taken in twice: pairs that look alike, with a score and the reason, for a person to judge (F22)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations
from typing import Final

from projects.ledger.choices import AliasKind
from projects.ledger.models import Alias, Project
from projects.progress.models import Apart
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound

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


@lru_cache(maxsize=4096)
def plain_name(text: str) -> str:
    """Strip a name of what two clerks write differently: brackets, blanks, numerals, 小区 at the end."""
    bare = re.sub(r"[（(].*?[）)]|[\s·・\-—]", "", text).translate(DIGITS)
    return re.sub(r"(小区|项目|住宅楼?)$", "", bare) or bare


def possible_duplicates(actor: Actor, *, limit: int = 200) -> list[Pair]:
    """List pairs within the actor's reach, the surest first, no pair twice, none marked distinct. Three queries.

    Same name or alias in a district; same address; same developer and township with a near name; very near names in
    one township.
    """
    rows = Project.objects.visible_to(actor).filter(merged_into__isnull=True).select_related("developer")
    projects = {project.pk: project for project in rows.order_by("code")}
    apart = set(Apart.objects.filter(ended_act_id__isnull=True).values_list("one_id", "other_id"))
    found: dict[tuple[int, int], Pair] = {}

    def note(keys: Iterable[int], score: int, reason: str) -> None:
        for first, second in combinations(sorted(set(keys)), 2):
            one, other = projects[first], projects[second]
            is_new = (first, second) not in found and (first, second) not in apart
            if is_new and one.district_code == other.district_code:
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
            is_one_developer = bool(one.developer_id) and one.developer_id == other.developer_id
            likeness = _likeness(one.name, other.name, NEAR if is_one_developer else ALIKE)
            if is_one_developer and likeness >= NEAR:
                note((one.pk, other.pk), 80, f"同一开发建设单位、同一乡镇街道，名称相近：{one.name}、{other.name}")
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


def marked_distinct(actor: Actor) -> list[Apart]:
    """List the pairs judged not to be one within the actor's reach, the newest first. One query."""
    rows = Apart.objects.visible_to(actor).filter(ended_act_id__isnull=True).select_related("one", "other")
    return list(rows.order_by("-judged_on", "-id"))


def apart_by_key(actor: Actor, key: int) -> Apart:
    """Find a judgement within the actor's reach. One query."""
    found: Apart | None = Apart.objects.visible_to(actor).select_related("one", "other").filter(pk=key).first()
    if found is None:
        raise NotFound("没有这项判定，或不在您的范围内。")
    return found


@lru_cache(maxsize=4096)
def _numbers(plain: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\d+", plain))


def _likeness(one: str, other: str, at_least: float) -> float:
    """Return the likeness of two names; 0 when it can't reach `at_least`, without the long comparison."""
    first, second = plain_name(one), plain_name(other)
    if _numbers(first) != _numbers(second):
        return 0.0  # 2期 is not 3期
    if 2 * min(len(first), len(second)) < at_least * (len(first) + len(second)):
        return 0.0
    compared = SequenceMatcher(None, first, second)
    return compared.ratio() if compared.quick_ratio() >= at_least else 0.0
