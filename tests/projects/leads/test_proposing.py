"""F16: a ticket finds its project by any name; what a person confirmed stands, teaches a name, and follows merges."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from projects.leads.invariants import the_last_match_is_what_a_ticket_says
from projects.leads.models import Ticket, TicketMatch
from projects.leads.selectors.known import known_index, names_version
from projects.leads.selectors.proposals import proposals_for, to_be_matched, unknown_projects
from projects.leads.services.matching import match_ticket, unmatch_ticket
from projects.leads.services.proposing import (
    confirm_project,
    find_unknown,
    match_by_rule,
    match_what_waits,
    take_in_unknown,
)
from projects.ledger.choices import AliasKind
from projects.ledger.models import Alias, Project
from projects.ledger.services.particulars import add_alias
from projects.ledger.services.projects import ProjectRefused, take_in_project
from projects.progress.services.merge import merge_projects
from registry.kernel.errors import NotFound
from registry.kernel.matching.known import Verdict
from tests.factories.accounts import STRANGE_TOWNSHIP, TOWNSHIP, sign_in
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import refused
from tests.projects.leads.trials import lay_ticket

ASK = "的房产证一直办不下来，请帮忙"


def take_in(estate: Estate, name: str, code: str = "XM-7001", **more: Any) -> Project:
    with on_day(TODAY):
        project: Project = take_in_project(
            actor=estate.cast.district.actor, code=code, name=name, township_code=TOWNSHIP,
            housing_type="commercial", taken_in_on=TODAY, **more,
        )  # fmt: skip
    return project


def said(estate: Estate, text: str, number: str = "RX1", **more: Any) -> Ticket:
    return lay_ticket(estate, number=number, text=text, **{"address": "", "caller_phone": "", **more})


def test_rule_matches_what_it_is_sure_of_and_says_why(estate: Estate) -> None:
    project = take_in(estate, "翠湖花园一期", aliases={"老电厂宿舍": AliasKind.FORMER})
    take_in(estate, "翠湖花园二期", "XM-7002")
    sure, unsure = said(estate, f"翠湖花园1期{ASK}"), said(estate, f"翠湖花园{ASK}", "RX2")
    with on_day(TODAY):
        assert match_what_waits() == (2, 1, unsure.pk)
    match = TicketMatch.objects.get()
    assert (match.ticket_id, match.project, match.matched_by, match.person) == (sure.pk, project, "rule", None)
    assert match.reason.startswith("写有名称“翠湖花园一期”；1期相符；在")
    assert "领先第二候选" in match.reason
    assert names_version() in match.reason
    assert list(to_be_matched(estate.cast.district.actor)) == [unsure]


def test_rule_keeps_out_what_is_of_another_matter_with_its_words(estate: Estate) -> None:
    take_in(estate, "翠湖花园")
    ticket = said(estate, "不动产证已经拿到，请解决翠湖花园门口的堆物", category="环境")
    with on_day(TODAY):
        assert match_by_rule(ticket)
    ticket.refresh_from_db()
    assert (ticket.matter, ticket.state, ticket.project) == ("other", "out", None)
    assert ticket.matter_rule == "规则：文中反映的是“堆物”，没有要求办证，证件方面写的是“证已经拿”"


def test_an_alias_proposes_anew_and_never_reassigns_what_a_person_confirmed(estate: Estate) -> None:
    first, second = take_in(estate, "翠湖花园"), take_in(estate, "锦江华庭", "XM-7002")
    actor = estate.cast.district.actor
    ticket = said(estate, f"家住老电厂宿舍{ASK}")
    assert proposals_for(actor, ticket).match.verdict is Verdict.NONE
    with on_day(TODAY):
        confirm_project(actor=actor, ticket=ticket, project=first, reason="与来电人核实", taught="老电厂宿舍")
    assert Alias.objects.get(project=first).text == "老电厂宿舍", "a confirmed match teaches a name"
    other = said(estate, f"老电厂宿舍{ASK}", "RX2")
    with on_day(TODAY):
        assert match_by_rule(other), "the name is known from then on"
        Alias.objects.filter(project=first)
        add_alias(actor=actor, project=second, kind=AliasKind.FORMER, text="老电厂宿舍东院")
        match_what_waits()
    ticket.refresh_from_db()
    assert ticket.project == first
    with on_day(TODAY):
        unmatch_ticket(actor=actor, ticket=ticket, reason="来电人说不是")
        assert match_what_waits()[1] == 0, "nor does the rule bring back what a person took away"
    assert Ticket.objects.get(pk=ticket.pk).project is None


def test_a_name_of_another_project_is_not_taught(estate: Estate) -> None:
    first = take_in(estate, "翠湖花园")
    take_in(estate, "锦江华庭", "XM-7002")
    ticket = said(estate, f"锦江华庭{ASK}")
    with on_day(TODAY):
        confirm_project(
            actor=estate.cast.district.actor, ticket=ticket, project=first, reason="与来电人核实", taught="锦江华庭"
        )
    assert not Alias.objects.filter(text="锦江华庭").exists()


def test_names_of_what_was_merged_lead_to_what_it_is_part_of_at_any_depth(estate: Estate) -> None:
    each, two, three = (
        take_in(estate, "翠湖花园"),
        take_in(estate, "锦江华庭", "XM-7002"),
        take_in(estate, "玉泉里", "XM-7003"),
    )
    actor = estate.cast.city.actor
    before = said(estate, f"翠湖花园{ASK}")
    with on_day(TODAY):
        match_ticket(actor=actor, ticket=before, project=each, reason="核实")
        merge_projects(actor=actor, project=two, absorbed=each, on=TODAY, reason="同一项目")
        merge_projects(actor=actor, project=three, absorbed=two, on=TODAY, reason="同一项目")
        after = said(estate, f"翠湖花园{ASK}", "RX2")
        assert match_by_rule(after)
    after.refresh_from_db()
    before.refresh_from_db()
    assert (after.project, before.project) == (three, three)
    assert list(the_last_match_is_what_a_ticket_says(None)) == []
    assert len(known_index().projects) == Project.objects.filter(merged_into=None).count()


def test_a_person_finds_a_ticket_to_be_of_an_unknown_project(estate: Estate) -> None:
    take_in(estate, "翠湖花园")
    ticket, actor = said(estate, f"翠湖花园旁边新楼{ASK}"), estate.cast.district.actor
    with on_day(TODAY):
        with refused("未填写理由", field="reason"):
            find_unknown(actor=actor, ticket=ticket, reason=" ")
        find_unknown(actor=actor, ticket=ticket, reason="旁边的另一处")
        with refused("没有改动", code="same"):
            find_unknown(actor=actor, ticket=ticket, reason="又一次")
        assert not match_by_rule(ticket)
    ticket.refresh_from_db()
    assert (ticket.matter, ticket.project) == ("ours", None)
    assert not to_be_matched(actor).exists()


def test_tickets_of_an_unknown_estate_become_a_project_through_the_scope_test(estate: Estate) -> None:
    actor = estate.cast.district.actor
    for number, text in enumerate(("星河湾花园3号楼", "星河弯花园", "家住星河湾花园")):
        said(estate, f"{text}{ASK}", f"RX{number}")
    lines, alone = unknown_projects(actor)
    assert ([line.cluster.name for line in lines], alone) == (["星河湾花园"], 0)
    tickets = lines[0].tickets
    words = {
        "code": "XM-7009", "name": "星河湾花园", "township_code": TOWNSHIP, "housing_type": "commercial",
        "taken_in_on": TODAY, "sold_on": date(2010, 1, 1),
    }  # fmt: skip
    with on_day(TODAY):
        with pytest.raises(ProjectRefused, match="小产权房"):
            take_in_unknown(actor=actor, tickets=tickets, **{**words, "is_state_owned": False})
        assert not Ticket.objects.exclude(project=None).exists()
        made = take_in_unknown(actor=actor, tickets=tickets, names=("星河弯花园", "星河湾花园"), **words)
        with refused("没有选中工单"):
            take_in_unknown(actor=actor, tickets=[], **{**words, "code": "XM-7010"})
        with refused("已认定项目", code="matched"):
            take_in_unknown(actor=actor, tickets=tickets, **{**words, "code": "XM-7010"})
    assert Ticket.objects.filter(project=made).count() == 3
    assert Alias.objects.get(project=made).text == "星河弯花园"
    assert unknown_projects(actor) == ([], 0)


def test_workbench_takes_one_ticket_after_another(estate: Estate) -> None:
    project = take_in(estate, "翠湖花园")
    first, second = said(estate, f"翠胡花园{ASK}"), said(estate, f"那个小区{ASK}", "RX2")
    client = sign_in(estate.cast.district)
    page = client.get(reverse("leads:workbench")).content.decode()
    assert "待匹配2件" in page
    assert "写作“翠胡花园”，与“翠湖花园”音同或音近" in page
    with on_day(TODAY):
        client.post(reverse("leads:decide", args=[first.number, "accept"]), {"candidate": project.pk})
        page = client.get(reverse("leads:workbench")).content.decode()
        assert second.number in page
        assert "台账里没有与文中地点相符的项目" in page
        client.post(reverse("leads:decide", args=[second.number, "unknown"]), {"reason": "查无此处"})
    first.refresh_from_db()
    assert first.project == project
    assert Alias.objects.get(project=project).text == "翠胡花园"
    assert "没有待匹配的工单" in client.get(reverse("leads:workbench")).content.decode()


def test_clusters_page_makes_a_project_and_strangers_see_neither(estate: Estate) -> None:
    for number in range(2):
        said(estate, f"星河湾花园{ASK}", f"RX{number}")
    client = sign_in(estate.cast.district)
    page = client.get(reverse("leads:clusters")).content.decode()
    assert "1处，2件" in page
    assert "2件写作“星河湾花园”" in page
    address = reverse("leads:take_in_cluster", args=["RX0"])
    assert 'value="星河湾花园"' in client.get(address).content.decode()
    words = {
        "code": "XM-7009", "name": "星河湾花园", "township_code": TOWNSHIP, "housing_type": "commercial",
        "taken_in_on": "2022-03-08", "sold_on": "2010-01-01", "is_state_owned": "on", "is_buyer_innocent": "on",
    }  # fmt: skip
    with on_day(TODAY):
        client.post(address, words)
    assert Ticket.objects.filter(project__code="XM-7009").count() == 2
    assert client.get(address).status_code == 404
    assert "0处，0件" in sign_in(estate.cast.strange_district).get(reverse("leads:clusters")).content.decode()


def test_tickets_out_of_reach_become_nobodys_project(estate: Estate) -> None:
    """The page lists what is within reach; the service holds the same."""
    ticket = said(estate, f"星河湾花园3号楼{ASK}", "RX1")
    words = {
        "code": "XM-7009", "name": "星河湾花园", "township_code": STRANGE_TOWNSHIP, "housing_type": "commercial",
        "taken_in_on": TODAY, "sold_on": date(2010, 1, 1),
    }  # fmt: skip
    with on_day(TODAY), pytest.raises(NotFound):
        take_in_unknown(actor=estate.cast.strange_district.actor, tickets=[ticket], **words)
    ticket.refresh_from_db()
    assert ticket.project is None
