"""The kinds of lists that come in as files."""

from typing import Final

from documents.intake.list_columns import (
    BLOCKER_COLUMNS,
    BUILDING_COLUMNS,
    LETTER_COLUMNS,
    PROJECT_COLUMNS,
    STAGE_COLUMNS,
    STEP_COLUMNS,
)
from documents.services.stage_lists import take_stages
from documents.services.work_deeds import (
    blocker_deeds,
    building_deeds,
    step_deeds,
    unknown_in_blockers,
    unknown_in_steps,
)
from documents.services.work_known import known_blockers, known_buildings, known_steps
from documents.services.work_letters import known_letters, letter_deeds, unknown_in_letters
from documents.services.work_projects import known_projects, misplaced, project_deeds
from registry.kernel.authority import Permission
from registry.lists.kinds import ListKind

STAGES: Final = "stages"

PROJECT_LIST: Final = ListKind(
    "projects",
    "项目",
    columns=PROJECT_COLUMNS,
    limits={"code": 20, "name": 80, "district_name": 20, "township_name": 40, "location": 120, "officer": 40},
    example={
        "code": "CY-0001", "name": "某某小区", "district_code": "110105", "district_name": "朝阳区",
        "township_code": "110105001", "township_name": "某某街道", "housing_type": "商品房",
        "taken_in_on": "2022-01-10",
    },
    rules=(
        "一个项目一行。编号没有的纳入；已有的按填的改名称、类型、坐落、责任人、销售日期，空格不改。",
        "集体土地、过了截止日期的不纳入。",
    ),
    sent_by=Permission.PROJECT_CREATE,
    undone_by=Permission.PROJECT_CREATE,
    of_project=False,
    check=misplaced,
    plan=project_deeds,
    known=known_projects,
)  # fmt: skip
BUILDING_LIST: Final = ListKind(
    "buildings",
    "楼栋",
    columns=BUILDING_COLUMNS,
    limits={"number": 20, "name": 40, "construction_no": 40, "police_no": 40, "survey_no": 40},
    example={
        "project": "CY-0001", "number": "9号楼", "construction_no": "B-9", "police_no": "12", "survey_no": "0009",
    },
    rules=("一栋一行。楼号没有的新增，有的按填的改，空格不改。", "清单里没有的楼栋不会删除。"),
    sent_by=Permission.UNIT_PLACE,
    undone_by=Permission.UNIT_PLACE,
    plan=building_deeds,
    known=known_buildings,
)  # fmt: skip
STEP_LIST: Final = ListKind(
    "steps",
    "环节",
    columns=STEP_COLUMNS,
    limits={"document_no": 80, "title": 120, "organ": 80},
    example={
        "project": "CY-0001", "gate": "规划核验", "status": "已过", "buildings": "1-12", "part": "住宅",
        "document_no": "×规自核〔2022〕12号", "organ": "规自分局", "issued_on": "2022-03-01",
    },
    rules=("文号、环节、结论、部分、日期都相同的行记为一次。", "不能过的户由系统留下，并说明被什么挡住。"),
    sent_by=Permission.STEP_RECORD,
    undone_by=Permission.STEP_REVOKE,
    check=unknown_in_steps,
    plan=step_deeds,
    known=known_steps,
)  # fmt: skip
BLOCKER_LIST: Final = ListKind(
    "blockers",
    "堵点",
    columns=BLOCKER_COLUMNS,
    limits={"number": 20, "title": 120},
    several=frozenset({"uses", "fault"}),
    example={"project": "CY-0001", "type": "P03", "buildings": "1、2", "uses": "住宅", "found_on": "2022-01-20"},
    rules=(
        "一个堵点一行。类型、发现日期、事由、范围都相同的不重复登记。",
        "填了堵点编号的，按填的改事由、成因、范围。",
    ),
    sent_by=Permission.BLOCKER_RAISE,
    undone_by=Permission.BLOCKER_UPDATE,
    check=unknown_in_blockers,
    plan=blocker_deeds,
    known=known_blockers,
)  # fmt: skip
LETTER_LIST: Final = ListKind(
    "letters",
    "承诺函",
    columns=LETTER_COLUMNS,
    limits={"letter": 120, "condition": 300, "end_state": 200, "proof": 120, "responsible": 40, "measure": 200},
    example={
        "project": "CY-0001", "letter": "关于补缴土地出让金的承诺函", "issuer": "某某乡人民政府",
        "recipient": "规自分局", "blockers": "F01-0001", "fault": "开发单位欠缴土地出让金",
        "end_state": "补缴土地出让金", "due_on": "2023-06-30", "proof": "缴款凭证", "verifier": "规自分局",
    },
    rules=(
        "一个承诺事项一行，「承诺函」相同的行是同一份函，按行序是第一项、第二项。",
        "只起草、改草稿，不签署；签署、同意仍在承诺函页面办。",
    ),
    sent_by=Permission.INSTRUMENT_DRAFT,
    undone_by=Permission.INSTRUMENT_DRAFT,
    check=unknown_in_letters,
    plan=letter_deeds,
    known=known_letters,
    together="承诺函",
)  # fmt: skip
STAGE_LIST: Final = ListKind(
    STAGES,
    "办理",
    columns=STAGE_COLUMNS,
    limits={"building": 40, "entrance": 10, "room": 20, "unit_code": 60},
    example={"project": "CY-0001", "building": "9号楼", "entrance": "3", "room": "502", "on": "2022-03-07"},
    rules=(
        "一户一行，按楼栋、单元、户号对台账；施工、销售、公安、测绘的户名也认。",
        "对不上、与台账矛盾的退回，说明怎么办。",
    ),
    unit="户",
    sent_by=Permission.UNIT_ADVANCE,
    undone_by=Permission.CORRECTION_PROPOSE,
    take=take_stages,
)  # fmt: skip
LISTS: Final = (PROJECT_LIST, BUILDING_LIST, STEP_LIST, BLOCKER_LIST, LETTER_LIST, STAGE_LIST)
