"""Organisations: registered once, kept by those who keep the accounts of the area."""

import re
from typing import Any, Final

from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.accounts.selectors.areas import names_of, unknown
from registry.accounts.selectors.settings import DISTRICT
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import Refused
from registry.store.acts import Row, values_of, write
from registry.store.locks import lock
from registry.store.versions import UNSEEN, Seen

AREA_CODE: Final = re.compile(r"(?:[0-9]{2}|[0-9]{6}|[0-9]{9})?")
CODE: Final = re.compile(r"[A-Za-z0-9-]{2,30}")
FIELDS: Final = ("code", "name", "short_name", "kind", "area_code", "parent_id", "document_prefix", "is_active")


@write(Permission.ACCOUNT_MANAGE, once=True)
def create_organisation(
    *,
    actor: Actor,
    code: str,
    name: str,
    kind: str,
    area_code: str = "",
    short_name: str = "",
    parent: Organisation | None = None,
    document_prefix: str = "",
) -> Organisation:
    """Register an organisation, provided its code is new and its area, one of the city's table, lies in the actor's."""
    code, name, area_code = code.strip(), name.strip(), area_code.strip()
    if not CODE.fullmatch(code):
        raise Refused("单位编码须为2—30位字母、数字或短横。请按单位编码表填写。", field="code")
    if Organisation.objects.filter(code=code).exists():
        raise Refused(f"单位编码{code}已被使用。请核对是否重复登记，或换一个编码。", field="code")
    _require_facts(actor, name, kind, area_code, parent)
    if len(area_code) >= DISTRICT and area_code not in names_of([area_code]):
        raise unknown(area_code, "area_code")

    organisation: Organisation = Organisation.objects.create(
        code=code,
        name=name,
        short_name=short_name.strip(),
        kind=kind,
        area_code=area_code,
        parent=parent,
        document_prefix=document_prefix.strip(),
    )

    record(
        event="organisation.created",
        subject=organisation,
        facts={"name": name, "code": code, "kind": OrganisationKind(kind).label},
        rows=[Row.added(organisation, *FIELDS)],
    )
    return organisation


@write(Permission.ACCOUNT_MANAGE, on="organisation")
def change_organisation(
    *,
    actor: Actor,
    organisation: Organisation,
    name: str,
    short_name: str = "",
    document_prefix: str = "",
    parent: Organisation | None = None,
    is_active: bool = True,
    seen: Seen = UNSEEN,
) -> Organisation:
    """Change an organisation's names and place. Code, kind and area stay: rights hang on them."""
    locked = lock(organisation)
    given: dict[str, Any] = {
        "name": name.strip(),
        "short_name": short_name.strip(),
        "document_prefix": document_prefix.strip(),
        "parent": parent,
        "is_active": is_active,
    }
    merged = seen.merge(values_of(locked, given), given, locked)
    parent = merged.pop("parent")
    wanted = {**merged, "parent_id": parent.pk if parent else None}
    _require_facts(actor, wanted["name"], locked.kind, locked.area_code, parent)
    _require_no_circle(locked, parent)
    before = {field: getattr(locked, field) for field, value in wanted.items() if getattr(locked, field) != value}
    if not before:
        raise Refused("内容未作修改，无需保存。", code="unchanged")

    for field, value in wanted.items():
        setattr(locked, field, value)
    locked.save(update_fields=[field.removesuffix("_id") for field in before])

    record(
        event="organisation.changed",
        subject=locked,
        facts={"name": locked.name, "fields": sorted(before)},
        rows=[Row.changed(locked, before)],
    )
    return locked


def _require_facts(actor: Actor, name: str, kind: str, area_code: str, parent: Organisation | None) -> None:
    if not name:
        raise Refused("请填写单位全称。", field="name")
    if kind not in OrganisationKind.values:
        raise Refused("请选择单位类别。", field="kind")
    if not AREA_CODE.fullmatch(area_code):
        raise Refused("行政区划代码须为2位（市）、6位（区）或9位（乡镇、街道），市级可空。", field="area_code")
    if actor.role == Role.DISTRICT and not (actor.area_code and area_code.startswith(actor.area_code)):
        raise Refused("该行政区划不在本区。外区和市级单位请由系统管理员登记。", field="area_code")
    if parent is not None and not area_code.startswith(parent.area_code[:6] if len(parent.area_code) >= 6 else ""):
        raise Refused(f"上级单位{parent}不在同一区。请选择本区或市级单位作上级。", field="parent")


def _require_no_circle(organisation: Organisation, parent: Organisation | None) -> None:
    """Refuse an organisation above itself. One query per level."""
    above = parent
    while above is not None:
        if above.pk == organisation.pk:
            raise Refused("上级单位不能是本单位或其下级单位。请另选上级单位。", field="parent")
        above = above.parent
