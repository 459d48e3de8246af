"""Messages of the office."""

EVENT_MESSAGES = {
    "checklist.kept": "{list}的材料清单自{on}起{what}“{name}”",
    "code.scanned": "扫码{code}：{outcome}",
    "family.facts_stated": "登记{unit}的家庭情形，自{on}起，变动{count}项",
    "family.joined": "{one}与{other}登记为一家",
    "family.parted": "撤销{one}与{other}为一家的登记",
    "visit.recorded": "{unit}一家第{ordinal}次来访{why}：{on}，涉及{homes}户，收材料{taken}种，缺{missing}种，{complete}户收齐",
}
