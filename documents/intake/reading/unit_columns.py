"""The columns of the unit list, declared once: the template, the reader, the demo files and the tests share them."""

from typing import Final

from registry.kernel.columns import Choice, Column, ColumnSet
from registry.kernel.identifiers import IdentityKind
from registry.lists.columns import USES

IDENTITIES: Final = tuple(Choice(kind.value, kind.label, kind.synonyms) for kind in IdentityKind)
UNIT_COLUMNS: Final = ColumnSet(
    (
        Column("project", "项目编号", kind="code", width=12, required=True, synonyms=("项目代码", "项目编码"),
               note="每行都填本项目的编号"),
        Column("building", "楼栋(幢号)", width=12, required=True, synonyms=("楼栋", "幢号", "楼号", "楼栋号", "栋号", "幢", "栋",
                "楼幢", "楼幢号", "楼座", "楼栋名称"),
               note="如 9号楼"),
        Column("entrance", "单元号", width=8, synonyms=("单元", "门栋", "单元名称", "单元编号"), note="没有单元的不填"),
        Column("floor", "楼层", width=8, required=True, synonyms=("名义层", "所在层", "层", "层次", "所在楼层", "楼层号", "名义楼层"),
               note="如 5、-1、1夹"),
        Column("room", "户号(房号)", kind="code", width=12, required=True, note="文本",
               synonyms=("户号", "房号", "室号", "房间号", "门牌号", "房屋编号", "室", "户室号", "房室号", "房号（室号）", "房间",
               "房屋号")),
        Column("unit_code", "不动产单元号", kind="code", width=32, synonyms=("不动产单元代码", "单元代码"),
               note="28位，落宗落幢后填"),
        Column("use", "规划用途", width=10, required=True, synonyms=("用途", "房屋用途", "设计用途"), choices=USES,
               note="从列表里选"),
        Column("area", "建筑面积", kind="area", width=12, synonyms=("面积", "实测建筑面积", "实测面积", "房屋建筑面积",
                "建筑面积（实测）", "产权面积", "房屋面积"),
               note="平方米，两位小数"),
        Column("holder", "权利人姓名", kind="person", width=14, personal=True, note="共有人用、隔开",
               synonyms=("权利人", "姓名", "业主姓名", "业主", "购房人", "购房人姓名", "产权人", "房主", "权利人名称",
                         "产权人姓名", "业主名称", "买受人", "买受人姓名", "被安置人", "被安置人姓名", "所有权人", "房屋所有权人")),
        Column("identity_kind", "证件类型", width=14, choices=IDENTITIES, synonyms=("证件种类", "证件名称"),
               note="不填按居民身份证；共有人不同的用、隔开", unknown_code="ID_FORMAT", is_open=True),
        Column("identity", "证件号码", kind="identity", width=24, personal=True,
               synonyms=("证件号", "身份证号", "身份证号码", "身份证", "公民身份号码"), note="设为文本；与姓名同序，用、隔开"),
        Column("phone", "联系电话", kind="phone", width=16, personal=True, note="文本",
               synonyms=("电话", "手机号", "手机", "联系方式", "手机号码", "电话号码", "移动电话", "联系手机")),
        Column("agreement", "购房合同号/安置协议号", kind="code", width=24,
               synonyms=("合同号", "协议号", "安置协议号", "购房合同号", "合同编号", "协议编号", "合同号/协议号",
                         "合同、协议号")),
        Column("remark", "备注", width=24, synonyms=("说明",), note="有夹层、擅改用途、跃层的请写明"),
        Column("certificate_no", "产权证号", kind="code", width=30, note="已有产权证的填写，写入后按已发证入账；多本证书用“、”隔开",
               synonyms=("房产证号", "原房产证号", "不动产权证号", "不动产权证书号", "权证号", "证书号", "房屋所有权证号",
                         "房产证", "原房产证", "产权证书号", "原产权证号", "产权证编号", "权属证书号")),
        Column("issued_on", "发证日期", kind="date", width=12, note="证上的登记日期；几本日期不同的，与证号同序用、隔开",
               synonyms=("登记日期", "原发证日期", "发证时间", "登记时间", "领证日期", "发证日")),
    )
)  # fmt: skip
HEADER: Final = {column.name: column.header for column in UNIT_COLUMNS}
LIMITS: Final = {
    "project": 40, "building": 40, "entrance": 10, "floor": 20, "room": 20, "unit_code": 60, "use": 30, "area": 30,
    "holder": 200, "identity_kind": 60, "identity": 200, "phone": 120, "agreement": 60, "certificate_no": 300, "issued_on": 120,
    "remark": 500,
}  # fmt: skip
