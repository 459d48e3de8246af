"""Proposals are stored when a ticket comes in and made anew once a name changes; tickets go with their buildings."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from projects.leads.models import Ticket, TicketMatch, TicketProposal
from projects.leads.selectors.known import names_version, rules_digest
from projects.leads.selectors.proposals import proposals_for
from projects.leads.services.matching import match_ticket
from projects.leads.services.proposals import propose_anew
from projects.leads.services.proposing import match_what_waits
from projects.ledger.choices import AliasKind
from projects.ledger.models import Building, Project
from projects.ledger.services.particulars import add_alias
from projects.ledger.services.projects import take_in_project
from projects.progress.services.merge import merge_projects
from projects.progress.services.split import split_project
from registry.audit.invariants import INVARIANTS
from registry.jobs.models import Job
from registry.kernel.authority import system_actor
from registry.store.guard import fixture_writes
from tests.factories.accounts import TOWNSHIP, sign_in
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.tampering import alter, columns_of, undone, undone_unchecked
from tests.factories.trials import refused
from tests.projects.leads.trials import dispatched, lay_ticket

OURS = ("I58", "I60", "I61", "I62", "I75", "I76")
ASK = "的房产证一直办不下来，请帮忙"


def named() -> list[str]:
    return [f"{code} {violation.subject}" for code in OURS for violation in INVARIANTS[code].violations(None)]


def asking(estate: Estate, text: str, number: str = "RX1", **more: Any) -> Ticket:
    return lay_ticket(estate, number=number, text=f"{text}{ASK}", **{"address": "", "caller_phone": "", **more})


def take_in(estate: Estate, name: str, code: str) -> Project:
    with on_day(TODAY):
        project: Project = take_in_project(
            actor=estate.cast.district.actor, code=code, name=name, township_code=TOWNSHIP,
            housing_type="commercial", taken_in_on=TODAY,
        )  # fmt: skip
    return project


def test_what_is_proposed_is_stored_as_a_ticket_comes_in(estate: Estate) -> None:
    project = take_in(estate, "翠湖花园", "XM-7001")
    ticket = asking(estate, "翠胡花园")
    proposal = TicketProposal.objects.get()
    assert (proposal.ticket, proposal.verdict, proposal.project) == (ticket, "accept", project)
    assert proposal.reason == "写作“翠胡花园”，与“翠湖花园”音同或音近；在十八里店乡"
    assert proposal.version == names_version()
    shown = proposals_for(estate.cast.district.actor, ticket)
    assert [(line.project, line.candidate.reasons) for line in shown.lines] == [
        (project, ("写作“翠胡花园”，与“翠湖花园”音同或音近", "在十八里店乡"))
    ]
    assert named() == []


def test_a_new_name_proposes_anew_at_once_and_the_job_stores_it(estate: Estate) -> None:
    project, actor = take_in(estate, "翠湖花园", "XM-7001"), estate.cast.district.actor
    ticket, decided = asking(estate, "老电厂宿舍"), asking(estate, "老电厂宿舍那边", "RX2")
    vague = asking(estate, "我们这个地方", "RX3")
    with on_day(TODAY):
        match_ticket(actor=actor, ticket=decided, project=estate.project, reason="来电人说的")
        assert not Job.objects.filter(kind="leads.matching").exists()
        add_alias(actor=actor, project=project, kind=AliasKind.FORMER, text="老电场宿舍")
        assert proposals_for(actor, ticket).lines[0].project == project, "at once, before anything is stored"
        assert TicketProposal.objects.get(ticket=ticket).project is None
        add_alias(actor=actor, project=project, kind=AliasKind.FORMER, text="电厂老宿舍")
        assert Job.objects.filter(kind="leads.matching", state="queued").count() == 1, "one job for all of them"
        assert match_what_waits()[:2] == (2, 1)
    ticket.refresh_from_db()
    decided.refresh_from_db()
    assert (ticket.project, decided.project) == (project, estate.project), "what a person decided stands"
    assert TicketProposal.objects.get(ticket=vague).version == names_version()
    with on_day(TODAY), refused("无需重新计算", code="nothing_stale"):
        propose_anew(actor=system_actor("工单匹配"), tickets=[vague, ticket, decided])
    assert named() == []


def test_what_another_release_proposed_is_stale_and_no_violation(estate: Estate) -> None:
    project = take_in(estate, "翠湖花园", "XM-7001")
    ticket = asking(estate, "翠胡花园")
    version, answer = names_version(), TicketProposal.objects.get().answer
    assert version.startswith(f"{rules_digest()}-")
    with fixture_writes():
        TicketProposal.objects.update(verdict="propose", answer={**answer, "verdict": "propose"})
    assert named() == [f"I75 {ticket.number}"], "by the rules of now it is wrong"
    with fixture_writes():
        TicketProposal.objects.update(version=version.replace(rules_digest(), "0" * 8))
    assert named() == []
    assert proposals_for(estate.cast.district.actor, ticket).lines[0].project == project, "a page counts it anew"


def test_the_workbench_reads_what_is_stored(estate: Estate) -> None:
    project = take_in(estate, "翠湖花园", "XM-7001")
    asking(estate, "翠胡花园")
    page = sign_in(estate.cast.district).get(reverse("leads:workbench"))
    assert [line.project for line in page.context["proposals"].lines] == [project]


def test_tickets_go_with_their_buildings_through_merges_and_splits_at_any_depth(estate: Estate) -> None:
    cast, (first, second) = estate.cast, estate.buildings
    by_rule, by_person, whole = (asking(estate, "演示小区", number) for number in ("R", "P", "W"))
    with on_day(TODAY):
        match_ticket(
            actor=system_actor("工单匹配"), ticket=by_rule, project=estate.project, building=first, reason="楼号一致"
        )
        match_ticket(
            actor=cast.district.actor, ticket=by_person, project=estate.project, building=second, reason="来电人说的"
        )
        match_ticket(actor=cast.district.actor, ticket=whole, project=estate.project, reason="来电人说的")
        dispatched(estate, by_person)

    def where() -> list[tuple[str, int | None]]:
        return [
            (ticket.project.code, ticket.building_id)
            for ticket in Ticket.objects.select_related("project").order_by("number")
        ]

    project, decisions = estate.project, TicketMatch.objects.count()
    for depth in range(1, 4):
        with on_day(TODAY):
            parted = split_project(
                actor=cast.city.actor, project=project, building_ids=[second.pk], code=f"XM-8{depth}00",
                name=f"分出{depth}号", on=TODAY, reason="分期",
            )  # fmt: skip
        assert where() == [(parted.code, second.pk), (project.code, first.pk), (project.code, None)]
        assert named() == []
        with on_day(TODAY):
            merge_projects(actor=cast.city.actor, project=project, absorbed=parted, on=TODAY, reason="同一项目")
        assert where() == [(project.code, second.pk), (project.code, first.pk), (project.code, None)]
        assert named() == []
    assert Building.objects.get(pk=second.pk).project_id == project.pk
    assert TicketMatch.objects.count() == decisions, "nothing was decided anew"


def test_callers_of_two_projects_that_become_one_are_one_demand(estate: Estate) -> None:
    cast, other = estate.cast, take_in(estate, "翠湖花园", "XM-7001")
    here = asking(estate, "演示小区", "A", caller_phone="19900000001")
    there = asking(estate, "翠湖花园", "B", caller_phone="19900000001")
    with on_day(TODAY):
        match_ticket(actor=cast.district.actor, ticket=here, project=estate.project, reason="名称一致")
        match_ticket(actor=cast.district.actor, ticket=there, project=other, reason="名称一致")
    assert list(Ticket.objects.filter(repeats__isnull=False)) == []
    with on_day(TODAY):
        merge_projects(actor=cast.city.actor, project=estate.project, absorbed=other, on=TODAY, reason="同一项目")
    there.refresh_from_db()
    assert (there.project, there.repeats) == (estate.project, here)
    assert named() == []


def test_every_column_of_a_proposal_is_named_when_it_is_altered(estate: Estate) -> None:
    """Of one that waits and of one decided on; `version` alone says that it is old: it is then proposed anew."""
    waits = asking(estate, "翠胡花园", "A")
    decided = asking(estate, "演示小区", "B")
    with on_day(TODAY):
        match_ticket(actor=estate.cast.district.actor, ticket=decided, project=estate.project, reason="来电人说的")
    missed = []
    for ticket in (waits, decided):
        for field in columns_of(TicketProposal):
            with undone_unchecked(TicketProposal):
                if alter(TicketProposal.objects.get(ticket=ticket), field) and not named():
                    missed.append((ticket.number, field.column))

    assert named() == []
    assert {column for _, column in missed} == {"version"}


@pytest.mark.parametrize(
    ("code", "subject", "tamper"),
    [
        ("I62", "工单状态已办结", lambda: Ticket.objects.filter(number="A").update(state="done")),
        ("I62", "工单状态", lambda: Ticket.objects.filter(number="A").update(state="lost")),
        ("I62", "单位", lambda: Ticket.objects.filter(number="A").update(holder=1)),
        ("I62", "项目", lambda: Ticket.objects.filter(number="B").update(repeats=Ticket.objects.get(number="A"))),
        ("I75", "A", lambda: TicketProposal.objects.filter(ticket__number="A").update(verdict="accept")),
        ("I76", "B", lambda: TicketMatch.objects.create(
            ticket=Ticket.objects.get(number="B"), project=Project.objects.get(code="CY-9001"), matched_by="rule",
            reason="名称一致", recorded_at=Ticket.objects.get(number="B").recorded_at, act_id=1)),
    ],
)  # fmt: skip
def test_tampering_with_counts_and_proposals_is_named(
    estate: Estate, code: str, subject: str, tamper: Callable[[], Any]
) -> None:
    asking(estate, "翠胡花园", "A")
    ticket = asking(estate, "演示小区", "B")
    with on_day(TODAY):
        match_ticket(actor=estate.cast.district.actor, ticket=ticket, project=estate.project, reason="来电人说的")
    assert named() == []
    with undone(), fixture_writes():
        tamper()
        assert any(line.startswith(f"{code} {subject}") for line in named()), named()
