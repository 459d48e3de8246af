"""Messages of the office."""

EVENT_MESSAGES = {
    "checklist.kept": "{list}的材料清单自{on}起{what}“{name}”",
    "code.scanned": "扫码{code}：{outcome}",
    "family.facts_stated": "登记{unit}的家庭情形，自{on}起，变动{count}项",
    "family.joined": "{one}与{other}登记为一家",
    "family.parted": "撤销{one}与{other}为一家的登记",
    "visit.recorded": "{unit}一家第{ordinal}次来访{why}：{on}，涉及{homes}户，收材料{taken}种，缺{missing}种，{complete}户收齐",
    "custody.bags_filled": "{on}装袋{count}户，未装{refused}户",
    "custody.returned": "{on}将{item}退还权利人，签收凭证{basis}",
    "manifest.drafted": "拟制移交清单{number}：{purpose}，接收方{receiver}",
    "manifest.listed": "移交清单{number}列入{count}项，未列{refused}项",
    "manifest.struck": "移交清单{number}划去第{position}项{item}",
    "manifest.sent": "{on}按清单{number}向{receiver}移交{count}项",
    "manifest.taken": "按清单{number}接收{count}项，未收{refused}项，尚有{waiting}项待接收",
    "manifest.signed": "{on}签收移交清单{number}（{sender}移交，{count}项）{settled}",
    "manifest.accounted": "移交清单{number}中{item}未退：{why}{note}；尚有{left}项待退还",
    "manifest.withdrawn": "撤回移交清单{number}，释放{count}项",
}
