"""Refusals of the leads one by one: what is done, what it is refused with, which field it concerns."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from projects.leads.models import Ticket
from projects.leads.selectors.senders import Senders
from projects.leads.services.arriving import TicketArrival
from projects.leads.services.call_backs import call_back_ticket
from projects.leads.services.exclusion import restore_ticket
from projects.leads.services.handling import answer_ticket, contact_caller
from projects.leads.services.history import TicketHistory, keep_history
from projects.leads.services.intake import take_in_ticket
from projects.leads.services.matching import match_ticket, unmatch_ticket
from projects.leads.services.matters import keep_out_ticket
from projects.leads.services.openings import lay_opening_list, note_opening_call
from projects.leads.services.proposing import find_unknown
from projects.leads.services.reveal import reveal_caller
from registry.accounts.models import Organisation
from registry.store.guard import fixture_writes
from tests.factories.projects import TODAY, Estate, lay_strange_estate, moment, on_day
from tests.factories.trials import refused
from tests.projects.leads.trials import (
    answered,
    dispatched,
    excluded,
    kept_out,
    lay_open_building,
    lay_ticket,
    matched,
    ticket_words,
)

Lay = Callable[[Estate, Ticket], Any]
TOMORROW, BEFORE = moment(TODAY + timedelta(days=1)), moment(TODAY, 8)  # the ticket came at nine


def of(service: Callable[..., Any], by: str, **words: Any) -> Lay:
    """The act of a service on a ticket."""
    return lambda estate, ticket: service(actor=getattr(estate.cast, by).actor, ticket=ticket, **words)


CASES: dict[str, tuple[Sequence[Lay], Lay, str, str, str | None]] = {
    "a call back tomorrow": (
        (dispatched, answered), of(call_back_ticket, "district", called_at=TOMORROW, is_reached=False),
        "回访时间尚未到来。请填写实际回访的时间。", "refused", "called_at",
    ),
    "a call back before the call": (
        (dispatched, answered), of(call_back_ticket, "district", called_at=BEFORE, is_reached=False),
        "回访时间早于来电时间。请核对。", "refused", "called_at",
    ),
    "restored for no reason": (
        (dispatched, excluded), of(restore_ticket, "district", reason=" "), "未填写恢复原因。", "refused", "reason",
    ),
    "answered without words": (
        (dispatched,), of(answer_ticket, "department", text="\n"),
        "未填写反馈内容。请写明办理结果和答复诉求人的情况。", "refused", "text",
    ),
    "spoken with, nothing said": (
        (dispatched,), of(contact_caller, "department", contacted_at=moment(TODAY, 9), text=" "),
        "未填写联系情况。请写明诉求人的意见。", "refused", "text",
    ),
    "spoken with tomorrow": (
        (dispatched,), of(contact_caller, "department", contacted_at=TOMORROW, text="已说明"),
        "联系时间尚未到来。请填写实际联系的时间。", "refused", "contacted_at",
    ),
    "spoken with before the call": (
        (dispatched,), of(contact_caller, "department", contacted_at=BEFORE, text="已说明"),
        "联系时间早于来电时间2022-03-08 09:00。请核对。", "refused", "contacted_at",
    ),
    "a call back told in part": (
        (dispatched, answered),
        of(keep_history, "city", history=TicketHistory(called_at=moment(TODAY, 10), solved=True, satisfied="yes")),
        "回访接通的，须填写是否联系、是否解决、是否满意三项。", "refused", "satisfied",
    ),
    "matched though of another matter": (
        (kept_out,), matched, "已认定为非本事项（人工：反映供暖问题）。请先改认定。", "other_matter", None,
    ),
    "matched for no reason": (
        (), lambda estate, ticket: match_ticket(
            actor=estate.cast.district.actor, ticket=ticket, project=estate.project, reason=" "
        ),
        "未填写理由。请写明认定的依据。", "refused", "reason",
    ),
    "unmatched though matched to nothing": (
        (), of(unmatch_ticket, "district", reason="另一小区"), "没有匹配项目，无需取消。", "unmatched", None,
    ),
    "kept out for no reason": (
        (), of(keep_out_ticket, "district", reason=" "), "未填写理由。请写明认定的依据。", "refused", "reason",
    ),
    "unknown though of another matter": (
        (kept_out,), of(find_unknown, "district", reason="查无此处"), "已认定为非本事项。请先改认定。", "other_matter",
        None,
    ),
    "unknown though matched": (
        (matched,), of(find_unknown, "district", reason="查无此处"), "已认定项目。请先取消项目认定。", "matched", None,
    ),
    "shown for a reason that says nothing": (
        (), of(reveal_caller, "district", reason="看看"), "请写明查看完整信息的事由", "refused", "reason",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_refused_says_what_and_how(estate: Estate, name: str) -> None:
    before, act, said, code, field = CASES[name]
    ticket = lay_ticket(estate)
    with on_day(TODAY):
        for lay in before:
            lay(estate, ticket)
        with refused(said, code=code, field=field):
            act(estate, ticket)


def test_a_building_of_another_project_is_refused(estate: Estate) -> None:
    ticket, other = lay_ticket(estate), lay_strange_estate(estate.cast)
    words = {"ticket": ticket, "project": estate.project, "building": other.buildings[0], "reason": "楼号一致"}
    with on_day(TODAY), refused("不属于演示小区。请重新选择楼栋。", field="building"):
        match_ticket(actor=estate.cast.district.actor, **words)


def test_words_longer_than_their_column_are_refused(estate: Estate) -> None:
    with on_day(TODAY), refused("填写内容超过120个字。请缩短后重新填写。", field="address"):
        take_in_ticket(actor=estate.cast.city.actor, **ticket_words(address="甲" * 121))


@pytest.mark.parametrize("assists", ["规自分局", ["规自分局", 3]])
def test_those_who_assist_come_as_a_list_of_names(estate: Estate, assists: object) -> None:
    body = {"number": "A", "received_at": "2022-03-07 09:30", "text": "房产证没办", "time_class": "15d"}
    with refused("字段assists应为单位名称的列表。", field="assists"):
        TicketArrival.read({**body, "assists": assists}, Senders.read())


def test_opening_calls_and_lists_are_refused_where_nobody_waits(estate: Estate) -> None:
    with on_day(TODAY), refused("演示小区没有待告知的诉求人。", code="nobody_waits"):
        lay_opening_list(actor=estate.cast.district.actor, project=estate.project)
    ticket = lay_open_building(estate)
    with on_day(TODAY), refused("未填写告知情况", field="text"):
        note_opening_call(actor=estate.cast.township.actor, ticket=ticket, is_reached=True, text=" ")
    with fixture_writes():
        Organisation.objects.filter(kind__in=("township", "district_task_force")).update(is_active=False)
    with on_day(TODAY), refused("都没有登记单位，告知名单无处送达。请先登记单位。", code="no_township"):
        lay_opening_list(actor=estate.cast.city.actor, project=estate.project)
