"""An organ ends and changes the blockers that it has in hand, and records the gates that it makes; nobody's else."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from commitments.choices import InstrumentKind
from commitments.services import ClauseDraft, draft_instrument
from projects.casework.services.turns import hand_over
from projects.gates.models import BasisDocument, Blocker, BlockerType
from projects.gates.selectors import powers
from projects.gates.selectors.powers import gates_made_by, has_in_hand, makers_in_words
from projects.gates.services import (
    change_scope,
    check_condition,
    describe_blocker,
    raise_blocker,
    record_steps,
    reopen_blocker,
    resolve_blocker,
    revoke_document,
    withdraw_blocker,
)
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor
from registry.kernel.gates import Gate, StepStatus
from registry.kernel.scope import EVERYTHING, NOTHING, scope_of
from registry.kernel.stages import Use
from registry.store.guard import fixture_writes
from tests.factories.accounts import DISTRICT, lay_setting, sign_in
from tests.factories.projects import FOUND, TODAY, Estate, lay_blocker, lay_step, on_day
from tests.factories.trials import refused

pytestmark = pytest.mark.django_db
HOMES = scope_of(uses={Use.DWELLING})
ACTS: dict[str, Callable[[Any, Blocker], object]] = {
    "resolve": lambda actor, blocker: resolve_blocker(
        actor=actor, blocker=blocker, resolved_on=TODAY, resolution="×规自核〔2022〕1号"
    ),
    "withdraw": lambda actor, blocker: withdraw_blocker(actor=actor, blocker=blocker, reason="误登"),
    "describe": lambda actor, blocker: describe_blocker(actor=actor, blocker=blocker, words={"title": "别的"}),
    "rescope": lambda actor, blocker: change_scope(
        actor=actor, blocker=blocker, scope=HOMES, at_fault=NOTHING, effective_on=TODAY, reason="只有住宅"
    ),
    "reopen": lambda actor, blocker: reopen_blocker(actor=actor, blocker=blocker, reopened_on=TODAY, reason="又来"),
    "check": lambda actor, blocker: check_condition(
        actor=actor, blocker=blocker, checked_on=TODAY, document="鉴定报告2022-01号"
    ),
}


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("player", ["tax", "centre"])
def test_another_organ_does_not_touch_a_blocker_that_is_not_its_own(estate: Estate, name: str, player: str) -> None:
    blocker = lay_blocker(estate, scope=EVERYTHING)
    with on_day(TODAY), refused(f"{blocker.number}由.*在办，.*不能改它或记它解决", code="not_holder"):
        ACTS[name](getattr(estate.cast, player).actor, blocker)


def test_who_has_it_in_hand_ends_it_and_so_does_the_task_force(estate: Estate) -> None:
    first, second = lay_blocker(estate), lay_blocker(estate, "P01")
    tax = estate.cast.tax
    with on_day(TODAY):
        hand_over(
            actor=estate.cast.district.actor, blocker=first, to=tax.organisation, on=TODAY, limit_days=5, reason="税"
        )
        assert resolve_blocker(
            actor=tax.actor, blocker=first, resolved_on=TODAY, resolution="×税〔2022〕1号"
        ).resolved_on
        ACTS["resolve"](estate.cast.city.actor, second)
    assert Blocker.objects.filter(resolved_on=TODAY).count() == 2


def test_who_raised_it_corrects_it(estate: Estate) -> None:
    with on_day(FOUND):
        own = raise_blocker(
            actor=estate.cast.department.actor, project=estate.project, type=BlockerType.objects.get(code="P03"),
            title="", scope=EVERYTHING, at_fault=NOTHING, found_on=FOUND,
        )  # fmt: skip
    assert has_in_hand(estate.cast.department.actor, own)
    assert not has_in_hand(estate.cast.tax.actor, own)
    with on_day(TODAY):
        ACTS["withdraw"](estate.cast.department.actor, own)


def test_the_page_offers_what_the_service_grants(estate: Estate) -> None:
    blocker = lay_blocker(estate)
    url, resolve = reverse("gates:blocker", args=[blocker.number]), reverse("gates:resolve", args=[blocker.number])
    assert resolve not in sign_in(estate.cast.tax).get(url).content.decode()
    assert resolve in sign_in(estate.cast.district).get(url).content.decode()


@pytest.mark.parametrize("form", ["resolve", "withdraw", "rescope", "reopen"])
def test_a_form_of_anothers_blocker_does_not_open(estate: Estate, form: str) -> None:
    address = reverse(f"gates:{form}", args=[lay_blocker(estate).number])
    elsewhere = sign_in(estate.cast.tax).get(address)
    assert elsewhere.status_code == 403
    assert "不能改它或记它解决。请由责任单位、登记单位或专班办理" in elsewhere.content.decode()
    assert sign_in(estate.cast.district).get(address).status_code == 200


def step(estate: Estate, player: str, gate: Gate) -> object:
    with on_day(TODAY):
        return record_steps(
            actor=getattr(estate.cast, player).actor, project=estate.project, gate=gate, status=StepStatus.PASSED,
            buildings=[], part=None, document_no="演示〔2022〕9号", organ="机关（演示）", issued_on=TODAY,
            effective_on=TODAY,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("player", "gate", "maker"),
    [
        ("department", Gate.FIRST_REGISTRATION, "不动产登记机构"),
        ("centre", Gate.PLANNING_VERIFICATION, "规划和自然资源部门"),
        ("centre", Gate.FIRE, "住房和城乡建设部门"),
    ],
)
def test_an_organ_records_no_step_of_another(estate: Estate, player: str, gate: Gate, maker: str) -> None:
    with refused(f"“{gate.label}”由{maker}办理，.*不能代记", code="not_maker", field="gate"):
        step(estate, player, gate)


def test_which_department_is_what_the_district_has_set(estate: Estate) -> None:
    with refused("“消防验收”由住房和城乡建设部门办理.*本区尚未设定该机关的全称", code="not_maker", field="gate"):
        step(estate, "department", Gate.FIRE)
    assert step(estate, "department", Gate.PLANNING_VERIFICATION), "nothing is set: it is the one by its name"
    lay_setting("organ.housing", "区住房和城乡建设委员会", area_code=DISTRICT, since=FOUND)
    lay_setting("organ.planning", estate.cast.department.organisation.name, area_code=DISTRICT, since=FOUND)

    with refused("“消防验收”由区住房和城乡建设委员会办理", code="not_maker", field="gate"):
        step(estate, "department", Gate.FIRE)
    assert step(estate, "district", Gate.FIRE)
    assert step(estate, "department", Gate.LAND_SUPPLY)
    assert step(estate, "centre", Gate.CADASTRAL)


def as_unit(estate: Estate, name: str) -> Actor:
    """The department as it would be called otherwise."""
    with fixture_writes():
        Organisation.objects.filter(pk=estate.cast.department.organisation.pk).update(name=name, short_name="")
    return estate.cast.department.actor


@pytest.mark.parametrize(
    ("name", "gates"),
    [
        (
            "区住房和城乡建设委员会",
            {"construction_permit", "presale_permit", "fire", "completion_filing", "survey_review"},
        ),
        ("区国防动员办公室", {"civil_defence"}),
        ("区园林绿化局", set()),
    ],
)
def test_until_a_district_names_its_organs_they_are_known_by_what_they_are_called(
    estate: Estate, name: str, gates: set[str]
) -> None:
    actor = as_unit(estate, name)

    assert {gate.value for gate in gates_made_by(actor, DISTRICT, on=TODAY)} == gates
    for gate in (Gate.LAND_SUPPLY, Gate.FIRE, Gate.CIVIL_DEFENCE):
        if gate.value not in gates:
            with refused("不能代记", code="not_maker", field="gate"):
                step(estate, "department", gate)
        else:
            assert step(estate, "department", gate)


def test_where_no_organ_is_appointed_the_task_force_records_with_a_source(estate: Estate) -> None:
    as_unit(estate, "区园林绿化局")

    assert "国防动员部门：尚无，由专班登记" in makers_in_words(estate.project, on=TODAY)
    with on_day(TODAY), refused("未填写文号", field="document_no"):
        record_steps(
            actor=estate.cast.district.actor, project=estate.project, gate=Gate.CIVIL_DEFENCE,
            status=StepStatus.PASSED, buildings=[], part=None, document_no=" ", organ="国动办", issued_on=TODAY,
            effective_on=TODAY,
        )  # fmt: skip
    assert step(estate, "district", Gate.CIVIL_DEFENCE)


def raised(estate: Estate, player: str, code: str, **more: Any) -> Blocker:
    with on_day(FOUND):
        blocker: Blocker = raise_blocker(
            actor=getattr(estate.cast, player).actor, project=estate.project, type=BlockerType.objects.get(code=code),
            scope=EVERYTHING, at_fault=NOTHING, found_on=FOUND, **{"title": "", **more},
        )  # fmt: skip
    return blocker


@pytest.mark.parametrize(
    ("player", "code", "lead"),
    [
        ("tax", "P03", "规划和自然资源部门"), ("tax", "U03", "住房和城乡建设部门"), ("tax", "A04", "国防动员部门"),
        ("department", "U04", "税务部门"), ("department", "A04", "国防动员部门"), ("centre", "P05", "城市管理综合执法部门"),
    ],
)  # fmt: skip
def test_no_organ_says_what_stands_in_the_way_of_another(estate: Estate, player: str, code: str, lead: str) -> None:
    with refused(f"{code}.*由{lead}.*牵头，.*不能登记", code="not_lead", field="type"):
        raised(estate, player, code)


@pytest.mark.parametrize(
    ("player", "code"),
    [
        ("tax", "U04"),
        ("tax", "F03"),
        ("department", "P05"),
        ("centre", "U03"),
        ("township", "A04"),
        ("district", "A04"),
    ],
)
def test_who_leads_supports_makes_the_gate_or_goes_round_raises(estate: Estate, player: str, code: str) -> None:
    assert raised(estate, player, code).type.code == code


def test_who_does_not_lead_names_responsible_whom_the_table_knows(estate: Estate) -> None:
    tax = estate.cast.tax.organisation
    with refused("不能指定区税务局为责任单位", code="not_lead", field="responsible"):
        raised(estate, "township", "L01", responsible=tax)
    assert raised(estate, "township", "L01", responsible=estate.cast.department.organisation)
    assert raised(estate, "department", "P03", responsible=tax), "as it might hand it on"
    assert raised(estate, "district", "P03", responsible=tax, title="另一处")


def test_an_organ_lifts_by_its_decision_what_it_answers_for(estate: Estate) -> None:
    fee = lay_blocker(estate, "F01")
    words: dict[str, Any] = {
        "project": estate.project, "kind": InstrumentKind.FEE_DECOUPLED, "title": "", "clauses": [ClauseDraft(fee, HOMES)],
    }  # fmt: skip
    cast = estate.cast
    with on_day(TODAY):
        with refused(f"{fee.number}由规划和自然资源部门牵头，.*不能出具证缴分离决定", code="not_lead", field="clauses"):
            draft_instrument(actor=cast.township.actor, issuer=cast.township.organisation, **words)
        as_unit(estate, "区园林绿化局")
        with refused(f"{fee.number}由规划和自然资源部门牵头", code="not_lead", field="clauses"):
            draft_instrument(actor=cast.department.actor, issuer=cast.department.organisation, **words)
        as_unit(estate, "规自分局")
        assert draft_instrument(actor=cast.department.actor, issuer=cast.department.organisation, **words).pk


def test_the_pages_offer_what_the_services_grant_and_say_by_whom(estate: Estate) -> None:
    by = sign_in(estate.cast.department)
    steps = by.get(reverse("gates:record_step", args=[estate.project.code])).content.decode()
    assert "规划和自然资源部门：规自分局" in steps
    assert "国防动员部门：尚无，由专班登记" in steps
    assert 'value="planning_verification"' in steps
    assert 'value="fire"' not in steps
    codes = {
        type.code
        for type in by.get(reverse("gates:raise", args=[estate.project.code])).context["form"].fields["type"].queryset
    }
    assert {"P03", "L01", "P05"} <= codes
    assert not {"U04", "A04", "E03"} & codes


def test_a_department_that_is_no_organ_is_offered_neither_and_told_who_does(estate: Estate) -> None:
    as_unit(estate, "区信息中心")
    client = sign_in(estate.cast.department)
    page = client.get(f"/projects/{estate.project.code}/").content.decode()
    for view, words in (("gates:record_step", "国防动员部门：尚无，由专班登记"), ("gates:raise", "没有列区信息中心")):
        url = reverse(view, args=[estate.project.code])
        answer = client.get(url)
        assert (url in page, answer.status_code) == (False, 403)
        assert words in answer.content.decode()


def test_the_control_without_names_any_department_would_make_any_gate(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(powers, "is_called", lambda *_: True)
    assert step(estate, "department", Gate.FIRE)
    assert raised(estate, "tax", "P03")


def test_a_document_is_taken_back_by_whoever_may_make_it(estate: Estate) -> None:
    lay_step(estate, Gate.PLANNING_VERIFICATION, date(2021, 6, 30))
    document = BasisDocument.objects.get()
    with on_day(TODAY), refused("“规划核验”由规划和自然资源部门办理", code="not_maker", field="gate"):
        revoke_document(actor=estate.cast.centre.actor, document=document, revoked_on=TODAY, reason="误记")
    with on_day(TODAY):
        revoke_document(actor=estate.cast.department.actor, document=document, revoked_on=TODAY, reason="误记")
