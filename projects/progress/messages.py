"""Messages of the progress of units."""

EVENT_MESSAGES = {
    "project.closed_out": "{status}：已发证{issued}户，余户{left}户，自{on}起",
    "project.alike_again": "撤销与{code} {name}为不同项目的判定：{why}",
    "project.merged": "并入{code} {name}，{buildings}栋，自{on}起",
    "project.set_apart": "判定与{code} {name}为不同项目：{why}",
    "project.split": "由{source}拆出{code} {name}，{buildings}栋，自{on}起",
    "residual.proposed": "提请{count}户列为余户（{why}），{review_on}复查",
    "residual.returned": "{on}，{count}户余户复查逾期，重新计入未办{reopened}",
    "residual.signed": "复核{count}户余户（{why}），{review_on}复查{flag}",
    "sample.checked": "抽查{code}登记{count}户核查结果：{result}",
    "sample.drawn": "抽查{month}登记发证的住宅{of}户中的{count}户，编号{code}，种子{seed}",
    "unit.corrected": "更正{unit}：由“{frm}”改回“{to}”，{proposer}提请",
    "units.advanced": "{track}：{count}户办理至“{stage}”（{on}），未办理{refused}户",
    "unit.submission_taken_back": "撤销{unit}的{what}登记",
    "units.handed_in": "{count}户送登记中心（{on}{list_no}）{again}，未送{refused}户",
    "units.returned": "登记中心退回{count}户（{kind}，{on}{paper_no}）：{lacks}，未退回{refused}户",
    "units.fund_opened": "{count}户按设置自{on}起应交维修资金，开设维修资金台账",
    "units.placed": "{source}：新增{added}户，变更{changed}户，相同{unchanged}户，退回{refused}户",
    "units.undone": "撤销批量办理（{what}）：退回{count}户，保留{kept}户，{proposer}提请",
    "units.standing_changed": "{count}户改为“{standing}”（{why}），自{on}起",
}
