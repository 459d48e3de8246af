"""Tracks and stages, standings, uses: one table each, with label, short label and class. Source: architecture §2."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntFlag, StrEnum
from typing import Self


class Labelled(StrEnum):
    """An enum whose members carry a Chinese label."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Track(Labelled):
    """A road that each unit travels on its own."""

    CERTIFICATE = "certificate", "办证"
    TAX = "tax", "契税"
    FUND = "fund", "维修资金"


class Standing(Labelled):
    """How a unit stands, whatever its stage."""

    ACTIVE = "active", "正常"
    HELD = "held", "暂缓"
    CARRIED = "carried", "挂账"
    EXCLUDED = "excluded", "核减"


class Use(Labelled):
    """The planned use of a unit."""

    DWELLING = "dwelling", "住宅"
    RETAIL = "retail", "商业"
    ANCILLARY = "ancillary", "配套"
    PARKING = "parking", "车位"
    STORAGE = "storage", "储藏"


class Part(Labelled):
    """The two parts of a building that gates are made for."""

    DWELLING = "dwelling", "住宅"
    NON_DWELLING = "non_dwelling", "商业、配套"


class HousingType(Labelled):
    """What kind of housing a project is; decides its gate plan and checklists.

    What was sold when finished, and what was sold before 1995-01-01, when the Urban Real Estate Law brought the permit
    in, has no pre-sale permit: kinds of their own, for it is the plan that says what was needed.
    """

    COMMERCIAL = "commercial", "商品房"
    COMMERCIAL_FINISHED = "commercial_finished", "商品房（现房销售）"
    COMMERCIAL_EARLY = "commercial_early", "商品房（1995年前销售）"
    RESETTLEMENT = "resettlement", "安置房"
    AFFORDABLE = "affordable", "经济适用房"
    REFORM = "reform", "房改房"
    POOLED = "pooled", "集资建房"
    OTHER = "other", "其他"


class Feature(IntFlag):
    """What a unit has beside its use; several may stand together."""

    NONE = 0
    MEZZANINE = 1
    ALTERED_USE = 2
    DUPLEX = 4
    BASEMENT = 8
    UNREGISTERED = 16
    CIVIL_DEFENCE = 32

    @property
    def label(self) -> str:
        """The features as the office says them, joined."""
        return "、".join(text for flag, text in FEATURE_LABELS.items() if flag in self)


FEATURE_LABELS = {
    Feature.MEZZANINE: "有夹层",
    Feature.ALTERED_USE: "擅改用途",
    Feature.DUPLEX: "跃层",
    Feature.BASEMENT: "地下",
    Feature.UNREGISTERED: "不登记到户",
    Feature.CIVIL_DEFENCE: "人防",
}


@dataclass(frozen=True)
class Stage:
    """One stage of a track: what it is called, in full and in a cell, and the class that colours it."""

    track: Track
    code: str
    label: str
    short: str
    css: str


@dataclass(frozen=True)
class Edge:
    """One way from a stage to another. `guard`: "" none, "ready" the unit is ready, "paid" tax and fund are settled."""

    track: Track
    frm: str
    to: str
    guard: str = ""
    backward: bool = False


_C, _T, _F = Track.CERTIFICATE, Track.TAX, Track.FUND
STAGES: dict[Track, tuple[Stage, ...]] = {
    _C: (
        Stage(_C, "waiting", "待办", "待办", "waiting"),
        Stage(_C, "notified", "已通知", "通知", "notified"),
        Stage(_C, "collected", "已收材料", "收材", "collected"),
        Stage(_C, "accepted", "已受理", "受理", "accepted"),
        Stage(_C, "recorded", "已登簿", "登簿", "recorded"),
        Stage(_C, "printed", "已缮证", "缮证", "printed"),
        Stage(_C, "issued", "已发证", "发证", "issued"),
    ),
    _T: (
        Stage(_T, "unassessed", "未核", "未核", "waiting"),
        Stage(_T, "assessed", "已核", "已核", "accepted"),
        Stage(_T, "settled", "已完税或免税", "完税", "issued"),
    ),
    _F: (
        Stage(_F, "unpaid", "未交", "未交", "waiting"),
        Stage(_F, "settled", "已交清", "交清", "issued"),
    ),
}
EDGES: tuple[Edge, ...] = (
    Edge(_C, "waiting", "notified"),
    Edge(_C, "waiting", "collected"),
    Edge(_C, "notified", "collected"),
    Edge(_C, "collected", "accepted", guard="ready"),
    Edge(_C, "accepted", "recorded", guard="paid"),
    Edge(_C, "recorded", "printed"),
    Edge(_C, "recorded", "issued"),
    Edge(_C, "printed", "issued"),
    Edge(_C, "accepted", "collected", backward=True),
    Edge(_C, "collected", "notified", backward=True),
    Edge(_T, "unassessed", "assessed"),
    Edge(_T, "unassessed", "settled"),
    Edge(_T, "assessed", "settled"),
    Edge(_T, "assessed", "unassessed", backward=True),
    Edge(_F, "unpaid", "settled"),
)
_BY_CODE = {(track, stage.code): stage for track, stages in STAGES.items() for stage in stages}
_ORDER = {(track, stage.code): n for track, stages in STAGES.items() for n, stage in enumerate(stages)}
_EDGES = {(edge.track, edge.frm, edge.to): edge for edge in EDGES}

HOLD_REASONS: dict[str, str] = {
    "unreachable": "失联",
    "unwilling": "权利人暂不办理",
    "dispute": "权属争议",
    "inheritance": "继承未办结",
    "seizure": "查封",
    "correction": "补正材料",
    "fund_owed": "欠交维修资金",
    "illegal": "违反规定、不予办理",
    "duplicate": "重复登记",
    "demolished": "已拆除",
    "out_of_scope": "不属于台账范围",
}
EXCLUSION_REASONS = frozenset({"duplicate", "demolished", "out_of_scope"})
RESIDUAL_REASONS = frozenset({"unreachable", "unwilling", "dispute", "inheritance", "seizure", "fund_owed"})
FUND_USES = frozenset({Use.DWELLING})  # where the district has set nothing else


def part_of(use: Use) -> Part:
    """Return the part of the building to which a use belongs."""
    return Part.DWELLING if use == Use.DWELLING else Part.NON_DWELLING


def stage_of(track: Track, code: str) -> Stage:
    """Return the stage of a code; KeyError if the track has none such."""
    return _BY_CODE[(track, str(code))]


def order(track: Track, code: str) -> int:
    """Return the place of a stage on its track, from 0."""
    return _ORDER[(track, str(code))]


def at_or_beyond(track: Track, code: str) -> tuple[str, ...]:
    """Return the stages that count as having reached a stage."""
    return tuple(stage.code for stage in STAGES[track][order(track, code) :])


def edge(track: Track, frm: str, to: str) -> Edge | None:
    """Return the way from a stage to another, or None if there is none."""
    return _EDGES.get((track, str(frm), str(to)))


def next_stages(track: Track, frm: str) -> tuple[str, ...]:
    """Return the stages that may follow, forward only."""
    return tuple(one.to for one in EDGES if one.track == track and one.frm == frm and not one.backward)


def opening_stage(track: Track, use: Use, fund_uses: Collection[Use]) -> str:
    """Return the stage on which a unit of a use opens; "" if the track does not concern it.

    `fund_uses` are those that pay into the maintenance fund on the day on which it opens.
    """
    if track == Track.FUND and use not in fund_uses:
        return ""
    return STAGES[track][0].code
