"""The unit list as a kind of list: placed as a whole on a day."""

from typing import Final

from documents.intake.reading.list_shape import UNITS
from documents.intake.reading.unit_columns import LIMITS, UNIT_COLUMNS
from projects.ledger.models import Building, Project, Unit
from projects.progress.lists import listed_buildings
from registry.kernel.authority import Actor, Permission
from registry.lists.kinds import ListKind


def unit_example(actor: Actor, project: Project) -> dict[str, str]:
    """Return a home that the project does not have, in a building that it has. Two queries."""
    building = Building.objects.filter(project=project).order_by("number_order", "id").first()
    if building is None:
        return {}
    rooms = set(Unit.objects.filter(building=building).values_list("room", flat=True))
    room = next(room for n in range(1, len(rooms) + 2) if (room := f"5{n:02d}") not in rooms)
    return {"building": building.name, "floor": "5", "room": room}


UNIT_LIST: Final = ListKind(
    UNITS,
    "清册",
    columns=UNIT_COLUMNS,
    limits=LIMITS,
    example={
        "project": "CY-0001", "building": "9号楼", "entrance": "3", "floor": "5", "room": "502", "use": "住宅",
        "area": "86.50", "holder": "徐示例", "identity_kind": "居民身份证", "identity": "110105190101011239",
        "phone": "19900000001", "agreement": "AZ-2011-0001", "remark": "",
    },
    rules=(
        "一户一行；共有人可分行填写，也可在同一单元格内用“、”隔开，姓名、证件号码、电话顺序一致。",
        "台账没有的户予以新增；已有的按填写内容更新，空白单元格不更新；清册未列的户不删除。",
        "证件号码、单元号、合同号所在列保持“文本”，不要改成数值。",
        "合计行、标题行会跳过，不当作户。",
    ),
    unit="户",
    sent_by=Permission.IMPORT_STAGE,
    undone_by=Permission.IMPORT_ACCEPT,
    example_in=unit_example,
    listed=listed_buildings,
)  # fmt: skip
LISTS: Final = (UNIT_LIST,)
