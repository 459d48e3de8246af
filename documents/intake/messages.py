"""Messages of imports."""

from registry.kernel.inbox import InboxKind

EVENT_MESSAGES = {
    "import.buildings": "《{file}》同意新建楼栋：{buildings}",
    "import.committed": "写入《{file}》：新增{added}行，变更{changed}行，相同{unchanged}行，退回{refused}行",
    "import.copied": "取走《{file}》的标注副本",
    "import.divided": "上传跨项目清单《{file}》：{rows}行，其中{refused}行没有对应的项目，其余分到各项目",
    "import.expired": "导入《{file}》超过保留期限，作废",
    "import.mapped": "设置《{file}》列对应关系：{columns}列，{words}个取值",
    "import.received": "上传《{file}》，待检查",
    "import.refused": "拒收《{file}》：{message}",
    "import.returned": "退回《{file}》",
    "import.staged": "上传《{file}》：{rows}行，能导入{good}行，退回{refused}行",
    "import.submitted": "提交复核《{file}》：{rows}行",
    "import.undone": "撤销导入《{file}》：退出台账{retired}{unit}，恢复原样{restored}{unit}，保留{kept}{unit}（提请人{proposer}）",
    "units.listed": "按清单《{file}》办理{track}至“{stage}”{count}户，原已办结{unchanged}户，未办理{refused}户",
}

INBOX = (
    InboxKind("documents_importsession", ("复核导入",), ("import.committed", "import.returned", "import.expired")),
)
