"""The sheet of every home in reach: its columns in the order of the rows that `selectors.unit_details` gives."""

from typing import Final

from registry.kernel.columns import Column

TITLE: Final = "房屋明细"
PLACE: Final = (
    Column("project", "项目编号", kind="code", width=12),
    Column("name", "项目", width=22),
    Column("district", "区", width=10),
    Column("building", "楼栋", width=10),
    Column("entrance", "单元", width=8),
    Column("floor", "楼层", width=8),
    Column("room", "户号", kind="code", width=10),
    Column("unit_code", "不动产单元号", kind="code", width=32),
    Column("use", "用途", width=8),
    Column("area", "建筑面积（m²）", kind="area", total=True),
)
MASKED: Final = (Column("holders", "权利人", kind="code", width=14),)
IN_CLEAR: Final = (
    Column("holders", "权利人", kind="code", width=20),
    Column("identity_kinds", "证件类型", kind="code", width=16),
    Column("identities", "证件号码", kind="code", width=24),
    Column("phones", "联系电话", kind="code", width=16),
)
STATE: Final = (
    Column("agreement", "合同、协议号", kind="code", width=18),
    Column("certificate", "办证", width=12),
    Column("certificate_on", "办理日期", kind="date"),
    Column("tax", "契税", width=14),
    Column("fund", "维修资金", width=10),
    Column("standing", "状态", width=8),
    Column("certificate_no", "产权证号", kind="code", width=24),
    Column("remark", "备注", width=20),
)
FROZEN: Final = 4


def detail_columns(*, with_people: bool) -> tuple[Column, ...]:
    """Return the columns: people masked as on every page, or in clear for an export that was agreed to."""
    return (*PLACE, *(IN_CLEAR if with_people else MASKED), *STATE)
