"""The steps of the first days that are of the accounts: they stand below the desk and cannot declare."""

from typing import Final

from registry.accounts.selectors.first import (
    has_accounts,
    has_granted_roles,
    has_organisations,
    has_organisations_of_districts,
    has_people_of_districts,
    has_proposed_roles,
    has_settings,
)
from registry.web.first_day import FirstStep

STEPS: Final = (
    FirstStep(
        10, "单位", "先登记市级专班，再登记市级部门", "系统管理员",
        "accounts:organisations", has_organisations,
    ),
    FirstStep(20, "人员", "开设账号：一人一号，可按清单导入", "系统管理员", "accounts:people", has_accounts),
    FirstStep(30, "授权", "为每个人提请角色", "系统管理员", "accounts:people", has_proposed_roles),
    FirstStep(40, "复核", "另一名人员复核授权，发放初始密码", "安全管理员、区专班", "accounts:approvals", has_granted_roles),
    FirstStep(
        46, "设置", "填写本市名称，核对项目编号前缀、截止日期、热线统计期、登记费，由市级专班同意", "系统管理员",
        "accounts:settings", has_settings,
    ),
    FirstStep(
        47, "各区单位", "登记区专班、乡镇街道、部门、登记中心、税务机关", "系统管理员",
        "accounts:organisations", has_organisations_of_districts,
    ),
    FirstStep(
        48, "各区人员", "按清单开设各区人员的账号，复核后打印初始密码", "系统管理员",
        "accounts:people", has_people_of_districts,
    ),
)  # fmt: skip
