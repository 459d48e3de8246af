"""Tickets come in once, sealed, whole; kept out only by a rule in words; seen by those who handle them alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from projects.leads.models import Ticket, TicketMatch, TicketSpan
from projects.leads.services.intake import take_in_ticket
from projects.leads.services.matching import match_ticket
from registry.audit.models import Act
from registry.kernel.authority import system_actor
from registry.store.guard import fixture_writes
from tests.factories.accounts import assert_asks, lay_setting, sign_in
from tests.factories.projects import TODAY, Estate, moment, on_day
from tests.factories.trials import refused
from tests.projects.leads.trials import SAID, lay_ticket, matched, ticket_words


def test_a_ticket_lies_with_the_district_until_it_is_dispatched(estate: Estate) -> None:
    ticket = lay_ticket(estate)

    assert (ticket.state, ticket.matter, ticket.holder.name) == ("waiting", "unknown", "朝阳区专班")
    assert (ticket.district_code, ticket.township_code) == ("110105", "110105027")
    assert ticket.due_at == moment(TODAY.replace(day=30), 0), "15 working days after 8 March end with the 29th"
    span = TicketSpan.objects.get()
    assert (span.state, span.holder_id, span.ended_at) == ("waiting", ticket.holder_id, None)
    assert lay_ticket(estate, by="township", number="XF-1", channel="visit").holder.name == "十八里店乡"


def test_nothing_of_a_caller_stands_in_clear(estate: Estate) -> None:
    lay_ticket(estate)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM leads_ticket")
        stored = " ".join(
            str(bytes(cell)) if isinstance(cell, bytes | memoryview) else str(cell) for cell in cursor.fetchone()
        )
        cursor.execute("SELECT facts, reason, subject_label FROM audit_act")
        told = str(cursor.fetchall())
    for clear in ("演示甲", "19900000001", "房产证一直办不下来", "演示小区3号楼"):
        assert clear not in stored + told
    ticket = Ticket.objects.get()
    assert (ticket.caller_name_masked, ticket.caller_phone_masked) == ("演*甲", "199****0001")


@pytest.mark.parametrize(
    ("change", "said", "code", "field"),
    [
        ({"number": " "}, "未填写工单编号", "refused", "number"),
        ({"number": "RX20220307001"}, "已登记，不重复登记", "known", "number"),
        ({"text": "<p> </p>"}, "未填写诉求内容", "refused", "text"),
        ({"received_at": moment(TODAY + timedelta(days=1))}, "2022-03-09 12:00尚未到来", "impossible", "received_at"),
        ({"received_at": moment(TODAY.replace(year=1922))}, "1922-03-08过早", "impossible", "received_at"),
        ({"township_code": "999999999"}, "行政区划表里没有", "refused", "township_code"),
        ({"caller_phone": "123"}, "联系电话应为11位", "refused", "caller_phone"),
    ],
)
def test_what_is_refused_says_what_and_how(
    estate: Estate, change: dict[str, object], said: str, code: str, field: str
) -> None:
    lay_ticket(estate)
    words = ticket_words(**{"number": "RX2", **change})
    with on_day(TODAY), refused(said, code=code, field=field):
        take_in_ticket(actor=estate.cast.city.actor, **words)


def test_a_district_takes_in_what_is_its_own(estate: Estate) -> None:
    with on_day(TODAY), refused("不在您的辖区内", field="township_code"):
        take_in_ticket(actor=estate.cast.strange_district.actor, **ticket_words())


def test_markup_is_read_as_the_text_that_a_person_sees(estate: Estate) -> None:
    ticket = lay_ticket(
        estate, text="房产证<b>办不了</b><br>电话19900000001&nbsp;&lt;script&gt;alert(1)&lt;/script&gt;请回复"
    )
    client = sign_in(estate.cast.district)

    page = client.get(reverse("leads:ticket", args=[ticket.number])).content.decode()

    assert "房产证办不了<br>电话199****0001 请回复" in page
    assert "alert(1)" not in page


def test_other_matters_are_kept_out_by_a_rule_that_says_why(estate: Estate) -> None:
    lay_setting("city.name", "示例市", since=TODAY)
    cold = lay_ticket(estate, number="A", text="小区暖气不热，请处理", category="供暖")
    far = lay_ticket(estate, number="B", address="河东省临江市演示小区3号楼")
    both = lay_ticket(estate, number="C", text="暖气不热，房产证也一直没办", address="朝阳区演示小区3号楼")
    here = lay_ticket(estate, number="D", address="示例市朝阳区演示小区3号楼")

    assert (cold.state, cold.matter, cold.matter_rule) == (
        "out", "other", "规则：诉求内容为供热（“供暖”），未涉及办证、产权、登记",
    )  # fmt: skip
    assert (far.state, far.matter_rule) == ("out", "规则：地址“河东省临江市…”不在示例市")
    assert [ticket.state for ticket in (both, here)] == ["waiting", "waiting"]
    assert (
        "非本事项：规则：诉求内容为供热"
        in Act.objects.order_by("id").filter(event="ticket.received")[0].facts["matter"]
    )


def test_a_match_is_of_one_project_and_a_rule_never_overturns_a_person(estate: Estate) -> None:
    ticket, rule = lay_ticket(estate), system_actor("工单匹配")
    building, unit = estate.buildings[0], estate.unit()
    with on_day(TODAY):
        first = match_ticket(actor=rule, ticket=ticket, project=estate.project, reason="名称一致")
        person = match_ticket(
            actor=estate.cast.township.actor, ticket=ticket, project=estate.project, unit=unit, reason="来电核实到户"
        )
        with refused("已由人工认定，系统不再改动", code="by_person"):
            match_ticket(actor=rule, ticket=ticket, project=estate.project, building=estate.buildings[1], reason="楼号")
        with refused(r"不在.*请重新选择房屋", field="unit"):
            match_ticket(
                actor=rule, ticket=ticket, project=estate.project, building=estate.buildings[1], unit=unit, reason="x"
            )
    ticket.refresh_from_db()

    assert (first.matched_by, first.person_id) == ("rule", None)
    assert (person.matched_by, person.building_id, person.unit_id) == ("person", building.pk, unit.pk)
    assert (ticket.matter, ticket.project_id, ticket.building_id, ticket.unit_id) == (
        "ours", estate.project.pk, building.pk, unit.pk,
    )  # fmt: skip


def test_developers_never_see_a_ticket_of_their_own_project_either(estate: Estate) -> None:
    ticket = lay_ticket(estate)
    with on_day(TODAY):
        matched(estate, ticket)
    seen = {
        name: [
            model.objects.visible_to(getattr(estate.cast, name).actor).count()
            for model in (Ticket, TicketMatch, TicketSpan)
        ]
        for name in ("city", "district", "township", "department", "auditor", "developer", "strange_district",
                     "strange_township", "strange_developer", "system_admin", "security_admin")
    }  # fmt: skip

    ours = ("city", "district", "township", "auditor")
    assert seen == {name: [1, 1, 1] if name in ours else [0, 0, 0] for name in seen}


def test_a_ticket_without_project_is_seen_by_its_area_and_a_department_sees_what_lies_with_it(estate: Estate) -> None:
    ticket = lay_ticket(estate)
    cast = estate.cast
    with fixture_writes():
        Ticket.objects.update(holder=cast.department.organisation, district_code="110105", township_code="")

    assert [
        Ticket.objects.visible_to(player.actor).filter(pk=ticket.pk).exists()
        for player in (cast.city, cast.district, cast.township, cast.department, cast.tax)
    ] == [True, True, False, True, False]


def test_the_inbox_costs_the_same_for_one_and_for_three(estate: Estate) -> None:
    client = sign_in(estate.cast.district)
    lay_ticket(estate, number="A")
    client.get(reverse("leads:tickets"))
    with assert_asks(6):
        client.get(reverse("leads:tickets"))
    lay_ticket(estate, number="B")
    lay_ticket(estate, number="C")
    with assert_asks(6):
        page = client.get(reverse("leads:tickets")).content.decode()
    assert SAID[:8] in page
    assert "演示甲" not in page


def test_the_inbox_begins_with_what_lies_with_ones_own_organisation(estate: Estate) -> None:
    lay_ticket(estate, number="A")
    lay_ticket(estate, number="B", by="township", channel="visit")
    lay_ticket(estate, number="C", text="小区暖气不热", category="")

    def listed(player: str, **words: str) -> list[str]:
        page = sign_in(getattr(estate.cast, player)).get(reverse("leads:tickets"), words)
        return [ticket.number for ticket, _ in page.context["rows"]]

    assert [listed("district"), listed("township"), listed("city")] == [["A"], ["B"], ["A", "B"]]
    assert listed("district", state="all") == ["A", "B", "C"]
    assert listed("district", state="out") == ["C"]
    assert [listed("district", state="late"), listed("district", q="B", state="open")] == [["A", "B"], ["B"]]


def test_a_ticket_is_taken_in_matched_and_judged_on_pages(estate: Estate) -> None:
    client = sign_in(estate.cast.district)
    words = {**ticket_words(), "received_at": "2022-03-07T09:00", "channel": "hotline"}
    with on_day(TODAY):
        answer = client.post(reverse("leads:take_in"), words)
        assert answer["Location"] == reverse("leads:ticket", args=["RX20220307001"])
        client.post(reverse("leads:match", args=["RX20220307001"]), {"project": "CY-9001", "reason": "名称一致"})
        client.post(reverse("leads:judge", args=["RX20220307001", "unmatch"]), {"reason": "是另一个小区"})
        client.post(reverse("leads:judge", args=["RX20220307001", "out"]), {"reason": "反映供暖"})
        client.post(reverse("leads:judge", args=["RX20220307001", "take-up"]), {"reason": "也要办证"})

    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.matter, ticket.matter_rule, ticket.project) == (
        "waiting",
        "ours",
        "人工：也要办证",
        None,
    )
    assert [row.project_id for row in ticket.matches.order_by("id")] == [estate.project.pk, None]
    assert [row.state for row in ticket.spans.order_by("ordinal")] == ["waiting", "out", "waiting"]
    assert words["text"] in client.get(reverse("leads:ticket", args=[ticket.number])).content.decode()
