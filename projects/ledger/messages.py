"""Messages of the ledger's events."""

from registry.kernel.inbox import InboxKind

EVENT_MESSAGES = {
    "buildings.withdrawn": "撤销随清册新建的楼栋：{buildings}",
    "alias.added": "加{kind}：{text}",
    "applicant.named": "{kind}：{name}，自{on}起",
    "building.changed": "修改{building}资料：{what}",
    "building.laid": "登记{building}",
    "building.removed": "{building}登记有误，退出台账",
    "building.restored": "恢复{building}原来的{what}",
    "developer.set": "开发建设单位：{name}（{condition}）",
    "note.added": "记{kind}：{text}",
    "participation.ended": "移出参与单位：{organisations}，自{on}起",
    "participation.set": "列入参与单位：{organisations}，自{on}起",
    "person.sought": "按{what}查找权利人，查到{count}处",
    "person.revealed": "查看{subject}的{what}（完整信息）",
    "project.changed": "修改项目：{fields}",
    "project.taken_out": "{code} {name}纳入有误，退出台账",
    "project.taken_in": "纳入台账：{code} {name}",
    "reveals.checked": "核查{name}{day}查看完整个人信息{count}次",
    "unit_names.accepted": "{building}确认{scheme}户名{count}户",
}

INBOX = (InboxKind("reveals", ("核查",), ("reveals.checked",)),)
