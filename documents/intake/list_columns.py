"""The lists that come in as files, beside the unit list: one declaration of columns each.

The same columns make the template, the reading, the preview, the writing out of what is known already, and the tests.
"""

from typing import Final

from registry.kernel.columns import Choice, Column, ColumnSet
from registry.kernel.gates import Gate, StepStatus
from registry.kernel.stages import HousingType, Part
from registry.lists.columns import PROJECT, USES

PARTS: Final = (*(Choice(one.value, one.label) for one in Part), Choice("", "全部", ("整栋", "不分")))

LANDS: Final = (Choice("state", "国有", ("国有土地",)), Choice("collective", "集体", ("集体土地", "小产权")))
TYPES: Final = tuple(Choice(one.value, one.label) for one in HousingType)

PROJECT_COLUMNS: Final = ColumnSet(
    (
        Column("code", "项目编号", kind="code", width=12, required=True, synonyms=("项目代码", "项目编码")),
        Column("name", "项目名称", width=24, required=True, synonyms=("名称", "小区名称")),
        Column("district_code", "区代码", kind="code", width=9, required=True),
        Column("district_name", "区", width=10, required=True),
        Column("township_code", "街道乡镇代码", kind="code", width=12, required=True),
        Column("township_name", "街道乡镇", width=14, required=True),
        Column("housing_type", "房屋类型", width=12, required=True, choices=TYPES),
        Column("land", "土地性质", width=10, choices=LANDS, note="不填按国有；集体土地上的不纳入"),
        Column("sold_on", "销售日期", kind="date", width=12, note="填了就核对纳入的截止日期"),
        Column("location", "坐落", width=28),
        Column("taken_in_on", "纳入日期", kind="date", width=12, required=True),
        Column("officer", "责任人", width=12),
    )
)

BUILDING_COLUMNS: Final = ColumnSet(
    (
        PROJECT,
        Column("number", "楼号", kind="code", width=10, required=True, synonyms=("楼栋", "楼栋(幢号)", "楼栋号"), note="如 9号楼"),
        Column("name", "楼栋名称", width=18, note="不填按楼号", synonyms=("名称",)),
        Column("construction_no", "施工号", kind="code", width=12, synonyms=("施工楼号",)),
        Column("police_no", "公安楼号", kind="code", width=12, synonyms=("公安号", "门牌楼号")),
        Column("survey_no", "幢号", kind="code", width=12, synonyms=("测绘幢号", "不动产幢号")),
        Column("occupied_on", "入住日期", kind="date", width=12),
    )
)  # fmt: skip

STEP_COLUMNS: Final = ColumnSet(
    (
        PROJECT,
        Column("gate", "环节", width=16, required=True, note="同一文件办多个环节的，一个环节一行",
               choices=tuple(Choice(one.value, one.label) for one in Gate.building_gates())),
        Column("status", "结论", width=10, required=True, choices=tuple(Choice(one.value, one.label) for one in StepStatus)),
        Column("buildings", "楼栋", width=22, note="如 1-12、15；不填是全部楼栋", synonyms=("涉及楼栋", "楼号")),
        Column("part", "部分", width=12, note="不填是全部", choices=PARTS),
        Column("document_no", "文号", kind="code", width=26, required=True, note="同一文号的行记为一份文件"),
        Column("title", "文件名称", width=26),
        Column("organ", "发文机关", width=22, required=True, synonyms=("机关", "发文单位")),
        Column("issued_on", "发文日期", kind="date", width=12, required=True, synonyms=("文件日期",)),
        Column("effective_on", "办理日期", kind="date", width=12, note="不填按发文日期", synonyms=("生效日期",)),
    )
)  # fmt: skip

FAULTS: Final = (Choice("MEZZANINE", "有夹层", ("夹层",)), Choice("ALTERED_USE", "擅改用途", ("改变用途",)))
BLOCKER_COLUMNS: Final = ColumnSet(
    (
        PROJECT,
        Column("number", "堵点编号", kind="code", width=12, synonyms=("编号",), note="新登记的不填；填了就是改这个堵点"),
        Column("type", "堵点类型", kind="code", width=10, required=True, synonyms=("堵点编码", "类型"), note="如 P03"),
        Column("title", "事由", width=30, note="不填按类型的名称"),
        Column("buildings", "涉及楼栋", width=20, synonyms=("楼栋",), note="用、隔开；不填是全部楼栋"),
        Column("uses", "涉及用途", width=20, synonyms=("用途",), note="用、隔开；不填是全部用途", choices=USES),
        Column("fault", "过错特征", width=14, synonyms=("过错",), note="有这一特征的户有过错", choices=FAULTS),
        Column("found_on", "发现日期", kind="date", width=12, required=True, synonyms=("日期",)),
        Column("cause", "成因", width=30),
    )
)  # fmt: skip

LETTER_COLUMNS: Final = ColumnSet(
    (
        PROJECT,
        Column("letter", "承诺函", width=28, required=True, note="同一名称的行是同一份函，一行一个承诺事项",
               synonyms=("承诺函名称", "函名")),
        Column("issuer", "承诺单位", width=18, required=True, note="单位全称、简称或编码", synonyms=("出函单位",)),
        Column("recipient", "致送单位", width=18, required=True, note="单位全称、简称或编码", synonyms=("受函单位",)),
        Column("blockers", "堵点编号", width=22, required=True, note="用、隔开", synonyms=("堵点",)),
        Column("fault", "问题和成因", width=30, required=True, synonyms=("成因",)),
        Column("condition", "条件已满足的依据", width=26, note="附条件的堵点必填，如安全鉴定文号"),
        Column("ends", "有效至", kind="date", width=12, note="不填就是到承诺兑现为止"),
        Column("end_state", "做到什么", width=30, required=True, synonyms=("承诺事项",)),
        Column("due_on", "期限", kind="date", width=12, required=True, synonyms=("完成期限", "承诺期限")),
        Column("proof", "凭证", width=22, required=True, synonyms=("证明", "凭什么证明")),
        Column("verifier", "核验单位", width=18, required=True, note="不能是承诺单位自己", synonyms=("核查单位",)),
        Column("responsible", "责任人", width=12),
        Column("measure", "怎么做", width=24, synonyms=("措施",)),
    )
)  # fmt: skip

STAGE_COLUMNS: Final = ColumnSet(
    (
        PROJECT,
        Column("building", "楼栋(幢号)", width=12, required=True, synonyms=("楼栋", "幢号", "楼号", "楼栋号", "栋号"),
               note="如 9号楼"),
        Column("entrance", "单元号", width=8, synonyms=("单元", "门栋"), note="没有单元的不填"),
        Column("room", "户号(房号)", kind="code", width=12, required=True, note="文本",
               synonyms=("户号", "房号", "室号", "房间号", "门牌号")),
        Column("unit_code", "不动产单元号", kind="code", width=32, note="填了就核对", synonyms=("不动产单元代码",)),
        Column("on", "办理日期", kind="date", width=12, note="不填按上传时填的日期",
               synonyms=("日期", "受理日期", "登簿日期", "缮证日期", "完税日期", "核定日期", "缴存日期")),
    )
)  # fmt: skip
