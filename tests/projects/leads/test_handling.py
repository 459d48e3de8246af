"""Handling: 双派双考, 首接负责, a clock that no return restarts, 剔除 by two, call-backs that open a ticket again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.leads.models import CallBack, Ticket, TicketAct, TicketExecutor
from projects.leads.selectors.handling import acts_of, acts_open_to, answer_for, clock_of_ticket, executors_of
from projects.leads.selectors.tickets import repeats_of
from projects.leads.services.call_backs import call_back_ticket
from projects.leads.services.exclusion import exclude_ticket, restore_ticket
from projects.leads.services.handling import answer_ticket, contact_caller, dispatch_ticket, return_ticket
from projects.leads.services.history import TicketHistory, keep_history
from projects.leads.services.matching import match_ticket, unmatch_ticket
from registry.accounts.models import Approval, InboxItem, Organisation
from registry.accounts.selectors import actor_of
from registry.accounts.services import approve
from registry.audit.invariants import INVARIANTS
from registry.kernel.authority import Role
from registry.kernel.errors import DomainError
from registry.store.guard import fixture_writes
from tests.factories.accounts import lay_assignment, sign_in
from tests.factories.projects import TODAY, Estate, moment, on_day
from tests.factories.tampering import undone
from tests.factories.trials import refused
from tests.projects.leads.trials import answered, called, dispatched, excluded, lay_ticket, matched

OURS = ("I58", "I59", "I60", "I61")


def named() -> list[str]:
    return [f"{code} {violation.subject}" for code in OURS for violation in INVARIANTS[code].violations(None)]


def waiting(organisation: object) -> list[str]:
    items = InboxItem.objects.filter(organisation=organisation, done_at__isnull=True, source__startswith="ticket:")
    return list(items.values_list("verb", flat=True))


def test_two_executors_have_it_on_their_desks_and_both_are_scored(estate: Estate) -> None:
    ticket, cast = lay_ticket(estate), estate.cast
    assert waiting(cast.district.organisation) == ["派单"]
    with on_day(TODAY):
        dispatched(estate, ticket)
        with refused("由主办单位规自分局统一反馈", code="not_lead"):
            answer_ticket(actor=cast.township.actor, ticket=ticket, text="办了")
        with refused("不在本单位办理", code="not_executor"):
            contact_caller(actor=cast.district.actor, ticket=ticket, contacted_at=moment(TODAY, 9), text="说明")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.holder.name) == ("in_hand", "规自分局")
    assert [waiting(player.organisation) for player in (cast.district, cast.department, cast.township)] == [
        [], ["办理"], ["办理"],
    ]  # fmt: skip
    parts = TicketExecutor.objects.order_by("id")
    assert [(part.organisation.name, part.is_lead, part.round) for part in parts] == [
        ("规自分局", True, 1), ("十八里店乡", False, 1),
    ]  # fmt: skip
    assert {part.contact_due_at for part in parts} == {moment(TODAY, 10) + timedelta(hours=24)}


def test_a_developer_never_handles_a_ticket(estate: Estate) -> None:
    ticket, cast = lay_ticket(estate), estate.cast
    with on_day(TODAY):
        with refused("诉求人信息不得提供给该单位", field="lead"):
            dispatch_ticket(actor=cast.district.actor, ticket=ticket, lead=cast.developer.organisation)
        with refused("同一单位只能选一次", field="assists"):
            dispatch_ticket(
                actor=cast.district.actor, ticket=ticket, lead=cast.tax.organisation, assists=[cast.tax.organisation]
            )
        with refused("由其派单", code="not_holder"):
            dispatch_ticket(actor=cast.township.actor, ticket=ticket, lead=cast.tax.organisation)


def test_who_was_told_first_answers_and_may_take_it_itself(estate: Estate) -> None:
    ticket, cast = lay_ticket(estate, by="township", number="XF-1", channel="visit"), estate.cast
    assert (ticket.holder.name, waiting(cast.township.organisation)) == ("十八里店乡", ["派单"])
    with on_day(TODAY):
        dispatch_ticket(actor=cast.township.actor, ticket=ticket, lead=cast.township.organisation)
        answer_ticket(actor=cast.township.actor, ticket=ticket, text="已当面说明")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.holder.name) == ("answered", "十八里店乡")


def test_a_return_keeps_its_reason_round_and_lost_time_and_the_deadline(estate: Estate) -> None:
    ticket, cast = lay_ticket(estate, on=TODAY - timedelta(days=7)), estate.cast
    due = ticket.due_at
    with on_day(TODAY - timedelta(days=7), 11):
        dispatched(estate, ticket)
    with on_day(TODAY):
        with refused("未填写退回原因", field="reason"):
            return_ticket(actor=cast.department.actor, ticket=ticket, reason=" ")
        return_ticket(actor=cast.department.actor, ticket=ticket, reason="欠税问题由税务办理")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.holder.name, ticket.due_at) == ("returned", "朝阳区专班", due)
    assert waiting(cast.district.organisation) == ["重派"]
    act = acts_of(ticket)[0]
    assert (act.text, act.act.round, act.act.workdays, act.act.minutes) == (
        "欠税问题由税务办理",
        1,
        5,
        7 * 24 * 60 - 60,
    )
    assert act.lost == "第1轮，历时5个工作日"
    with on_day(TODAY):
        dispatch_ticket(actor=cast.district.actor, ticket=ticket, lead=cast.tax.organisation)
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.round) == (due, 1), "a return does not restart the clock"
    assert clock_of_ticket(ticket, moment(TODAY)).used == "已用5个工作日，时限15个工作日"
    assert [part.outcome for part in TicketExecutor.objects.order_by("id")] == ["returned", "returned", ""]
    assert named() == []


def test_who_assists_returns_its_part_alone(estate: Estate) -> None:
    ticket = lay_ticket(estate)
    with on_day(TODAY):
        dispatched(estate, ticket)
        return_ticket(actor=estate.cast.township.actor, ticket=ticket, reason="不在本乡辖区")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.holder.name) == ("in_hand", "规自分局")
    assert named() == []


def test_not_solved_opens_it_again_for_the_same_executors_one_round_on(estate: Estate) -> None:
    ticket, cast = lay_ticket(estate), estate.cast
    with on_day(TODAY):
        dispatched(estate, ticket)
        answered(estate, ticket)
        assert waiting(cast.district.organisation) == ["回访"]
        with refused("承办单位不能回访自己办理的工单", code="own_ticket"):
            own = {"is_reached": False, "called_at": moment(TODAY, 10)}
            with fixture_writes(), undone():
                TicketExecutor.objects.filter(is_lead=False).update(organisation=cast.district.organisation)
                call_back_ticket(actor=cast.district.actor, ticket=ticket, **own)
        with refused("须填写是否联系、是否解决、是否满意三项", field="satisfied"):
            call_back_ticket(
                actor=cast.district.actor, ticket=ticket, called_at=moment(TODAY, 10), is_reached=True, solved=True
            )
        called(estate, ticket, solved=None)
        ticket.refresh_from_db()
        assert (ticket.state, ticket.round) == ("answered", 1)
    with on_day(TODAY + timedelta(days=1)):
        call_back_ticket(
            actor=cast.district.actor, ticket=ticket, called_at=moment(TODAY + timedelta(days=1), 9), is_reached=True,
            responded=True, solved=False, satisfied="no",
        )  # fmt: skip
    ticket.refresh_from_db()
    assert (ticket.state, ticket.round, ticket.holder.name) == ("in_hand", 2, "规自分局")
    assert ticket.due_at == moment((TODAY + timedelta(days=23)), 0), "15 working days after the call"
    assert ticket.due_words == "2022-03-30"
    later = moment(TODAY + timedelta(days=2))
    assert clock_of_ticket(ticket, later).used == "第2轮已用1个工作日，时限15个工作日"
    assert waiting(cast.department.organisation) == ["办理"]
    assert [(part.round, part.outcome) for part in TicketExecutor.objects.order_by("id")] == [
        (1, "answered"), (1, "answered"), (2, ""), (2, ""),
    ]  # fmt: skip
    assert [(call.round, call.solved) for call in CallBack.objects.order_by("id")] == [(1, None), (1, False)]
    assert named() == []


def test_repeat_callers_about_one_cause_are_one_demand_and_each_a_ticket(estate: Estate) -> None:
    first = lay_ticket(estate, number="A", received_at=moment(TODAY, 8))
    again = lay_ticket(estate, number="B", received_at=moment(TODAY, 9))
    other = lay_ticket(estate, number="C", caller_phone="19900000002")
    silent = lay_ticket(estate, number="D", caller_phone="")
    with on_day(TODAY):
        for ticket in (again, first, other, silent):
            matched(estate, ticket)
    tickets = Ticket.objects.order_by("number")
    assert [ticket.repeats_id for ticket in tickets] == [None, first.pk, None, None]
    assert [ticket.number for ticket in repeats_of(estate.cast.district.actor, Ticket.objects.get(number="B"))] == ["A"]
    with on_day(TODAY):
        unmatch_ticket(actor=estate.cast.district.actor, ticket=Ticket.objects.get(number="A"), reason="另一小区")
    assert [ticket.repeats_id for ticket in tickets.all()] == [None, None, None, None]


def test_an_exclusion_takes_two_and_comes_back_where_it_was(estate: Estate) -> None:
    ticket, cast = lay_ticket(estate), estate.cast
    with on_day(TODAY):
        dispatched(estate, ticket)
        words = {"basis": "×考核办法第八条", "reason": "同一诉求重复派单"}
        sign_in(cast.department).post(reverse("leads:exclude", args=[ticket.number]), words)
        approval = Approval.objects.get()
        with refused("须由两人办理", code="second_person"):
            exclude_ticket(actor=cast.district.actor, ticket=ticket, reason="x")
        approve(actor=cast.district.actor, approval=approval)
    ticket.refresh_from_db()
    assert (ticket.state, waiting(cast.department.organisation)) == ("excluded", [])
    assert named() == []
    with on_day(TODAY):
        restore_ticket(actor=cast.district.actor, ticket=ticket, reason="复核后恢复")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.holder.name, waiting(cast.department.organisation)) == (
        "in_hand",
        "规自分局",
        ["办理"],
    )
    assert named() == []


ACTS: dict[str, Callable[[Estate, Ticket], Any]] = {
    "dispatch": dispatched,
    "answer": answered,
    "return": lambda e, t: return_ticket(actor=e.cast.department.actor, ticket=t, reason="不属职责"),
    "leave": lambda e, t: return_ticket(actor=e.cast.township.actor, ticket=t, reason="不属职责"),
    "solved": called,
    "not solved": lambda e, t: called(e, t, solved=False, satisfied="no"),
    "not reached": lambda e, t: called(e, t, solved=None),
    "exclude": excluded,
    "restore": lambda e, t: restore_ticket(actor=e.cast.district.actor, ticket=t, reason="恢复"),
    "match": matched,
}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(ACTS)), min_size=3, max_size=9))
def test_whatever_happens_a_ticket_has_one_state_and_its_executors(estate: Estate, history: list[str]) -> None:
    with undone():
        ticket = lay_ticket(estate)
        for at, name in enumerate(history, start=9):
            with on_day(TODAY, at + 1 if at < 22 else 23):
                try:
                    ACTS[name](estate, ticket)
                except DomainError as refusal:
                    said = refusal.message
                    assert said.endswith("。")
        assert named() == []


@pytest.mark.parametrize(
    ("code", "tamper"),
    [
        ("I58", lambda: Ticket.objects.update(state="done")),
        ("I58", lambda: Ticket.objects.get().spans.filter(ordinal=1).update(ended_at=moment(TODAY, 23))),
        ("I58", lambda: Ticket.objects.get().spans.all().delete()),
        (
            "I59",
            lambda: TicketExecutor.objects.filter(is_lead=True).update(ended_at=moment(TODAY, 23), outcome="closed"),
        ),
        (
            "I59",
            lambda: TicketExecutor.objects.filter(is_lead=True).update(
                organisation=Organisation.objects.get(code="S-T1")
            ),
        ),
        ("I60", lambda: Ticket.objects.update(project=None)),
    ],
)
def test_tampering_with_a_ticket_is_named(estate: Estate, code: str, tamper: Callable[[], Any]) -> None:
    ticket = lay_ticket(estate)
    with on_day(TODAY):
        matched(estate, ticket)
        dispatched(estate, ticket)
    assert named() == []
    with undone(), fixture_writes():
        tamper()
        assert f"{code} {ticket.number}" in named()


def test_a_repeat_of_another_caller_is_named(estate: Estate) -> None:
    first, again = (lay_ticket(estate, number=number) for number in "AB")
    with on_day(TODAY):
        matched(estate, first)
        matched(estate, again)
    assert Ticket.objects.get(number="B").repeats_id == first.pk
    assert named() == []
    with undone(), fixture_writes():
        Ticket.objects.filter(pk=first.pk).update(caller_phone_index=b"0" * 16)
        assert named() == ["I61 B"]


def test_the_page_has_the_words_the_gates_and_the_record_for_whoever_handles_it(story: Estate) -> None:
    ticket, cast = lay_ticket(story), story.cast
    with on_day(TODAY):
        match_ticket(
            actor=cast.district.actor, ticket=ticket, project=story.project, unit=story.unit(), reason="来电核实到户"
        )
        dispatched(story, ticket)
        contact_caller(
            actor=cast.department.actor, ticket=ticket, contacted_at=moment(TODAY, 9), text="19900000001已接通"
        )
    ticket = Ticket.objects.select_related("project", "unit__building", "holder").get()
    answer = answer_for(ticket, on=TODAY)
    assert answer is not None
    assert answer.explanation is not None
    page = sign_in(cast.department).get(reverse("leads:ticket", args=[ticket.number])).content.decode()
    for words in (answer.explanation.words, "房产证一直办不下来", "199****0001已接通", "主办：规自分局", "首次登记"):
        assert words in page
    assert "19900000001" not in page
    assert acts_open_to(cast.department.actor, ticket, executors_of(ticket)) == {
        "contact",
        "return",
        "answer",
        "exclude",
    }
    assert sign_in(cast.developer).get(reverse("leads:ticket", args=[ticket.number])).status_code == 403
    assert TicketAct.objects.visible_to(cast.developer.actor).count() == 0


def test_who_rang_is_shown_after_the_record_and_counted_with_holders(estate: Estate) -> None:
    ticket, cast = lay_ticket(estate), estate.cast
    client, address = sign_in(cast.district), reverse("leads:caller", args=[ticket.number])
    with on_day(TODAY):
        assert "演示甲" not in client.get(address).content.decode()
        page = client.post(address, {"reason": "联系诉求人答复办理情况"}).content.decode()
    assert all(words in page for words in ("演示甲", "19900000001", "房产证一直办不下来"))
    assert sign_in(cast.auditor).get(address).status_code == 403


def test_handling_goes_through_its_pages(estate: Estate) -> None:
    ticket, cast = lay_ticket(estate), estate.cast
    at = f"{TODAY:%Y-%m-%d}T09:30"

    def do(player: Any, act: str, **words: Any) -> int:
        answer = sign_in(player).post(reverse("leads:act", args=[ticket.number, act]), words)
        return int(answer.status_code)

    with on_day(TODAY):
        lead, assist = cast.department.organisation.pk, cast.township.organisation.pk
        assert do(cast.district, "dispatch", lead=lead, assists=[assist]) == 302
        assert do(cast.department, "contact", contacted_at=at, text="已说明") == 302
        assert do(cast.department, "answer", text="月底前办结") == 302
        three = {"responded": "yes", "solved": "no", "satisfied": "no"}
        assert do(cast.district, "call-back", called_at=at, is_reached="yes", **three) == 302
        assert do(cast.department, "return", reason="应由税务办理") == 302
    ticket.refresh_from_db()
    assert (ticket.state, ticket.round) == ("returned", 2)


def test_who_handled_a_ticket_does_not_call_back_in_another_role(estate: Estate) -> None:
    """One person works for the department that answered and for the task force that asks."""
    cast, ticket = estate.cast, lay_ticket(estate)
    both = actor_of(lay_assignment(cast.department.person, cast.district.organisation, Role.DISTRICT), on=TODAY)
    with on_day(TODAY):
        dispatched(estate, ticket)
        answered(estate, ticket)
    words = {"ticket": ticket, "called_at": moment(TODAY, 10), "is_reached": False}

    with on_day(TODAY), refused("本人办理过这件工单，不能回访", code="second_person"):
        call_back_ticket(actor=both, **words)
    with on_day(TODAY):
        call_back_ticket(actor=cast.district.actor, **words)


def test_an_organ_of_another_district_is_given_no_ticket(estate: Estate) -> None:
    """The form does not offer it; neither does a list or another platform get it through."""
    ticket, far = lay_ticket(estate), estate.cast.strange_department.organisation
    matched(estate, ticket)
    history = TicketHistory(lead=far, dispatched_at=moment(TODAY, 10))
    for act in (
        lambda: dispatch_ticket(actor=estate.cast.district.actor, ticket=ticket, lead=far),
        lambda: keep_history(actor=estate.cast.city.actor, ticket=ticket, history=history),
    ):
        with on_day(TODAY, 12), refused("不在工单所属的区", code="elsewhere", field="lead"):
            act()
