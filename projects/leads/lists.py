"""The list of tickets: as another platform writes them out, with what it tells of their handling."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from projects.leads.choices import Channel, Satisfaction, TicketKind
from projects.leads.models import Ticket
from projects.leads.selectors.senders import Senders
from projects.leads.services.history import TicketHistory, keep_history
from projects.leads.services.intake import differing, take_in_ticket
from projects.leads.services.proposing import match_by_rule
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Choice, Column, ColumnSet
from registry.kernel.tickets import TicketRefused, TimeClass, read_moment
from registry.lists.kinds import ListKind
from registry.lists.plans import carry_out_plans
from registry.lists.rows import Check, Claim, Fault, ListInput, ListRow, RowOutcome, RowPlan, RowResult

TIME_WORDS: Final = {
    TimeClass.TWO_HOURS: ("2h", "两小时", "特急"),
    TimeClass.DAY_AND_NIGHT: ("24h", "1日", "一日", "1天", "紧急"),
    TimeClass.SEVEN_DAYS: ("7d", "7日", "7天", "七日", "七个工作日", "一般"),
    TimeClass.FIFTEEN_DAYS: ("15d", "15日", "15天", "十五日", "十五个工作日", "疑难", "复杂"),
}
YES_NO: Final = (
    Choice("yes", "是", ("已联系", "已解决", "有", "Y", "1")),
    Choice("no", "否", ("未联系", "未解决", "没有", "无", "N", "0")),
)
SATISFIED: Final = (
    Choice(Satisfaction.YES, "满意", ("非常满意", "很满意")),
    Choice(Satisfaction.BASICALLY, "基本满意", ("较满意", "比较满意", "一般")),
    Choice(Satisfaction.NO, "不满意", ("很不满意", "非常不满意")),
)
MOMENTS: Final = ("received_at", "dispatched_at", "returned_at", "contacted_at", "answered_at", "called_at")
HOW: Final = "写到分钟，如 2022-03-07 09:30"
TICKET_COLUMNS: Final = ColumnSet(
    (
        Column("number", "工单编号", kind="code", width=20, required=True, synonyms=("工单号", "受理编号", "诉求编号", "编号")),
        Column("channel", "来源", width=12, note="不填为12345热线", choices=tuple(Choice(*each) for each in Channel.choices),
               synonyms=("诉求来源", "渠道")),
        Column("received_at", "来电时间", kind="code", width=18, required=True, note=HOW, synonyms=("受理时间", "登记时间", "诉求时间")),
        Column("caller_name", "诉求人", kind="code", width=12, synonyms=("来电人", "市民姓名", "反映人")),
        Column("caller_phone", "来电号码", kind="code", width=16, synonyms=("联系电话", "电话", "联系方式", "手机号")),
        Column("text", "诉求内容", width=48, required=True, synonyms=("主要内容", "反映内容", "问题描述", "诉求描述")),
        Column("address", "诉求地址", width=30, synonyms=("问题地址", "反映地址", "地址", "事发地址")),
        Column("township", "街道、乡镇", width=16, note="名称或代码", synonyms=("街乡镇", "所属街道", "属地", "街道乡镇", "街道")),
        Column("kind", "诉求类型", width=10, choices=tuple(Choice(*each) for each in TicketKind.choices), synonyms=("工单类型",)),
        Column("category", "诉求分类", width=20, synonyms=("问题分类", "三级分类", "分类")),
        Column("time_class", "办理时限", width=12, required=True, synonyms=("时限", "紧急程度", "处理时限"),
               choices=tuple(Choice(each.value, each.label, TIME_WORDS[each]) for each in TimeClass)),
        Column("lead", "承办单位", width=20, synonyms=("主办单位", "派单单位", "处置单位")),
        Column("assists", "协办单位", width=20, note="几个的用“、”隔开"),
        Column("dispatched_at", "派单时间", kind="code", width=18, note=HOW, synonyms=("转派时间",)),
        Column("returned_at", "退回时间", kind="code", width=18, note=HOW, synonyms=("退单时间",)),
        Column("return_reason", "退回原因", width=30, synonyms=("退单原因",)),
        Column("contacted_at", "联系时间", kind="code", width=18, note=HOW, synonyms=("首次联系时间", "响应时间")),
        Column("answered_at", "反馈时间", kind="code", width=18, note=HOW, synonyms=("办结时间", "回复时间")),
        Column("answer", "反馈内容", width=40, synonyms=("办理结果", "回复内容", "处理结果")),
        Column("called_at", "回访时间", kind="code", width=18, note=HOW),
        Column("is_reached", "是否接通", width=10, choices=YES_NO, note="不填，三项齐全的为接通", synonyms=("回访接通",)),
        Column("responded", "是否联系", width=10, choices=YES_NO, synonyms=("响应", "是否响应")),
        Column("solved", "是否解决", width=10, choices=YES_NO, synonyms=("解决情况", "解决")),
        Column("satisfied", "是否满意", width=10, choices=SATISFIED, synonyms=("满意度", "满意情况", "满意")),
    )
)  # fmt: skip


def check_tickets(project: object) -> Check:
    """Say which times of a row are none, and which township and organisations are not there. Two queries."""
    senders = Senders.read()

    def check(row: ListRow) -> list[Fault]:
        faults = []
        for name in MOMENTS:
            if row.texts[name]:
                try:
                    read_moment(row.texts[name])
                except TicketRefused as refusal:
                    faults.append(Fault("DATE_FORMAT", refusal.message, TICKET_COLUMNS.by_name(name).header))
        for name, find in (("township", senders.township), ("lead", senders.organisation)):
            try:
                find(row.texts[name])
            except TicketRefused as refusal:
                faults.append(Fault("NOT_FOUND", refusal.message, TICKET_COLUMNS.by_name(name).header))
        return faults

    return check


def ticket_claims(project: object) -> Callable[[ListRow], list[Claim]]:
    """Tell of each row which ticket it is about: a number stands in a list once."""
    return lambda row: (
        [Claim((row.texts["number"],), row.texts, "工单编号", "是同一张工单")] if row.texts["number"] else []
    )


def plan_tickets(actor: Actor, project: object, rows: Sequence[ListRow]) -> list[RowPlan]:
    """Take in what is new, note what is told of what is known. Three queries."""
    senders = Senders.read()
    numbers = ["".join(row.texts["number"].split()) for row in rows]
    known = {ticket.number: ticket for ticket in Ticket.objects.filter(number__in=numbers)}
    return [_plan(row, known.get(number), number, senders) for row, number in zip(rows, numbers, strict=True)]


def _plan(row: ListRow, ticket: Ticket | None, number: str, senders: Senders) -> RowPlan:
    texts = row.texts
    moments = {name: read_moment(texts[name]) if texts[name] else None for name in MOMENTS}
    received_at = moments["received_at"]
    assert received_at is not None  # required, and read without fault
    history = _history(texts, moments, senders)
    if ticket is not None:
        said = differing(
            ticket,
            received_at=received_at,
            text=texts["text"],
            address=texts["address"],
            caller_phone=texts["caller_phone"],
        )
        if said:
            words = f"工单{number}已登记，{'、'.join(said)}与台账不同。登记内容不由清单改动，请核对工单编号。"
            return RowPlan((row.row,), number, refusal=words, header="工单编号")
        if history.is_empty:
            return RowPlan((row.row,), number)

    def do(actor: Actor) -> RowOutcome:
        noted: list[str] = []
        taken = ticket or take_in_ticket(
            actor=actor, number=number, received_at=received_at, text=texts["text"], time_class=texts["time_class"],
            channel=texts["channel"] or Channel.HOTLINE, caller_name=texts["caller_name"],
            caller_phone=texts["caller_phone"], address=texts["address"], township_code=senders.township(texts["township"]),
            kind=texts["kind"], category=texts["category"], source="清单",
        )  # fmt: skip
        if not history.is_empty and taken.matter != "other":
            noted = keep_history(actor=actor, ticket=taken, history=history)
        is_matched = ticket is None and match_by_rule(taken)
        taken = Ticket.objects.select_related("project").get(pk=taken.pk)
        said = "登记工单" if ticket is None else "补记办理情况"
        if taken.matter == "other":
            said = f"登记，{taken.matter_rule.replace('规则：', '非本事项：')}"
        of = f"，系统认定为{taken.project}" if is_matched and taken.project is not None else ""
        return RowOutcome(said + (f"，{'、'.join(noted)}" if noted else "") + of)

    return RowPlan((row.row,), number, do)


def _history(told: Mapping[str, str], moments: dict[str, datetime | None], senders: Senders) -> TicketHistory:
    yes = {"yes": True, "no": False, "": None}
    is_reached = yes[told["is_reached"]]
    return TicketHistory(
        lead=senders.organisation(told["lead"]),
        assists=tuple(
            filter(None, (senders.organisation(part) for part in told["assists"].replace("，", "、").split("、")))
        ),
        dispatched_at=moments["dispatched_at"],
        returned_at=moments["returned_at"],
        return_reason=told["return_reason"],
        contacted_at=moments["contacted_at"],
        answered_at=moments["answered_at"],
        answer=told["answer"],
        called_at=moments["called_at"],
        is_reached=is_reached if is_reached is not None else True,
        responded=yes[told["responded"]],
        solved=yes[told["solved"]],
        satisfied=told["satisfied"],
    )


def take_tickets(taken: ListInput, *, is_trial: bool) -> list[RowResult]:
    """Take the rows in, each an act of its own; a trial takes all of it back."""
    return carry_out_plans(
        taken, TICKET_COLUMNS, check=check_tickets, plan=plan_tickets, claims=ticket_claims, is_trial=is_trial
    )


TICKET_LIST: Final = ListKind(
    "tickets",
    "工单",
    columns=TICKET_COLUMNS,
    limits={"number": 40, "caller_name": 40, "text": 5000, "address": 120, "category": 60, "return_reason": 300, "answer": 2000},
    example={
        "number": "RX20220307001", "channel": "12345热线", "received_at": "2022-03-07 09:30", "caller_name": "王示例",
        "caller_phone": "19900000001", "text": "示例小区3号楼业主反映房产证一直未办理", "address": "示例小区3号楼",
        "kind": "求助", "category": "住房 房产证办理", "time_class": "15个工作日",
    },
    rules=(
        "一行一件，同一工单编号只出现一次；已登记的工单只补记派单、联系、退回、反馈、回访，不改诉求内容。",
        "时间写到分钟；退回须写明原因；回访接通的，是否联系、是否解决、是否满意三项须填全。",
        "与办证无关、地址不在本市的工单照样登记，写明理由，不计入考核。",
    ),
    sent_by=Permission.TICKET_TAKE_IN,
    undone_by=None,
    unit="件",
    take=take_tickets,
    of_project=False,
    page="leads:tickets",
)  # fmt: skip
LISTS: Final = (TICKET_LIST,)
