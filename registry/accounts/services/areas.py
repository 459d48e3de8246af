"""Districts and townships by their codes, kept as a table: each city has its own."""

from registry.accounts.models import Area
from registry.audit.recording import record
from registry.kernel.days import AnyDay
from registry.kernel.errors import Refused
from registry.store.acts import Row, within_act
from registry.store.locks import lock_where

FIELDS = ("code", "name", "source", "as_of", "is_active")
DIGITS = (6, 9)  # a district, a township


def require_area(code: str, name: str, source: str) -> None:
    """Refuse a code that is neither a district's nor a township's, and a line without name or source."""
    if not (code.isascii() and code.isdecimal() and len(code) in DIGITS):
        raise Refused(f"{code}不是区（6位）或乡镇、街道（9位）的代码。请按国家行政区划代码填写。", field="code")
    if not name.strip():
        raise Refused(f"{code}未填写名称。", field="name")
    if not source.strip():
        raise Refused(f"{code}未填写来源。请写明取自哪份代码表。", field="source")


@within_act
def keep_area(*, code: str, name: str, source: str, as_of: AnyDay, is_active: bool) -> Area:
    """State a district or township, or change it. Runs inside the act that was agreed to."""
    require_area(code, name, source)
    kept: Area | None = lock_where(Area, code=code)
    before = {field: getattr(kept, field) for field in FIELDS} if kept else None
    area = kept or Area(code=code)
    area.name, area.source, area.as_of, area.is_active = name.strip(), source.strip(), as_of, is_active
    area.save()

    record(
        event="area.kept",
        subject=area,
        facts={"code": code, "name": area.name, "source": area.source},
        rows=Row.kept(area, before, *FIELDS),
    )
    return area
