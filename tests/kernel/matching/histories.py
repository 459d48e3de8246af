"""Histories of tickets about estates that no ledger knows, labelled by estate: for the clusters."""

import random
from dataclasses import dataclass

from tests.kernel.matching.first_generator import HOMOPHONES
from tests.kernel.matching.second_generator import CLAIMS, OPENINGS
from tests.kernel.matching.world import ENDS, FIRST, ROADS, SECOND, TOWNSHIPS, UNITS


@dataclass(frozen=True)
class Unplaced:
    """A ticket that was matched to nothing, with the estate that it is about."""

    key: int
    text: str
    address: str
    township: str
    estate: int
    town: str


@dataclass(frozen=True)
class Estate:
    key: int
    name: str
    town: str
    road: str
    number: int
    landmark: str
    shares_name: bool = False


def estates(rng: random.Random, count: int) -> list[Estate]:
    made: list[Estate] = []
    names: set[str] = set()
    while len(made) < count:
        stem = rng.choice(FIRST) + rng.choice(SECOND) + (rng.choice(SECOND) if rng.random() < 0.6 else "")
        name = stem + rng.choice(ENDS)
        if name in names:
            continue
        names.add(name)
        shares = rng.random() < 0.06
        for town in rng.sample(TOWNSHIPS, 2 if shares else 1):
            made.append(
                Estate(
                    len(made),
                    name,
                    town,
                    rng.choice(ROADS) + rng.choice(["路", "街", "大街"]),
                    rng.randrange(1, 300),
                    f"老{rng.choice(SECOND)}{rng.choice(UNITS)}{rng.choice(['后面', '对面', '东侧'])}",
                    shares,
                )
            )
    return made


def history(seed: int, count: int) -> list[Unplaced]:
    """Return `count` tickets; most estates have a handful, a few have many, some only one."""
    rng = random.Random(seed)
    known = estates(rng, max(8, count // 6))
    weights = [rng.paretovariate(1.2) for _ in known]
    return [_ticket(rng, number, rng.choices(known, weights)[0]) for number in range(count)]


def _ticket(rng: random.Random, key: int, estate: Estate) -> Unplaced:
    manner = rng.random()
    name = estate.name
    if rng.random() < 0.15:
        places = [i for i, each in enumerate(name) if each in HOMOPHONES]
        if places:
            at = rng.choice(places)
            name = name[:at] + rng.choice(HOMOPHONES[name[at]]) + name[at + 1 :]
    house = f"{estate.road}{estate.number}号"
    if manner < 0.15:
        place = house
    elif manner < 0.22:
        place = f"{estate.landmark}那几栋楼"
    elif manner < 0.45:
        place = f"{house}{name}"
    else:
        place = name
    if manner >= 0.22 and rng.random() < 0.5:
        place += rng.choice(["3号楼", "五栋", "二期", "小区", "12#", "（1期）2幢"])
    says_town = rng.random() < 0.75 or estate.shares_name or 0.15 <= manner < 0.22
    inside = says_town and rng.random() < 0.4
    if inside:
        place = estate.town + place
    text = rng.choice(OPENINGS) + rng.choice(CLAIMS).format(place=place)
    return Unplaced(key, text, "", estate.town if says_town and not inside else "", estate.key, estate.town)
