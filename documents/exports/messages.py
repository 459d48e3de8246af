"""Messages of exports."""

EVENT_MESSAGES = {
    "export.asked": "申请导出{title}（{filters}）{personal}，编号{number}",
    "export.destroyed": "到期销毁导出的{title}，编号{number}",
    "export.made": "导出{title}{rows}行（{filters}），编号{number}",
    "export.taken": "取走导出的{title}，编号{number}",
    "list.exported": "导出{title}{rows}行（{filters}），编号{number}",
}
