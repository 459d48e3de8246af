"""Closed lists of the accounts: kinds of organisations, and which seat each role needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import models

from registry.kernel.authority import Role
from registry.kernel.settings import Reach, SettingKind, SettingSpec


class OrganisationKind(models.TextChoices):
    CITY_TASK_FORCE = "city_task_force", "市级专班"
    DISTRICT_TASK_FORCE = "district_task_force", "区专班"
    GOVERNMENT = "government", "人民政府"
    TOWNSHIP = "township", "乡镇、街道"
    DEPARTMENT = "department", "部门"
    REGISTRATION_CENTRE = "registration_centre", "不动产登记中心"
    TAX = "tax", "税务机关"
    COURT = "court", "法院"
    DEVELOPER = "developer", "开发建设单位"
    AUDIT = "audit", "审计机关"
    OPERATIONS = "operations", "系统运维"


class ApprovalStatus(models.TextChoices):
    WAITING = "waiting", "待复核"
    APPROVED = "approved", "已同意"
    RETURNED = "returned", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


# The pill of each status: its class, as the style sheet knows it.
APPROVAL_PILLS: Final = {
    ApprovalStatus.WAITING: "amber",
    ApprovalStatus.APPROVED: "green",
    ApprovalStatus.RETURNED: "red",
    ApprovalStatus.WITHDRAWN: "",
}

CITY_LEVEL: Final = (0, 2)  # digits of the administrative code
DISTRICT_LEVEL: Final = (6,)
TOWNSHIP_LEVEL: Final = (9,)


@dataclass(frozen=True)
class SeatRule:
    """Where a role may be held: at which kinds of organisation, at which level (digits of its code; empty = any)."""

    kinds: frozenset[OrganisationKind]
    levels: tuple[int, ...] = ()
    needs_project: bool = False

    def fits(self, kind: str, area_code: str) -> bool:
        """Return whether an organisation offers this seat."""
        return kind in self.kinds and (not self.levels or len(area_code) in self.levels)


def _seat(*kinds: OrganisationKind, levels: tuple[int, ...] = (), needs_project: bool = False) -> SeatRule:
    return SeatRule(frozenset(kinds), levels, needs_project)


SEATS: Final[Mapping[Role, SeatRule]] = {
    Role.CITY: _seat(OrganisationKind.CITY_TASK_FORCE, levels=CITY_LEVEL),
    Role.DISTRICT: _seat(OrganisationKind.DISTRICT_TASK_FORCE, levels=DISTRICT_LEVEL),
    Role.TOWNSHIP: _seat(OrganisationKind.TOWNSHIP, OrganisationKind.GOVERNMENT, levels=TOWNSHIP_LEVEL),
    Role.DEPARTMENT: _seat(OrganisationKind.DEPARTMENT, OrganisationKind.COURT, OrganisationKind.GOVERNMENT),
    Role.REGISTRATION_CENTRE: _seat(OrganisationKind.REGISTRATION_CENTRE),
    Role.TAX: _seat(OrganisationKind.TAX),
    Role.DEVELOPER: _seat(OrganisationKind.DEVELOPER, needs_project=True),
    Role.AUDITOR: _seat(OrganisationKind.AUDIT, levels=CITY_LEVEL),
    Role.SYSTEM_ADMIN: _seat(OrganisationKind.OPERATIONS, OrganisationKind.CITY_TASK_FORCE, levels=CITY_LEVEL),
    Role.SECURITY_ADMIN: _seat(OrganisationKind.OPERATIONS, OrganisationKind.CITY_TASK_FORCE, levels=CITY_LEVEL),
}

# Powers that one person never holds together (separation of administrators).
SEPARATED: Final = (frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}), frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR}),
                    frozenset({Role.SECURITY_ADMIN, Role.AUDITOR}))  # fmt: skip

_DIGITS: Final[Mapping[Role, int]] = {
    Role.DISTRICT: 6, Role.TOWNSHIP: 9, Role.DEPARTMENT: 6, Role.REGISTRATION_CENTRE: 6, Role.TAX: 6,
}  # fmt: skip


def reach_of(role: Role, area_code: str) -> str:
    """Return the area of an actor: "" the city, 6 digits a district, 9 a township."""
    digits = _DIGITS.get(role, 0)
    return area_code[:digits] if len(area_code) >= digits else ""


# Whether organs of a kind see every project of their area where no setting says otherwise. A centre and a tax office
# work on every home; a district's departments settle its projects together; the city's are named project by project.
SIGHT: Final = "sight."
_SIGHT_DEFAULTS: Final[Mapping[OrganisationKind, Callable[[str], bool]]] = {
    OrganisationKind.REGISTRATION_CENTRE: lambda district: True,
    OrganisationKind.TAX: lambda district: True,
    OrganisationKind.DEPARTMENT: bool,
    OrganisationKind.COURT: lambda district: False,
    OrganisationKind.GOVERNMENT: lambda district: False,
}
SIGHT_SETTINGS: Final = tuple(
    SettingSpec(
        SIGHT + kind.value,
        "默认参与单位",
        f"{kind.label}默认参与本辖区全部项目",
        SettingKind.YES_NO,
        default,
        Reach.ORGANS,
    )
    for kind, default in _SIGHT_DEFAULTS.items()
)
