"""Points of a candidate: of its name and of its place apart, each with its reason in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from registry.kernel.addresses import join_numbers
from registry.kernel.matching.index import KnownIndex
from registry.kernel.matching.known import Candidate
from registry.kernel.matching.reading import Page
from registry.kernel.matching.spotting import Spot

EXACT, SHORT_EXACT, PER_COST = 60, 48, 18
CLOSE: Final = 12  # names that near are one name to who hears them
TELLS: Final = 4
FAR: Final = 22  # characters before a name in which its city may stand
_AWAY: Final = re.compile(
    "(?:(?P<city>[一-龥]{2,3})(?:市|自治州)|(?P<province>[一-龥]{2,3})(?:省|自治区))(?P<rest>[一-龥]{0,9})$"
)
_NO_CITY: Final = frozenset("城都超门夜早股本我全该各上闹集在到")


@dataclass(slots=True)
class Weighed:
    """A candidate in the making: what agrees, what contradicts, what remains doubtful."""

    place: int
    spot: Spot | None
    name: str = ""
    name_points: int = 0
    place_points: int = 0
    reasons: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    agrees: set[str] = field(default_factory=set)
    denies: set[str] = field(default_factory=set)
    building: str = ""

    @property
    def score(self) -> int:
        return self.name_points + self.place_points

    def agree(self, what: str, points: int, reason: str) -> None:
        self.agrees.add(what)
        self.place_points += points
        self.reasons.append(reason)

    def deny(self, what: str, points: int, doubt: str) -> None:
        self.denies.add(what)
        self.place_points -= points
        self.doubts.append(doubt)

    def candidate(self, index: KnownIndex) -> Candidate:
        return Candidate(
            index.projects[self.place].key, self.name_points, self.place_points, tuple(self.reasons),
            tuple(self.doubts), len(self.agrees), self.building,
            self.spot.written if self.spot is not None and self.spot.cost and not self.spot.is_stem else "",
        )  # fmt: skip


def weigh(index: KnownIndex, page: Page, place: int, spots: Iterable[Spot], *, unknown: str) -> Weighed:
    """Return one project weighed against a ticket, by the best of its names that stand there."""
    best = min(spots, key=lambda spot: (_name_cost(spot), -len(spot.entry.text)), default=None)
    weighed = Weighed(place, best)
    if best is not None:
        _weigh_name(weighed, best, page, place)
    _weigh_parts(weighed, index, page, best)
    _weigh_building(weighed, index, page, best)
    _weigh_where(weighed, index, page, unknown=unknown)
    return weighed


def _name_cost(spot: Spot) -> float:
    return spot.cost + 0.6 * spot.is_landmark + 0.3 * spot.is_longer


def _weigh_name(weighed: Weighed, spot: Spot, page: Page, place: int) -> None:
    name = next(written for owner, written, _ in spot.entry.owners if owner == place)
    weighed.name = name
    top = EXACT if len(spot.entry.text) > 2 else SHORT_EXACT
    weighed.name_points = round(top - PER_COST * spot.cost)
    if spot.end <= page.address_ends:
        weighed.name_points += 2
    if spot.cost == 0:
        weighed.agrees.add("name")
        weighed.reasons.append(f"写有名称“{name}”")
    elif spot.is_estate:
        weighed.reasons.append(f"写有“{spot.written}”")
        weighed.doubts.append(f"文中只写了“{spot.written}”，不能确定指的就是“{name}”")
    elif spot.is_stem:
        weighed.reasons.append(f"写有“{spot.written}”，是“{name}”的简称")
    elif spot.cost < 1:
        weighed.agrees.add("name")
        weighed.reasons.append(f"写作“{spot.written}”，与“{name}”音同或音近")
    else:
        weighed.reasons.append(f"写作“{spot.written}”，与“{name}”差一两个字")
    if spot.is_longer:
        weighed.name_points -= 6
        weighed.doubts.append("文中的名称可能更长，不一定是这一处")
    if spot.is_landmark:
        weighed.name_points -= 22
        weighed.doubts.append(f"“{name}”在文中只是参照的地方")


def _weigh_parts(weighed: Weighed, index: KnownIndex, page: Page, spot: Spot | None) -> None:
    """Weigh phase and section: what the name of a project says, and what the ticket says."""
    own = index.numbers[weighed.place]
    named = next((numbers for at, _, numbers in spot.entry.owners if at == weighed.place), own) if spot else own
    for what, has, said, unit in (
        ("phase", named.phases or own.phases, page.numbers.phases, "期"),
        ("section", named.sections or own.sections, page.numbers.sections, ""),
    ):
        stated = "、".join(f"{part}{unit}" for part in sorted(said))
        if has and said:
            if said == has or (said <= has and len(said) == 1):
                weighed.agree(what, 12, f"{stated}相符")
            elif said & has:
                weighed.doubts.append(f"文中写了{stated}，不止一{unit or '处'}")
            else:
                weighed.deny(what, 50, f"文中写{stated}，项目是{'、'.join(sorted(has))}{unit}")
        elif has and getattr(named, f"{what}s") and spot is not None:
            weighed.place_points -= 8
        elif said and spot is not None:
            weighed.place_points -= 4


def _weigh_building(weighed: Weighed, index: KnownIndex, page: Page, spot: Spot | None) -> None:
    own, known, said = index.numbers[weighed.place].buildings, index.buildings[weighed.place], page.numbers.buildings
    stated = join_numbers(said) if len(said) > 1 else f"{said[0]}号楼" if said else ""
    if own:  # the project is one building, or a few, of an estate
        if said and set(said) <= set(own):
            weighed.agree("building", 15, f"{stated}就是本项目的楼")
        elif said:
            weighed.deny("building", 50, f"文中写{stated}，项目只有{join_numbers(own)}")
        elif spot is not None and any(
            at == weighed.place and numbers.buildings for at, _, numbers in spot.entry.owners
        ):
            weighed.place_points -= 8
    elif said and known:
        if all(number in known for number in said):
            weighed.agree("building", 10 if page.numbers.is_loose else 15, f"项目有{stated}")
        elif not page.numbers.is_loose:
            weighed.deny("building", 25, f"项目没有{stated}")
        elif weighed.agrees & {"phase", "section"}:
            weighed.doubts.append(f"文中的{said[0]}楼可能是楼号，项目没有{stated}")
    if len(said) == 1 and (said[0] in known or said[0] in own):
        weighed.building = known.get(said[0], said[0])


def away(index: KnownIndex, page: Page, spot: Spot) -> str:
    """Return the other city or province that stands right before a name, or "": each city has a 和平里."""
    named = _AWAY.search(page.text, max(0, spot.start - FAR), spot.start)
    if named is None or not index.city or named["rest"] in index.districts:
        return ""
    place = named["city"] or named["province"]
    is_own = place.endswith(index.city) or named["rest"].startswith(index.city) or place[-1] in _NO_CITY
    return "" if is_own or any(name in named[0] for name in index.districts) else place


def _town_before(index: KnownIndex, page: Page, spot: Spot | None) -> frozenset[str]:
    """Return the township that stands bare right before a name, as in 八里桥翠湖花园."""
    if spot is None or (spot.is_longer and spot.cost):
        return frozenset()
    left = page.text[max(0, spot.start - 5) : spot.start]
    return frozenset(left[at:] for at in range(len(left) - 1) if left[at:] in index.townships)


def _weigh_where(weighed: Weighed, index: KnownIndex, page: Page, *, unknown: str) -> None:
    project = index.projects[weighed.place]
    if weighed.spot is not None and (city := away(index, page, weighed.spot)):
        weighed.deny("city", 60, f"文中写的是{city}的地点")
    township, district = index.township_of[weighed.place], index.district_of[weighed.place]
    towns = page.townships or _town_before(index, page, weighed.spot)
    if towns and township:
        if township in towns:
            weighed.agree("township", 12, f"在{project.township}")
        else:
            weighed.deny(
                "township", 12 if page.is_stated else 15, f"工单写的是别的街道、乡镇，项目在{project.township}"
            )
    elif page.districts and district and district not in page.districts:
        weighed.deny("district", 15, f"工单写的是别的区，项目在{project.district}")
    if (within := page.lots.get(weighed.place)) is not None:
        weighed.agree("road", 36, f"门牌在{within.road}{within.low}—{within.high}号之内")
    elif page.houses and project.addresses:
        weighed.deny("road", 10, "门牌不在项目的范围之内")
    if page.firms:
        of_firm = {at for firm in page.firms for at in index.firms[firm]}
        if weighed.place in of_firm:
            points = 18 if weighed.spot is not None or len(of_firm) > 1 else 34
            weighed.agree("firm", points, f"开发建设单位是{project.developer}")
        elif project.developer:
            weighed.deny("firm", 10, f"文中写的是别的开发建设单位，项目的是{project.developer}")
    if unknown and weighed.spot is None:
        weighed.doubts.append(f"文中的“{unknown}”不是已知的名称")
        weighed.place_points -= 3 if "road" in weighed.agrees else 20


def tell_apart(weighed: list[Weighed]) -> None:
    """Reward, among candidates of nearly one name, what the ticket says and only one of them has."""
    for each in weighed:
        rivals = [
            other for other in weighed if other is not each and abs(other.name_points - each.name_points) <= CLOSE
        ]
        for what in sorted(each.agrees - {"name"}):
            against = [other for other in rivals if what in other.denies]
            if against:
                each.place_points += TELLS
                each.reasons.append(f"{_WORDS[what]}把它与{_named(against[0])}区别开")


def _named(weighed: Weighed) -> str:
    return f"“{weighed.name}”" if weighed.name else "邻近的项目"


_WORDS: Final = {
    "phase": "期数", "section": "分区", "building": "楼号", "township": "所在街道、乡镇", "road": "门牌", "firm": "开发建设单位"
}  # fmt: skip
