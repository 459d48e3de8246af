"""What the bar and the page of a project offer to each role: the acts by menu, and the one that comes next."""

from typing import Final

CODE: Final = "<code>"
BAR: Final = {
    "我的工作台": "/",
    "项目": "/projects/",
    "堵点": "/gates/",
    "承诺": "/commitments/",
    "进度": "/progress/",
    "报表": "/documents/reports/",
    "12345工单": "/leads/",
    "任务": "/casework/tasks/",
    "文书": "/documents/",
    "吹哨报到": "/casework/whistles/",
    "政策": "/casework/policies/",
    "材料清单": "/office/checklists/",
    "移交清单": "/office/manifests/",
    "待领证书": "/office/certificates/",
    "空白证书": "/office/blanks/",
    "文书文字": "/documents/texts/",
    "后台任务": "/jobs/",
    "人员": "/people/",
    "接口令牌": "/tokens/",
    "基础数据": "/reference/",
    "设置": "/settings/",
    "操作记录": "/audit/",
}
ACTIONS: Final = {
    "登记进展": "/projects/<code>/note/",
    "材料和证书保管": "/office/custody/<code>/",
    "税费收缴": "/office/money/<code>/",
    "清零核对": "/progress/<code>/zero/",
    "项目简报": "/documents/briefs/<code>/",
    "批量出具办证通知书": "/documents/notices/<code>/",
    "登记外部文书": "/documents/outside/new/<code>/",
    "一项目一策": "/projects/<code>/plan/",
    "参与单位": "/projects/<code>/participants/",
    "承接单位": "/commitments/succession/<code>/",
    "项目资料": "/projects/<code>/particulars/",
    "导出户清单": "/documents/exports/units/?project=<code>",
    "导入清册": "/documents/imports/<code>/new/",
    "按清单办理": "/documents/imports/<code>/stages/",
    "清单导入": "/documents/lists/<code>/",
    "通知次序": "/leads/order/<code>/",
    "登记堵点": "/gates/new/<code>/",
    "起草承诺函": "/commitments/letters/new/<code>/",
    "录入决定": "/commitments/decisions/new/<code>/",
    "登记环节": "/gates/steps/<code>/",
    "办证进度": "/progress/<code>/units/",
}
# role of the cast: straight in the bar, folded under 更多, on the page of a project: its menus, then its primary act
OFFERED: Final[dict[str, tuple[str, str, str]]] = {
    "city": (
        "我的工作台 项目 堵点 承诺 进度 报表 12345工单 任务 文书",
        "吹哨报到 政策 移交清单 待领证书 空白证书 材料清单 文书文字 后台任务 人员 接口令牌 基础数据 设置 操作记录",
        "登记进展 材料和证书保管 税费收缴 一项目一策 参与单位 承接单位 项目资料 导出户清单 清零核对 项目简报 项目资料",
    ),
    "district": (
        "我的工作台 项目 堵点 承诺 进度 报表 12345工单 任务 文书",
        "吹哨报到 政策 移交清单 待领证书 空白证书 材料清单 文书文字 后台任务 人员 接口令牌 基础数据 设置 操作记录",
        (
            "登记进展 登记堵点 起草承诺函 录入决定 登记环节 办证进度 材料和证书保管 税费收缴 通知次序 一项目一策 参与单位 承接单位 "
            "项目资料 导入清册 按清单办理 清单导入 导出户清单 清零核对 项目简报 导入清册"
        ),
    ),
    "township": (
        "我的工作台 项目 堵点 承诺 进度 报表 12345工单 任务 文书",
        "吹哨报到 政策 移交清单 待领证书 空白证书 材料清单 后台任务 操作记录",
        (
            "登记进展 登记堵点 起草承诺函 录入决定 办证进度 材料和证书保管 税费收缴 通知次序 一项目一策 参与单位 "
            "项目资料 导入清册 按清单办理 清单导入 导出户清单 清零核对 批量出具办证通知书 登记外部文书 导入清册"
        ),
    ),
    "department": (
        "我的工作台 项目 堵点 承诺 进度 报表 12345工单 任务 文书",
        "吹哨报到 政策 移交清单 待领证书 空白证书 材料清单 后台任务 操作记录",
        (
            "登记进展 登记堵点 起草承诺函 录入决定 登记环节 办证进度 材料和证书保管 税费收缴 通知次序 按清单办理 清单导入 "
            "导出户清单 清零核对 登记外部文书"
        ),
    ),
    "centre": (
        "我的工作台 项目 堵点 承诺 进度 报表 12345工单 任务 文书",
        "吹哨报到 政策 移交清单 待领证书 空白证书 材料清单 后台任务 操作记录",
        "登记进展 登记堵点 登记环节 办证进度 材料和证书保管 税费收缴 通知次序 按清单办理 清单导入 导出户清单 清零核对 登记外部文书",
    ),
    "tax": (
        "我的工作台 项目 堵点 承诺 进度 报表 12345工单 任务 文书",
        "吹哨报到 政策 移交清单 待领证书 空白证书 材料清单 后台任务 操作记录",
        "登记进展 登记堵点 起草承诺函 录入决定 办证进度 材料和证书保管 税费收缴 通知次序 按清单办理 清单导入 导出户清单 清零核对",
    ),
    "developer": (
        "我的工作台 项目 堵点 承诺 进度 文书",
        "吹哨报到 移交清单 待领证书 空白证书 材料清单 后台任务",
        "导入清册 按清单办理 导出户清单 办证进度 材料和证书保管 税费收缴 通知次序 清零核对 批量出具办证通知书 导入清册",
    ),
    "auditor": (
        "我的工作台 项目 堵点 承诺 进度 报表 12345工单 文书",
        "吹哨报到 政策 移交清单 待领证书 空白证书 材料清单 文书文字 后台任务 基础数据 设置 操作记录",
        "导出户清单 材料和证书保管 税费收缴 清零核对",
    ),
    "system_admin": (
        "我的工作台",
        "文书文字 后台任务 人员 接口令牌 基础数据 设置",
        "",
    ),
    "security_admin": (
        "我的工作台",
        "后台任务 人员 操作记录",
        "",
    ),
}
