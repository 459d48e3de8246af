"""Messages of papers."""

EVENT_MESSAGES = {
    "batch.asked": "提交批量出具{kind}{number}（{filters}），{count}户，以{organ}名义",
    "batch.laid": "排定批次{number}的名单，{count}户",
    "batch.numbered": "批次{number}编号{count}份{kind}，{first}至{last}，另{without}户不出具",
    "batch.archived": "批次{number}存档{count}份",
    "batch.finished": "批次{number}办结，共出具{count}份",
    "batch.taken": "取走批次{number}的{what}",
    "outside_paper.recorded": "登记{of}的{kind}{number}",
    "outside_paper.voided": "作废登记的{kind}{number}",
    "paper.delivered": "登记{kind}{number}的送达：{way}，{outcome}",
    "paper.issued": "出具{kind}{number}",
    "paper.opened": "打开{kind}{number}",
    "paper.voided": "作废{kind}{number}",
    "printer.set": "登记{organ}的打印机{name}：右移{right}毫米，下移{down}毫米",
}
