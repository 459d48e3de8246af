"""The first days: the list on the administrators' desks ticks itself off by what is in the rows, and goes away."""

from datetime import date

import pytest
from django.test import Client

from documents.reports.models import MonthClose
from registry.accounts.selectors.first import (
    has_organisations_of_districts,
    has_people_of_districts,
    has_settings,
)
from registry.accounts.services import create_first_admins
from registry.kernel.authority import system_actor
from registry.kernel.gates import Gate
from registry.store.guard import fixture_writes
from registry.web.first_day import STEPS, first_day_panel
from tests.factories.accounts import Cast, assert_asks, lay_cast, lay_organisation, lay_setting, sign_in
from tests.factories.projects import TODAY, Estate, lay_blocker, lay_estate, lay_step, moment

pytestmark = pytest.mark.django_db
NAMES = ["单位", "人员", "授权", "复核", "区划", "设置", "各区单位", "各区人员", "项目", "清册", "环节", "堵点", "结账"]


def ticked(cast: Cast, who: str = "system_admin") -> list[str]:
    panel = first_day_panel(actor=getattr(cast, who).actor, on=TODAY)
    return [] if panel is None else [shown.step.name for shown in panel["steps"] if shown.is_done]


def close_first_month() -> None:
    with fixture_writes():
        MonthClose.objects.create(
            month="2022-02", cut_off_on=date(2022, 2, 28), known_at=moment(TODAY), figures_version="1", rows_hash="x",
            chain_hash="x", closed_at=moment(TODAY), act_id=1,
        )  # fmt: skip


def test_an_empty_installation_says_how_to_begin() -> None:
    before = Client().get("/sign-in/").content.decode()
    create_first_admins(
        actor=system_actor("x"), organisation_name="运维", system_admin=("aaa", "甲"), security_admin=("bbb", "乙")
    )
    after = Client().get("/sign-in/").content.decode()

    assert ("manage.py create_admin" in before, "manage.py create_admin" in after) == (True, False)


def test_the_steps_stand_in_their_order() -> None:
    assert [step.name for step in sorted(STEPS.values(), key=lambda step: step.order)] == NAMES


def test_the_list_ticks_itself_off_by_what_is_there() -> None:
    cast = lay_cast()
    lay_setting("city.name", "某市")
    assert ticked(cast) == NAMES[:8], "the cast is granted its roles, in the city and in its districts"
    estate: Estate = lay_estate(cast)
    assert ticked(cast) == NAMES[:10]
    lay_step(estate, Gate.FIRE, date(2020, 1, 1))
    lay_blocker(estate)
    assert ticked(cast) == NAMES[:12]
    close_first_month()
    assert first_day_panel(actor=cast.system_admin.actor, on=TODAY) is None


def test_a_city_that_has_its_own_organs_alone_is_told_to_go_on_with_its_districts() -> None:
    assert (has_organisations_of_districts(), has_people_of_districts(), has_settings()) == (False, False, False)
    lay_organisation(code="ZB-CITY", kind="city_task_force")
    assert not has_organisations_of_districts(), "the city's own is no organ of a district"
    lay_cast()
    assert (has_organisations_of_districts(), has_people_of_districts(), has_settings()) == (True, True, False)


def test_each_step_is_a_link_and_the_next_is_the_button(cast: Cast) -> None:
    lay_setting("city.name", "某市")
    page = sign_in(cast.system_admin).get("/").content.decode()
    part = page.split('<table class="tb" aria-label="启用步骤">')[1].split("</section>")[0]

    assert part.count("<a ") == len(NAMES)
    assert part.split("btn small primary")[0].rsplit("<tr", 1)[1].count("纳入第一个项目") == 1, "the first not done"
    assert ("去办" in part, part.count("查看人员")) == (False, 5), "what others do is not offered as one's own"
    assert 'href="/organisations/"' in part
    assert 'href="/projects/"' not in part, "an administrator sees no project: it is sent to the people who do"
    assert sign_in(cast.system_admin).get("/people/").status_code == 200


def test_nobody_else_has_the_list_and_it_costs_one_query_once_done(cast: Cast) -> None:
    for who in ("city", "district", "township", "developer", "auditor"):
        assert first_day_panel(actor=getattr(cast, who).actor, on=TODAY) is None
    assert ticked(cast, "security_admin")[:5] == NAMES[:5]
    close_first_month()
    actor = cast.system_admin.actor
    with assert_asks(1):
        assert first_day_panel(actor=actor, on=TODAY) is None
