"""Which organisation is meant by the words for an organ: as types of blockers name who leads, and gates who passes."""

import re
from typing import Any, Final

from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation

BY_KIND: Final = {
    "街道": OrganisationKind.TOWNSHIP,
    "乡镇": OrganisationKind.TOWNSHIP,
    "工作专班": OrganisationKind.DISTRICT_TASK_FORCE,
    "开发建设单位": OrganisationKind.DEVELOPER,
    "税务": OrganisationKind.TAX,
    "登记": OrganisationKind.REGISTRATION_CENTRE,
}
BY_NAME: Final = {  # what an organ is called in a table, and how its organisations are named
    "规划": ("规自", "规划"),
    "规自": ("规自", "规划"),
    "住房": ("住建", "住房"),
    "住建": ("住建", "住房"),
    "城市管理": ("城管", "城市管理"),
    "公安": ("公安",),
    "法院": ("法院",),
    "国防动员": ("国动", "国防动员", "人防"),
    "国动": ("国动", "国防动员", "人防"),
    "金融": ("金融",),
    "消防": ("消防",),
    "发展改革": ("发改", "发展改革", "发展和改革"),
    "市场监督": ("市场监管", "市场监督"),
    "司法": ("司法",),
    "质量监督": ("质监", "质量监督"),
}
KIND_OF_BODY: Final = re.compile("等?(部门|机构|机关|单位)$")  # says nothing of which


def organ_called(words: str, organisations: Any) -> Organisation | None:
    """Return the one organisation that words for an organ mean; None if there is none, or more than one. One query."""
    meant = [row for row in organisations if is_called(row, words)]
    return meant[0] if len(meant) == 1 else None


def is_called(organisation: Organisation, words: str) -> bool:
    """Return whether words for an organ mean an organisation."""
    kinds = {kind for word, kind in BY_KIND.items() if word in words}
    if kinds:
        return organisation.kind in kinds
    names = (organisation.short_name, organisation.name)
    known = [part for word, parts in BY_NAME.items() if word in words for part in parts]
    stem = KIND_OF_BODY.sub("", words)
    return any(part in name for part in known or ([stem] if stem else []) for name in names)
