"""What is known of projects, as the matcher takes it: every name, number on a wall, address, township and developer."""

import re
from collections import defaultdict
from collections.abc import Collection
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.db.models import Count, Max

from projects.ledger.choices import CITY_NAME, AliasKind
from projects.ledger.models import Alias, Building, BuildingPlacement, Project, ProjectVersion
from projects.ledger.pinyin import syllable
from registry.accounts.selectors.settings import setting_on
from registry.kernel import matching
from registry.kernel.addresses import expand_numbers
from registry.kernel.errors import DomainError
from registry.kernel.matching.folding import fold
from registry.kernel.matching.index import KnownIndex
from registry.kernel.matching.known import AddressRange, KnownProject
from registry.kernel.names import building_number
from registry.store.clock import ledger_today

NOT_NAMES: Final = (AliasKind.ADDRESS, AliasKind.BUILDING_NUMBERS, AliasKind.FORMER_CODE)
_RANGE: Final = re.compile("([一-龥]{2,8}?(?:大街|路|街|巷|胡同|道|条))([0-9]{1,4})号?(?:[-—–~至到]([0-9]{1,4}))?号")
_MEANS: Final = re.compile("对应|就是|即|为|=|＝|→")
_SCHEME: Final = re.compile(
    "[A-Z甲乙丙丁]*[0-9]+[A-Z甲乙丙丁]?(?:(?:号楼|栋|幢|座|#)?[-、,和及至到][A-Z甲乙丙丁]*[0-9]+[A-Z甲乙丙丁]?)*"
)
_LETTERS: Final = re.compile("[^0-9]")
_kept: dict[str, KnownIndex] = {}


@cache
def rules_digest() -> str:
    """Return the rules of the matcher as 8 characters: what another release reads otherwise is proposed anew."""
    files = sorted(Path(matching.__file__).parent.glob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


def names_version() -> str:
    """Return by what rules, names and numbers projects are known now, as one word: it changes when any of them does."""
    parts = [
        ProjectVersion.objects.aggregate(a=Max("id")),
        Alias.objects.aggregate(a=Max("id"), n=Count("id")),
        Building.objects.aggregate(a=Max("id"), n=Count("id")),
        BuildingPlacement.objects.aggregate(a=Max("id")),
    ]
    return "-".join([rules_digest(), *(str(value or 0) for part in parts for value in part.values())])


def known_index() -> KnownIndex:
    """Return the index of every project that stands, built anew when a name changed. Five queries, else four more."""
    city = str(setting_on(CITY_NAME, on=ledger_today()) or "")
    version = f"{names_version()} {city}"
    if version not in _kept:
        index = KnownIndex(_known_projects(), syllable=syllable, city=city)
        _kept.clear()
        _kept[version] = index
    return _kept[version]


def standing_roots() -> dict[int, int]:
    """Return for every project that was merged the one it is part of now, however deep. One query."""
    into = dict(Project.objects.filter(merged_into__isnull=False).values_list("id", "merged_into_id"))
    roots: dict[int, int] = {}
    for key in into:
        root = key
        while root in into:
            root = into[root]
        roots[key] = root
    return roots


def _known_projects() -> list[KnownProject]:
    roots = standing_roots()
    names: dict[int, list[str]] = defaultdict(list)
    schemes: dict[int, list[str]] = defaultdict(list)
    addresses: dict[int, list[AddressRange]] = defaultdict(list)
    for key, kind, text in Alias.objects.order_by("id").values_list("project_id", "kind", "text"):
        if kind == AliasKind.ADDRESS:
            addresses[roots.get(key, key)] += _ranges(text)
        elif kind == AliasKind.BUILDING_NUMBERS:
            schemes[roots.get(key, key)].append(text)
        elif kind not in NOT_NAMES:
            names[roots.get(key, key)].append(text)
    buildings: dict[int, list[str]] = defaultdict(list)
    others: dict[int, dict[str, str]] = defaultdict(dict)
    on_walls = ("construction_no", "police_no", "survey_no")
    for building in Building.objects.order_by("id").values("project_id", "number", *on_walls):
        buildings[building["project_id"]].append(building["number"])
        others[building["project_id"]] |= {building[way]: building["number"] for way in on_walls if building[way]}
    for key, texts in schemes.items():
        for text in texts:
            others[key] = numbers_of_scheme(text, buildings[key]) | others[key]
    projects = list(Project.objects.select_related("developer").order_by("id"))
    for project in projects:
        if project.pk in roots:
            names[roots[project.pk]].append(project.name)
    return [
        KnownProject(
            key=project.pk, names=(project.name, *names[project.pk]), buildings=tuple(buildings[project.pk]),
            other_numbers=others[project.pk], addresses=(*addresses[project.pk], *_ranges(project.location)),
            township=project.township_name, district=project.district_name,
            developer=project.developer.name if project.developer else "",
        )
        for project in projects if project.pk not in roots
    ]  # fmt: skip


def numbers_of_scheme(text: str, registered: Collection[str]) -> dict[str, str]:
    """Return the numbers of 施工号A1—A36, or of A1—A3对应4—6号楼, each with the registered one, "" if that is not said.

    A36 stands for building 36 if the project has one; a text that gives no numbers gives none.
    """
    parts = [_numbers(part) for part in _MEANS.split(text)]
    known = {building_number(number): number for number in registered}
    if len(parts) == 2 and len(parts[0]) == len(parts[1]):
        return {other: known.get(number, "") for other, number in zip(*parts, strict=True)}
    return {other: known.get(_LETTERS.sub("", other), "") for part in parts for other in part}


def _numbers(text: str) -> tuple[str, ...]:
    match = _SCHEME.search(fold(text))
    try:
        return expand_numbers(match[0]) if match else ()
    except DomainError:
        return ()


def _ranges(text: str) -> list[AddressRange]:
    return [
        AddressRange(match[1], int(match[2]), int(match[3] or match[2]))
        for match in _RANGE.finditer(text)
        if int(match[3] or match[2]) >= int(match[2])
    ]
