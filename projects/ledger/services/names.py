"""Names of units under a scheme, as a person has confirmed them; former names stay with their dates."""

from collections.abc import Mapping

from projects.ledger.choices import NameScheme
from projects.ledger.locks import lock_project
from projects.ledger.models import IN_THE_BOOKS, Building, Unit, UnitName
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.days import FactDay
from registry.kernel.errors import DomainError
from registry.store.acts import Row, current_act, write


class NamesRefused(DomainError):
    """Names that can't be written so."""


@write(Permission.UNIT_PLACE, on="building")
def accept_names(
    *, actor: Actor, building: Building, scheme: NameScheme, names: Mapping[int, str], starts: FactDay
) -> int:
    """Return units of a building their names under a scheme from a day on, ending the names before.

    Refused: nothing chosen; a unit of another building; one name for two units; a name that another unit of the
    building has; a day ahead, or before a name that stands.
    """
    lock_project(building.project_id)
    act = current_act()
    wanted = {key: text.strip() for key, text in names.items() if text.strip()}
    if not wanted:
        raise NamesRefused("未选择定一户。请给每个名称选定户，再确认。", field="names")
    units = set(Unit.objects.filter(IN_THE_BOOKS, building=building, id__in=wanted).values_list("id", flat=True))
    if units != set(wanted):
        raise NamesRefused("所选的户不全在本楼。请刷新页面再选。", field="names")
    standing = {
        one.unit_id: one for one in UnitName.objects.filter(unit__building=building, scheme=scheme, ends__isnull=True)
    }
    after = {**{key: one.text for key, one in standing.items()}, **wanted}
    seen: set[str] = set()
    for text in after.values():
        if text in seen:
            raise NamesRefused(f"“{text}”对应了两户。同一编号体系中，一个名称只能对应一户。", field="names")
        seen.add(text)
    changed = {key: text for key, text in wanted.items() if key not in standing or standing[key].text != text}
    if not changed:
        raise NamesRefused("所选的户都已是这些名称，没有变动。", field="names")
    for key in changed.keys() & standing.keys():
        if starts < standing[key].starts:
            raise NamesRefused(f"起始日期不得早于现名称的起始日期{standing[key].starts}。", field="starts")
    ended = [standing[key].id for key in changed if key in standing]
    UnitName.objects.filter(id__in=ended).update(ends=starts)
    made = UnitName.objects.bulk_create(
        [
            UnitName(unit_id=key, scheme=scheme, text=text, starts=starts, act_id=act.id)
            for key, text in changed.items()
        ],
        batch_size=2000,
    )

    record(
        event="unit_names.accepted",
        subject=building,
        chain=building.project_id,
        facts={"building": building.name, "scheme": NameScheme(scheme).label, "count": len(changed)},
        rows=[
            *(Row.of("ledger_unitname", key, before={"ends": None}, after={"ends": starts}) for key in ended),
            *(Row.added(name, "unit_id", "scheme", "text", "starts") for name in made),
        ],
    )
    return len(changed)
