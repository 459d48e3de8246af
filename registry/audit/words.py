"""What a reader of one act sees: names of tables, columns and facts in words, values from what to what.

A column is named by its model (`verbose_name`) or here, a choice by its label. Codes of an app above are named by
that app: `declare_words`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from registry.audit.messages import sentence
from registry.audit.models import ActRow
from registry.kernel.authority import Role
from registry.kernel.settings import SETTINGS
from registry.kernel.stages import HOLD_REASONS, STAGES, HousingType, Standing, Track, Use
from registry.lists.exports import EXPORTS

TABLES = {
    "accounts_approval": "审批事项", "accounts_assignment": "任职", "accounts_inboxitem": "待办",
    "accounts_organisation": "单位", "accounts_person": "账号", "accounts_savedfilter": "筛选", "accounts_setting": "设置",
    "accounts_apitoken": "接口令牌",
    "casework_holiday": "节假日", "casework_liftproposal": "解堵建议", "casework_meeting": "会议",
    "casework_policy": "政策", "casework_task": "议定事项", "casework_turn": "责任时段", "casework_whistle": "吹哨",
    "casework_whistlecall": "吹哨到场", "commitments_clause": "条款", "commitments_countersign": "会签",
    "commitments_creditwaiver": "信用豁免", "commitments_exposurecap": "凭未兑现承诺发证上限", "commitments_instrument": "承诺函",
    "commitments_ladderrule": "督办规则", "commitments_ladderstep": "督办", "commitments_lapserule": "失效规则",
    "commitments_letter": "承诺函正文", "commitments_obligation": "承诺事项", "documents_exportfile": "导出",
    "documents_importsession": "导入", "documents_monthclose": "月结",
    "reports_monthcount": "月报计算", "reports_monthdraft": "月结提请",
    "reports_bulletin": "通报、快报", "reports_monthrestatement": "月结重述", "reports_monthsignature": "月报填报审核",
    "reports_reportschedule": "定期报表", "reports_schedulerun": "定期报表生成", "reports_scheduledelivery": "定期报表送达",
    "reports_bulletininstruction": "通报批示", "documents_paper": "文书",
    "documents_sendermapping": "列名对照", "ledger_participation": "参与单位",
    "gates_blocker": "堵点", "gates_blockertype": "堵点类型", "gates_conditioncheck": "条件核查",
    "gates_gateplan": "环节设置", "gates_gatestep": "环节办理", "gates_pause": "暂停受理", "ledger_alias": "别名",
    "ledger_applicant": "申请主体", "ledger_building": "楼栋", "ledger_developer": "开发企业", "ledger_holder": "权利人",
    "ledger_progressnote": "进展", "ledger_project": "项目", "ledger_unit": "户", "ledger_unitname": "户的称呼",
    "leads_ticket": "工单", "leads_ticketmatch": "工单项目认定", "leads_ticketspan": "工单办理时段",
    "leads_ticketexecutor": "工单承办", "leads_ticketact": "工单办理记录", "leads_callback": "工单回访", "leads_openingcall": "告知",
    "office_checklistitem": "材料清单", "office_familylink": "一家登记", "office_homefact": "家庭情形", "office_scan": "扫码",
    "office_booking": "预约", "office_phonecall": "电话通知", "office_preference": "优先办理", "office_shutday": "停办日",
    "office_queueticket": "排队号", "office_queueevent": "排队号变动", "office_queueday": "当日排队",
    "office_visit": "来访", "office_visithome": "来访所办的户", "office_visitpaper": "来访材料",
    "office_custodyitem": "材料袋、证书", "office_custodymove": "保管移交",
    "commitments_succession": "承接",
    "progress_payment": "缴款", "office_blank": "空白证书", "office_madecertificate": "证书", "progress_handover": "领证签收",
    "ledger_holderchange": "权利人变更",
    "office_manifest": "移交清单", "office_manifestline": "移交清单各项", "progress_apart": "非重复认定", "progress_residual": "剩余说明",
    "progress_submission": "送件、退回", "progress_mismatch": "清单不符", "progress_sample": "发证抽查", "progress_sampledhome": "抽查的户",
    "store_democlock": "演示时钟", "web_attachment": "附件",
    "papers_paperbatch": "文书批次", "papers_batchline": "批次内的户", "papers_delivery": "送达", "papers_printer": "套打打印机",
    "papers_outsidepaper": "外部文书",
}  # fmt: skip
NAMES = {
    "act": "操作", "again": "重新送件", "acts": "记录数", "added": "新增", "answer": "答复", "area_code": "辖区", "at_fault": "有责",
    "named": "清单所列的户", "blocker": "堵点", "blockers": "堵点", "building": "楼栋", "buildings": "楼栋", "called_by": "召集人",
    "certificate": "办证阶段", "changed": "变更", "cleared": "已解决", "code": "编号", "columns": "栏目",
    "condition": "条件", "count": "数量", "cut_off": "截止", "days": "日数", "developer": "开发企业", "district": "区",
    "document": "文件", "due": "期限", "ends": "止于", "evidence": "凭证", "fields": "栏目", "file": "文件",
    "file_sha256": "文件校验值", "filters": "筛选", "finding": "结果", "from": "自", "fund": "维修资金", "gate": "环节",
    "good": "可写入", "handed_on": "送件日期", "returned_on": "退回日期", "gates": "环节",
    "holder": "责任单位", "homes": "户数", "housing_type": "住房类型",
    "is_active": "启用", "is_shared": "共享", "issued": "已发", "issued_by": "印发人", "kind": "类别", "label": "名称",
    "lacks": "退回原因", "late": "逾期", "leader": "负责人", "left": "剩余", "left_out": "不含", "letters": "承诺函", "limit": "时限",
    "list": "清单", "list_no": "送件清单", "lost": "失效", "meet_at": "会商时间", "merged_into": "并入", "message": "说明", "month": "月份",
    "must_change_password": "须改密码", "name": "名称", "names": "名称", "note": "备注", "number": "编号", "on": "日期",
    "ordinal": "序号", "organ": "机关", "organisation": "单位", "organisations": "单位", "others": "商业、配套",
    "outcome": "处理方式", "owner": "责任单位", "page": "页面", "part": "部分", "passing": "通过", "pdf_hash": "校验值",
    "person": "人员", "place": "地点", "policy": "政策", "project": "项目", "project_key": "项目", "projects": "项目",
    "query": "条件", "refused": "退回", "remark": "备注", "reported_on": "报到日期", "resolution": "解决情况",
    "resolved_on": "解决日期", "review_on": "复核日期", "role": "角色", "room": "房号", "round": "轮次", "rows": "行数",
    "rows_hash": "校验值", "rung": "层级", "scheme": "方案", "scope": "范围", "security": "安全", "session_epoch": "登录批次",
    "sha256": "校验值", "silent": "未答复", "size": "大小", "source": "来源", "stage": "阶段", "standing": "状态",
    "starts": "起始", "state": "状态", "status": "状态", "system": "系统", "tasks": "事项", "tax": "税款", "text": "内容",
    "title": "标题", "to": "至", "track": "事项", "types": "类型", "unchanged": "不变", "unit": "户", "units": "户",
    "username": "用户名", "verified_on": "核验日期", "voided_on": "作废日期", "watched": "关注户", "what": "内容",
    "why": "原因", "within": "同时办理", "withdrawn_reason": "撤回原因", "words": "说明",
    "countersigns": "须先会签", "day": "日期", "deadlines": "期限", "dropped": "停用", "flag": "标记", "floor": "名义层",
    "use": "用途", "entrance": "单元", "frm": "原阶段", "grace": "宽限", "headers": "列名", "how": "方式", "kept": "保留",
    "moved": "顺延", "new": "新期限", "notice": "依据", "old": "原期限", "one": "一方", "other": "另一方",
    "right": "右移（0.1毫米）", "down": "下移（0.1毫米）", "paper_no": "告知书编号", "pauses": "暂停受理", "personal": "个人信息",
    "proposer": "提请人", "reopened": "重新打开", "restored": "恢复",
    "retired": "退出台账", "voided": "作废", "revoked_on": "撤销日期", "rules": "规则版本", "verifier": "核验单位", "features": "特征",
    "area": "面积", "unit_code": "不动产单元号", "agreement_no": "协议号", "certificate_no": "证号", "holders": "权利人",
    "identity": "证件号码", "phone": "电话", "parent": "上级单位", "short_name": "简称", "document_prefix": "机关代字",
    "suite": "算法", "said": "核对结果", "value": "改为", "step": "拨动",
    "chains": "记录链", "asked": "应出份数", "is_laid": "名单已排定", "snapshot_hash": "内容校验值",
    "booked": "取号方式", "ground": "优先理由", "slot": "时段", "step_name": "步骤", "ticket_no": "排队号", "window": "窗口",
    "taken": "收材料", "missing": "尚缺", "complete": "收齐户数", "visited_on": "来访日期",
    "by": "认定方式", "matter": "是否本事项", "ticket": "工单", "lead": "主办单位", "assists": "协办",
    "result": "结果", "basis": "依据", "repeats": "重复的首件",
    "former": "原单位", "former_name": "原单位", "successor": "承接单位", "successor_name": "承接单位", "cut": "结束授权（人）",
    "promises": "承诺事项（项）", "manifest": "移交清单", "performer": "整改主体", "succeeded_on": "承继日期", "made": "证书",
    "amount": "金额（元）", "advanced": "垫付", "paid": "缴款", "paid_on": "缴款日期", "remitted": "已上缴",
    "relation": "与权利人关系", "sheet": "签收表", "record": "销毁记录", "spoiled_by": "登记人",
    "destroyed_by": "销毁人", "document_no": "依据文号",
    "bag": "材料袋", "custody": "保管", "item": "材料袋、证书", "purpose": "事由", "receiver": "接收方",
    "sender": "移交方", "position": "序号", "settled": "办结情况", "to_organisation": "接收方", "waiting": "待接收",
    "meeting": "会议、批示", "version": "版次", "of": "总体", "seed": "种子", "checked_on": "核查日期",
    "without": "不出具户数", "first": "首号", "last": "末号", "way": "方式", "delivered_on": "送达日期",
}  # fmt: skip
CODES: dict[str, str] = {
    **{choice.value: choice.label for choice in (*Track, *Standing, *Use, *HousingType, *Role)},
    **{stage.code: stage.label for stages in STAGES.values() for stage in stages},
    **HOLD_REASONS,
    "aes": "国际算法",
    "sm": "国密算法",
}


def declare_words(words: Mapping[str, str]) -> None:
    """Add an app's codes with the words that a reader sees for them. A code has one word, whichever app declares it."""
    if other := {code: (CODES[code], word) for code, word in words.items() if CODES.get(code, word) != word}:
        raise ValueError(f"codes with two words: {other}")
    CODES.update(words)


@dataclass(frozen=True)
class Change:
    """One changed row in words: the thing, its key, and each column from what to what."""

    thing: str
    key: int
    columns: Sequence[tuple[str, str, str]]


def facts_in_words(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name each fact of an act; one that has no name stands under 其他."""
    for name, value in sorted(facts.items()):
        if name == "within":
            yield NAMES[name], "；".join(sentence(event, told) for event, told in value)
            continue
        if name == "list" and value in EXPORTS:
            yield NAMES[name], EXPORTS[value].title
            continue
        if name == "fields":
            yield NAMES[name], "、".join(NAMES.get(str(field).removesuffix("_id"), str(field)) for field in value)
            continue
        yield _named(name), in_words(value)


def change_in_words(row: ActRow) -> Change:
    """Say what happened to a row. No query."""
    model = next((model for model in apps.get_models() if model._meta.db_table == row.table), None)
    before, after = row.before or {}, row.after or {}
    columns = []
    for name in dict.fromkeys((*before, *after)):
        field = _field(model, name)
        then = in_words(before[name], field) if name in before else "—"
        now = in_words(after[name], field) if name in after else "—"
        columns.append((_label(field, name), then, now))
    return Change(TABLES.get(row.table, "其他记录"), row.key, columns)


def in_words(value: Any, field: Any = None) -> str:
    """Return a value as a reader sees it: labels of choices, words of codes, lists without brackets."""
    if value is None or value == "":
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        pairs = ((name if not str(name).isascii() else _named(str(name)), part) for name, part in value.items())
        return "；".join(f"{name}：{NAMES.get(str(part)) or in_words(part)}" for name, part in pairs) or "空"
    if isinstance(value, list | tuple):
        return "、".join(in_words(part, field) for part in value) or "空"
    labels = dict(field.flatchoices) if field is not None and field.choices else {}
    setting = SETTINGS.get(str(value))
    return str(labels.get(value) or CODES.get(str(value)) or (setting.label if setting else value))


def _field(model: type[models.Model] | None, name: str) -> Any:
    fields = model._meta.concrete_fields if model is not None else ()
    return next((field for field in fields if name in (field.name, field.attname)), None)


def _label(field: Any, name: str) -> str:
    told = str(field.verbose_name) if field is not None else ""
    return told if told and not told.isascii() else _named(name)


def _named(name: str) -> str:
    return "操作" if name.endswith("act_id") else NAMES.get(name.removesuffix("_id"), "其他")
