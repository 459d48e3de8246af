"""The steps of the first days that are of the accounts: they stand below the desk and cannot declare."""

from typing import Final

from registry.accounts.selectors.first import (
    has_accounts,
    has_granted_roles,
    has_organisations,
    has_proposed_roles,
)
from registry.web.first_day import FirstStep

STEPS: Final = (
    FirstStep(
        10, "单位", "先登记市级专班；导入行政区划以后，再登记区专班、乡镇街道、部门、登记中心、税务机关", "系统管理员",
        "accounts:organisations", has_organisations,
    ),
    FirstStep(20, "人员", "开设账号：一人一号，可按清单导入", "系统管理员", "accounts:people", has_accounts),
    FirstStep(30, "授权", "为每个人提请角色", "系统管理员", "accounts:people", has_proposed_roles),
    FirstStep(40, "复核", "另一名人员复核授权，发放初始密码", "安全管理员、区专班", "accounts:approvals", has_granted_roles),
)  # fmt: skip
