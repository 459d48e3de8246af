"""Messages of the office."""

EVENT_MESSAGES = {
    "checklist.kept": "{list}的材料清单自{on}起{what}“{name}”",
    "certificate.made": "{on}登记{unit}缮证：{number}",
    "certificates.handed_over": "{on}{unit}发证（{way}，{relation}{sheet}）：{number}",
    "blanks.taken_in": "{on}领入空白证书{count}本，{first}至{last}",
    "blank.spoiled": "{on}印制编号{number}作废：{why}",
    "blanks.destroyed": "{on}销毁作废证书{count}本（{first}等），销毁记录{record}",
    "payment.noted": "{on}{unit}登记{kind}{amount}元{advanced}",
    "payments.remitted": "{on}登记上缴{kind}{count}笔，{amount}元",
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
