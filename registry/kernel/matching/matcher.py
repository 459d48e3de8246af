"""The matcher: candidates by blocking, points of name and place, and the gap that rules acceptance."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from registry.kernel.matching.index import KnownIndex
from registry.kernel.matching.known import SHOWN, Match, TicketText, Verdict
from registry.kernel.matching.matters import matter_of
from registry.kernel.matching.reading import Page, names_an_unknown, quoted_numbers, read_page
from registry.kernel.matching.scoring import Weighed, tell_apart, weigh
from registry.kernel.matching.spotting import TWICE, Spot, spots_of

FLOOR: Final = 30  # below it a project is not named at all
ENOUGH: Final = 48
SHOWN_FROM: Final = 10  # a runner-up is shown from here on, when the first is named
GAP: Final = 14
MANY: Final = 40  # projects of one firm: more are no candidates by its name
QUOTED: Final = 20
NEAR_NAME: Final = 12
SLIP: Final = 0.95  # one character that is neither seen nor heard
ELSEWHERE: Final = frozenset({"township", "district", "road", "firm"})
STRONG: Final = frozenset({"township", "road", "firm"})  # a number of a building is in most estates, these are not


def match_text(index: KnownIndex, ticket: TicketText, *, earlier: Mapping[str, int] | None = None) -> Match:
    """Return what a ticket is about. `earlier` gives the project of each earlier ticket by its number."""
    page = read_page(index, ticket)
    quoted = next((token for token in quoted_numbers(page.folded) if earlier and token in earlier), "")
    candidates = _candidates(index, page)
    followed = earlier[quoted] if quoted and earlier else None
    if followed is not None:
        return _follow(index, page, candidates, quoted, followed)
    matter = matter_of(page.folded + ticket.category)
    if not matter.is_ours:
        shown, gap = _shown(index, candidates), _gap(candidates)
        return Match(Verdict.OTHER, matter.reason, shown, gap, is_sure=matter.is_sure)
    return _decide(index, page, candidates, is_sure=matter.is_sure)


def _candidates(index: KnownIndex, page: Page) -> list[Weighed]:
    spots = spots_of((entry for entry, _ in index.blocked(page.text)), page)
    spots = [each for each in spots if not _is_within(each, spots)]
    by_project: dict[int, list[Spot]] = defaultdict(list)
    for each in spots:
        for place, _, _ in each.entry.owners:
            by_project[place].append(each)
    unknown = "" if spots else _unknown(index, page)
    places = set(by_project) | set(page.lots)
    if all(each.cost > 1 for each in spots):
        for firm in page.firms:
            places |= index.firms[firm] if len(index.firms[firm]) <= MANY else frozenset()
    weighed = [weigh(index, page, place, by_project.get(place, ()), unknown=unknown) for place in places]
    tell_apart(weighed)
    named = sorted((each for each in weighed if not _is_chance(each)), key=lambda each: (-each.score, each.place))
    return [each for each in named if each.score >= SHOWN_FROM] if named and named[0].score >= FLOOR else []


def _unknown(index: KnownIndex, page: Page) -> str:
    """Return what is shaped like a name and is none that is known: no district, township or developer either."""
    return names_an_unknown(page.text, (*index.places, *page.firms))


def _is_chance(each: Weighed) -> bool:
    """Tell whether a name is slips away and the place does not speak for it: there are many such names.

    Two slips need the place; one is enough of another name where the ticket states another place.
    """
    if each.spot is None or each.spot.is_stem or each.agrees & STRONG:
        return False
    return each.spot.cost > 1.1 or (each.spot.cost >= SLIP and bool(each.denies & ELSEWHERE))


def _is_within(each: Spot, spots: list[Spot]) -> bool:
    """Tell whether a name is only a part of a longer one that stands there as well, or with a slip at most."""
    return any(
        other is not each
        and other.start <= each.start
        and each.end <= other.end
        and other.end - other.start > each.end - each.start
        and (other.cost <= max(each.cost, TWICE) or (each.is_longer and other.cost <= 1.1))
        for other in spots
    )


def _decide(index: KnownIndex, page: Page, candidates: list[Weighed], *, is_sure: bool) -> Match:
    shown, gap = _shown(index, candidates), _gap(candidates)
    unknown = "" if any(each.spot is not None for each in candidates) else _unknown(index, page)
    if not candidates:
        return Match(Verdict.NONE, "台账里没有与文中地点相符的项目", unknown=unknown)
    why_not = _why_not(candidates, gap, is_sure=is_sure)
    verdict = Verdict.PROPOSE if why_not else Verdict.ACCEPT
    reason = why_not or "；".join(shown[0].reasons)
    return Match(
        verdict, reason, shown, gap, shown[0].building, page.numbers.entrance, page.numbers.room, unknown=unknown
    )  # fmt: skip


def _why_not(candidates: list[Weighed], gap: int, *, is_sure: bool) -> str:
    """Return why a person has to look, or "" if the first candidate may be accepted."""
    first, spotted = candidates[0], candidates[0].spot
    if first.doubts:
        return first.doubts[0]
    if not is_sure:
        return "文中没有明说办证"
    if any(_is_another(first, other) for other in candidates[1:]):
        return "文中写了不止一个项目"
    if gap < GAP:
        return f"与第二候选只差{gap}分，分不出来"
    if first.score < ENOUGH:
        return "依据不足"
    proofs = len(first.agrees)
    near = [other for other in candidates[1:] if other.spot and other.name_points >= first.name_points - NEAR_NAME]
    if any(other.spot.cost < spotted.cost for other in near if other.spot and spotted):
        return "写法与一个项目相同，其他依据指向另一个"
    near += [other for other in candidates[1:] if other not in near and _may_be_meant(spotted, other.spot)]
    if any(not first.agrees & other.denies for other in near):
        return "有音同或名近的项目，除名称外没有能区别的依据"
    if spotted is None:
        return "" if "road" in first.agrees and proofs >= 2 else "文中未写明项目名称"
    if spotted.cost == 0:
        return ""
    if spotted.cost >= 0.9 or (spotted.is_mostly_heard and not spotted.is_stem):
        strong = first.agrees & STRONG
        return "" if "road" in strong or len(strong) >= 2 else "名称写法不同，没有足够的别的依据"
    return "" if proofs >= 2 else "名称写法不同，只有读音一项依据"


def _may_be_meant(spotted: Spot | None, other: Spot | None) -> bool:
    """Tell whether 八里庄, the name of one 小区, may be short for another 八里庄 that the ledger knows."""
    return (
        spotted is not None and other is not None and spotted.is_bare and other.is_stem and other.start == spotted.start
    )


def _is_another(first: Weighed, other: Weighed) -> bool:
    """Tell whether a ticket writes the name of another project too, letter for letter and elsewhere in the text."""
    here, there = first.spot, other.spot
    if here is None or there is None or there.cost or there.is_landmark or there.is_longer:
        return False
    return there.end <= here.start or here.end <= there.start


def _follow(index: KnownIndex, page: Page, candidates: list[Weighed], quoted: str, followed: int) -> Match:
    """Return the project of the ticket that is quoted, unless this one names another place."""
    keys = [index.projects[each.place].key for each in candidates]
    place = next((place for place, project in enumerate(index.projects) if project.key == followed), None)
    if place is None:
        return _decide(index, page, candidates, is_sure=True)
    if keys and keys[0] != followed:
        shown = _shown(index, candidates)
        return Match(Verdict.PROPOSE, f"引用了工单{quoted}，写的却是另一处地点", shown, _gap(candidates), quoted=quoted)
    each = candidates[0] if candidates else weigh(index, page, place, (), unknown="")
    each.agrees.add("quoted")
    each.place_points += QUOTED
    each.reasons.insert(0, f"引用了工单{quoted}")
    rest = [other for other in candidates if other is not each]
    building = each.building
    return Match(
        Verdict.ACCEPT, f"引用了工单{quoted}，按该工单认定", _shown(index, [each, *rest]), _gap([each, *rest]),
        building, page.numbers.entrance, page.numbers.room, quoted,
    )  # fmt: skip


def _shown(index: KnownIndex, candidates: list[Weighed]) -> tuple:  # type: ignore[type-arg]
    return tuple(each.candidate(index) for each in candidates[:SHOWN])


def _gap(candidates: list[Weighed]) -> int:
    if not candidates:
        return 0
    return candidates[0].score - (candidates[1].score if len(candidates) > 1 else 0)
