"""Succession (F15): the developer is gone; from that day others see and act, its accounts are cut, promises go on."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from commitments.choices import KEPT
from commitments.models import Letter, Obligation, Succession, SuccessorKind
from commitments.selectors.succession import successions_of
from commitments.services.succession import name_successor
from projects.casework.services.turns import hand_over
from projects.gates.models import Blocker
from projects.ledger.models import Developer, ProjectVersion
from projects.ledger.services.particulars import set_developer
from projects.ledger.services.projects import take_in_project
from projects.office.models import Manifest, ManifestPurpose
from projects.office.selectors.custody import holder_counts
from projects.office.services.manifest_receipt import sign_manifest, take_items
from projects.office.services.manifests import send_manifest
from projects.progress.services.merge import merge_projects
from registry.accounts.models import Organisation
from registry.accounts.services.assignments import propose_assignment
from registry.audit.invariants import INVARIANTS
from registry.audit.models import Act
from registry.kernel.authority import Role
from registry.store.guard import fixture_writes
from tests.factories.accounts import DISTRICT, Player, lay_assignment, lay_organisation, lay_person, sign_in
from tests.factories.projects import Estate, on_day, project_words
from tests.factories.tampering import undone
from tests.factories.trials import refused
from tests.projects.office.custody import codes, lay_bags

DAY = date(2022, 3, 1)


@pytest.fixture
def gone(story: Estate) -> Estate:
    """The developer is the firm of the project and holds three bags; a promise of the letter is open."""
    cast = story.cast
    with on_day(DAY - timedelta(20)):
        set_developer(actor=cast.district.actor, project=story.project, name="演示开发公司", condition="operating")
    lay_bags(story, 3, player="developer")
    return story


def state_company(estate: Estate) -> Organisation:
    return lay_organisation(code="D-STATE", name="演示国有公司", kind="developer", area_code=DISTRICT)


def succeed(estate: Estate, successor: Organisation, kind: SuccessorKind = SuccessorKind.STATE_COMPANY, **more):  # type: ignore[no-untyped-def]
    words = {
        "decision": "区政府会议纪要〔2022〕3号",
        "effective_on": DAY,
        "former": estate.cast.developer.organisation,
        **more,
    }
    with on_day(DAY):
        return name_successor(
            actor=estate.cast.district.actor, project=estate.project, successor=successor, kind=kind, **words
        )


def test_from_that_day_the_old_accounts_are_cut_and_new_staff_sees_and_acts(gone: Estate) -> None:
    cast, old = gone.cast, sign_in(gone.cast.developer)
    address = reverse("ledger:project", args=[gone.project.code])
    assert old.get(address).status_code == 200
    by_the_former = Act.objects.filter(actor_person=cast.developer.person.pk).count()

    made = succeed(gone, company := state_company(gone))

    assert made.cut == 1
    assert old.get(address).status_code in (302, 403, 404), "the session ended with the act"
    person = lay_person(username="state.one", name="新一", organisation=company)
    seat = lay_assignment(person, company, Role.DEVELOPER, project_key=gone.project.pk, starts=DAY)
    player = Player(person, company, seat)
    client = sign_in(player)
    assert client.get(address).status_code == 200
    assert client.get(reverse("office:custody", args=[gone.project.code])).status_code == 200
    assert Act.objects.filter(actor_person=cast.developer.person.pk).count() == by_the_former
    assert Act.objects.filter(actor_person=cast.developer.person.pk).latest("id").actor_name == "庚开"


def test_promises_have_another_to_perform_them_and_history_keeps_the_former_name(gone: Estate) -> None:
    letter = Letter.objects.get(instrument__project=gone.project)
    open_before = Obligation.objects.filter(letter=letter).exclude(state__in=KEPT).count()
    made = succeed(gone, state_company(gone))

    letter.refresh_from_db()
    gone.project.refresh_from_db()
    assert (letter.performer.name, gone.project.developer.name) == ("演示国有公司", "演示国有公司")
    assert made.promises == open_before == 1
    event = Obligation.objects.get(letter=letter).events.get(kind="succeeded")
    assert (event.happened_on, event.text) == (DAY, "整改主体由演示开发公司变更为演示国有公司")
    version = ProjectVersion.objects.filter(project=gone.project, effective_on__lt=DAY).order_by(
        "-effective_on", "-id"
    )[0]
    assert Developer.objects.get(pk=version.developer_id).name == "演示开发公司"
    assert [(row.former_name, row.successor_name) for row in successions_of(gone.project)] == [
        ("演示开发公司", "演示国有公司")
    ]
    old_firm = Developer.objects.get(name="演示开发公司")
    assert (old_firm.successor.name, old_firm.succeeded_on) == ("演示国有公司", DAY)
    assert list(INVARIANTS["I44"].violations(None)) == []


def test_a_promise_left_to_who_is_gone_is_named(gone: Estate) -> None:
    succeed(gone, state_company(gone))
    assert list(INVARIANTS["I67"].violations(None)) == []
    with undone(), fixture_writes():
        Developer.objects.filter(name="演示开发公司").update(organisation=gone.cast.developer.organisation)
        Letter.objects.update(performer=Developer.objects.get(name="演示开发公司"))
        assert [each.found for each in INVARIANTS["I67"].violations(None)] == ["演示开发公司"]


def test_what_it_had_in_hand_goes_on_with_the_successor(gone: Estate) -> None:
    """No blocker, task or thing on a desk stays with an organisation that has nobody."""
    blocker, former = Blocker.objects.get(project=gone.project), gone.cast.developer.organisation
    with on_day(DAY - timedelta(5)):
        hand_over(actor=gone.cast.district.actor, blocker=blocker, to=former, on=DAY - timedelta(5), limit_days=20)
    succeed(gone, company := state_company(gone))
    blocker.refresh_from_db()
    assert blocker.responsible == company
    assert not Blocker.objects.filter(project=gone.project, resolved_on__isnull=True, responsible=former).exists()


def test_custody_goes_over_by_a_manifest_that_the_task_force_signs_for_the_gone(gone: Estate) -> None:
    cast = gone.cast
    succeed(gone, cast.township.organisation, SuccessorKind.STREET)
    manifest = Manifest.objects.get(purpose=ManifestPurpose.SUCCESSION)
    assert (manifest.sender, manifest.receiver, manifest.listed) == (
        cast.developer.organisation, cast.township.organisation, 3,
    )  # fmt: skip
    with on_day(DAY, 11), refused("由演示开发公司移交，本单位不能移交", code="not_sender"):
        send_manifest(actor=cast.township.actor, manifest=manifest, on=DAY)
    bags = [line.item for line in manifest.lines.select_related("item")]
    with on_day(DAY, 12):
        send_manifest(actor=cast.district.actor, manifest=manifest, on=DAY)
    with on_day(DAY, 13):
        take_items(actor=cast.township.actor, manifest=manifest, codes=codes(bags), on=DAY)
        sign_manifest(actor=cast.township.actor, manifest=manifest, on=DAY)
    assert [(count.name, count.bags) for count in holder_counts(cast.district.actor, gone.project)] == [
        ("十八里店乡", 3)
    ]
    assert [each.found for code in ("I54", "I55", "I56") for each in INVARIANTS[code].violations(None)] == []


def test_what_is_wrong_with_a_succession_is_said_on_its_field(gone: Estate) -> None:
    company, cast = state_company(gone), gone.cast
    with refused("未填写依据", field="decision"):
        succeed(gone, company, decision=" ")
    with refused("承接单位就是原单位", field="successor"):
        succeed(gone, cast.developer.organisation)
    with refused("“属地乡镇、街道”的承接单位应为乡镇、街道", field="successor"):
        succeed(gone, company, SuccessorKind.STREET)
    with refused("不是本项目的开发建设单位，也没有本项目的人员", field="former"):
        succeed(gone, company, former=cast.strange_developer.organisation)
    succeed(gone, company)
    with refused("已由他方承接，不能再次登记", field="former"):
        succeed(gone, cast.township.organisation, SuccessorKind.STREET)


def test_the_form_names_the_successor_and_the_page_tells_it(gone: Estate) -> None:
    company, client = state_company(gone), sign_in(gone.cast.district)
    address = reverse("commitments:succession", args=[gone.project.code])
    answer = client.post(
        address,
        {
            "former": gone.cast.developer.organisation.pk, "successor": company.pk, "kind": "state_company",
            "decision": "纪要3号", "effective_on": f"{DAY}",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    assert "演示国有公司" in client.get(address).content.decode()
    assert "演示国有公司" in client.get(f"/projects/{gone.project.code}/particulars/").content.decode()
    assert sign_in(gone.cast.township).get(address).status_code == 403
    assert Succession.objects.get().project == gone.project


def test_an_organ_of_another_district_or_one_that_is_gone_takes_nothing_over(gone: Estate) -> None:
    """The form offers neither; the service holds the same."""
    far = gone.cast.strange_township.organisation
    closed = lay_organisation(code="D-OLD", name="停用公司", kind="developer", area_code=DISTRICT, is_active=False)
    for successor, kind in ((far, SuccessorKind.STREET), (closed, SuccessorKind.STATE_COMPANY)):
        with refused("已停用，或不在本项目所在的区，不能承接", field="successor"):
            succeed(gone, successor, kind)


def test_what_waits_to_give_the_gone_a_role_here_is_taken_back(gone: Estate) -> None:
    cast, other = gone.cast, lay_organisation(code="D-2", name="另一公司", kind="developer", area_code=DISTRICT)
    with on_day(DAY):
        waiting = [
            propose_assignment(
                actor=cast.district.actor, person=lay_person(username=f"new.{at}", organisation=firm), organisation=firm,
                role=Role.DEVELOPER, starts=DAY, project_key=gone.project.pk, reason="新来的现场人员",
            )
            for at, firm in enumerate((cast.developer.organisation, other))
        ]  # fmt: skip
    succeed(gone, state_company(gone))

    for approval in waiting:
        approval.refresh_from_db()
    assert [approval.status for approval in waiting] == ["withdrawn", "waiting"]


def test_two_projects_that_lost_one_developer_are_merged(gone: Estate) -> None:
    """What the target has once already stays with the absorbed project as its history."""
    cast, company = gone.cast, state_company(gone)
    with on_day(DAY - timedelta(20)):
        twin = take_in_project(actor=cast.district.actor, **project_words(cast, code="CY-9002", name="演示二期"))
    lay_assignment(cast.developer.person, cast.developer.organisation, Role.DEVELOPER, project_key=twin.pk)
    succeed(gone, company)
    with on_day(DAY):
        name_successor(
            actor=cast.district.actor, project=twin, former=cast.developer.organisation, successor=company,
            kind=SuccessorKind.STATE_COMPANY, decision="区政府会议纪要〔2022〕3号", effective_on=DAY,
        )  # fmt: skip
        merge_projects(actor=cast.district.actor, project=gone.project, absorbed=twin, on=DAY, reason="同一项目")

    assert [each.project.code for each in Succession.objects.order_by("pk").select_related("project")] == [
        "CY-9001", "CY-9002",
    ]  # fmt: skip
