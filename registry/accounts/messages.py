"""Messages of the accounts' events."""

from registry.kernel.inbox import InboxKind

EVENT_MESSAGES = {
    "accounts.granted": "按清单{file}授予{count}人职责",
    "passwords.printed": "打印清单{file}{count}人的初始密码",
    "admins.created": "开设首批管理员：系统管理员{system}，安全管理员{security}",
    "approval.approved": "同意：{title}",
    "approval.proposed": "提请复核：{title}",
    "approval.returned": "退回：{title}（{remark}）",
    "approval.withdrawn": "撤回提请：{title}",
    "area.kept": "行政区划{code}为{name}（{source}）",
    "assignment.ended": "结束{person}的{role}职责，自{ends}起",
    "assignment.granted": "授予{person}：{organisation}，{role}，自{starts}起",
    "filter.dropped": "删除筛选“{name}”",
    "filter.saved": "保存筛选“{name}”",
    "restore.drilled": "恢复演练{outcome}：备份{file}",
    "restore.failed": "恢复演练{outcome}：备份{file}（{said}）",
    "keys.rotated": "更换密钥：启用第{number}号密钥",
    "organisation.changed": "修改单位{name}",
    "organisation.created": "登记单位{name}",
    "password.changed": "{person}修改密码",
    "password.reset": "为{person}重设初始密码",
    "person.created": "开设{person}的账号（{username}）",
    "token.issued": "向{organisation}发放接口令牌（{name}），有效期至{ends}",
    "token.revoked": "停用{organisation}的接口令牌（{name}）",
    "setting.decided": "改定设置：{place}{label}为{value}，自{on}起",
    "person.disabled": "停用{person}的账号",
}

INBOX = (InboxKind("accounts_approval", ("复核",), ("approval.approved", "approval.returned", "approval.withdrawn")),)
