"""What a district sets for gates: which places are registered to an owner at all, and what the organs are called."""

from collections.abc import Callable
from typing import Final

from registry.kernel.gates import Organ
from registry.kernel.scope import Scope, scope_of
from registry.kernel.settings import Reach, SettingKind, SettingSpec
from registry.kernel.stages import Feature, Use

REGISTER_GROUP: Final = "车位、储藏间登记"


def _registered(name: str, what: str, default: bool, hint: str = "") -> SettingSpec:
    return SettingSpec(
        name,
        REGISTER_GROUP,
        f"{what}办理转移登记",
        SettingKind.YES_NO,
        lambda area: default,
        Reach.DISTRICTS,
        hint=hint,
    )


# What a civil defence work contains belongs to no owner (Civil Defence Law, article 5, and the practice of registries):
# it is used, not registered, unless the district says otherwise.
REGISTER_SETTINGS: Final = (
    _registered("register.parking", "车位、车库", True),
    _registered("register.parking_defence", "人防车位", False, "清册备注写“人防车位”“人防区”的"),
    _registered("register.storage", "储藏间", True),
    _registered("register.storage_defence", "人防储藏间", False, "清册备注写“人防储藏间”“人防区”的"),
)


def _place(use: Use, defence: bool) -> Scope:
    within = scope_of(uses={use}, features=Feature.CIVIL_DEFENCE)
    return within if defence else scope_of(uses={use}) - within


# By setting: the places that it is about, and what they are called.
PLACES_OF: Final[dict[str, tuple[Scope, str]]] = {
    "register.parking": (_place(Use.PARKING, False), "车位、车库"),
    "register.parking_defence": (_place(Use.PARKING, True), "人防车位"),
    "register.storage": (_place(Use.STORAGE, False), "储藏间"),
    "register.storage_defence": (_place(Use.STORAGE, True), "人防储藏间"),
}
PLACE_USES: Final = frozenset({Use.PARKING, Use.STORAGE})

# Papers call the organ of a gate by its full name, which is the district's own; the centre's stands with the office.
ORGAN_OF: Final[dict[Organ, str]] = {organ: f"organ.{organ.value}" for organ in Organ if organ is not Organ.REGISTRY}


def _name_of(organ: Organ) -> Callable[[str], str]:
    return lambda area: organ.label


ORGAN_SETTINGS: Final = tuple(
    SettingSpec(
        name, "环节办理机关", f"{organ.label}全称", SettingKind.TEXT, _name_of(organ), Reach.DISTRICTS, most=60,
        hint="按单位全称或简称填写；只有该单位和专班能登记其环节，全称印在文书里",
    )
    for organ, name in ORGAN_OF.items()
)  # fmt: skip
