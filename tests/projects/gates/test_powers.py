"""An organ ends and changes the blockers that it has in hand, and records the gates that it makes; nobody's else."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from projects.casework.services.turns import hand_over
from projects.gates.models import BasisDocument, Blocker, BlockerType
from projects.gates.selectors.powers import has_in_hand
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
from registry.kernel.gates import Gate, StepStatus
from registry.kernel.scope import EVERYTHING, NOTHING, scope_of
from registry.kernel.stages import Use
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
    first, second = lay_blocker(estate), lay_blocker(estate)
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
    assert step(estate, "department", Gate.PLANNING_VERIFICATION), "nothing is set: any department"
    lay_setting("organ.housing", "区住房和城乡建设委员会", area_code=DISTRICT, since=FOUND)
    lay_setting("organ.planning", estate.cast.department.organisation.name, area_code=DISTRICT, since=FOUND)

    with refused("“消防验收”由区住房和城乡建设委员会办理", code="not_maker", field="gate"):
        step(estate, "department", Gate.FIRE)
    assert step(estate, "district", Gate.FIRE)
    assert step(estate, "department", Gate.LAND_SUPPLY)
    assert step(estate, "centre", Gate.CADASTRAL)


def test_a_document_is_taken_back_by_whoever_may_make_it(estate: Estate) -> None:
    lay_step(estate, Gate.PLANNING_VERIFICATION, date(2021, 6, 30))
    document = BasisDocument.objects.get()
    with on_day(TODAY), refused("“规划核验”由规划和自然资源部门办理", code="not_maker", field="gate"):
        revoke_document(actor=estate.cast.centre.actor, document=document, revoked_on=TODAY, reason="误记")
    with on_day(TODAY):
        revoke_document(actor=estate.cast.department.actor, document=document, revoked_on=TODAY, reason="误记")
