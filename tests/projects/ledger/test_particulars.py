"""Particulars: names that search finds, the developer by its credit code, who applies in its place."""

from datetime import date
from typing import Any

import pytest

from projects.ledger.choices import AliasKind, ApplicantKind, DeveloperCondition
from projects.ledger.models import Alias, Applicant, Developer, Project
from projects.ledger.selectors.projects import project_search
from projects.ledger.services.particulars import add_alias, name_applicant, set_developer
from projects.ledger.services.projects import change_project, take_in_project
from tests.factories.accounts import Cast, lay_setting, sign_in
from tests.factories.projects import TODAY, Estate, on_day, project_words
from tests.factories.trials import refused


def by(estate: Estate, service: Any, **words: Any) -> Any:
    with on_day(TODAY):
        return service(actor=estate.cast.district.actor, project=estate.project, **words)


@pytest.mark.parametrize("kind", [kind for kind in AliasKind if kind != AliasKind.FORMER_CODE])
def test_search_finds_a_project_by_a_name_of_every_kind(estate: Estate, kind: AliasKind) -> None:
    assert not Project.objects.filter(project_search("桃花源")).exists()

    by(estate, add_alias, kind=kind, text=" 桃花源A区 ")

    assert Project.objects.filter(project_search("桃花源")).get() == estate.project
    assert Alias.objects.get().text == "桃花源A区"


def test_a_project_renamed_is_found_by_both_names(estate: Estate) -> None:
    by(estate, change_project, changes={"name": "新名家园"}, effective_on=TODAY)

    for words in ("新名", "演示小区", "xmjy"):
        assert Project.objects.filter(project_search(words)).distinct().get() == estate.project


@pytest.mark.parametrize(
    ("words", "message", "field"),
    [
        ({"is_buyer_innocent": False}, "购房人有过错的不在台账范围内.*依据", "is_buyer_innocent"),
        ({"sold_on": date(2025, 1, 1)}, "2025-01-01建成售出，晚于2024-12-31，不予纳入。依据", "sold_on"),
        ({"is_state_owned": False}, "小产权房.*依据：台账仅纳入国有土地", "is_state_owned"),
    ],
)
def test_a_project_that_fails_the_scope_test_is_refused(
    cast: Cast, words: dict[str, Any], message: str, field: str | None
) -> None:
    with on_day(date(2025, 6, 1)), refused(message, field=field):
        take_in_project(actor=cast.district.actor, **project_words(cast, **words))


def test_a_project_sold_on_the_last_day_is_taken_in(cast: Cast) -> None:
    with on_day(date(2025, 6, 1)):
        words = project_words(cast, sold_on=date(2024, 12, 31))
        assert take_in_project(actor=cast.district.actor, **words).sold_on == date(2024, 12, 31)


def test_a_firm_is_one_row_by_its_credit_code(estate: Estate) -> None:
    code = "91110105MA00000009"
    by(estate, set_developer, name="演示置业", credit_code="", condition=DeveloperCondition.OPERATING)
    with refused("代码", field="credit_code"):
        by(estate, set_developer, name="演示置业", credit_code=code[:-1], condition=DeveloperCondition.REVOKED)
    by(estate, set_developer, name="演示置业", condition=DeveloperCondition.BANKRUPT)

    assert list(Developer.objects.filter(name="演示置业").values_list("condition", flat=True)) == ["bankrupt"]
    estate.project.refresh_from_db()
    assert estate.project.developer is not None


def test_each_applicant_stands_from_its_day(estate: Estate) -> None:
    words = {"kind": ApplicantKind.AGENT, "name": "演示街道办", "basis": "纪要1号"}
    by(estate, name_applicant, **words, effective_on=date(2021, 1, 1))
    by(estate, name_applicant, **{**words, "name": "演示国企"}, effective_on=date(2022, 1, 1))

    assert list(Applicant.objects.order_by("effective_on").values_list("name", flat=True)) == ["演示街道办", "演示国企"]
    with refused("“演示国企”自2022-01-01起，新的日期须晚于该日", field="effective_on"):
        by(estate, name_applicant, **words, effective_on=date(2022, 1, 1))
    with refused("未填写依据", field="basis"):
        by(estate, name_applicant, **{**words, "basis": " "}, effective_on=TODAY)


@pytest.mark.parametrize("status", ["zeroed", "closed"])
def test_zero_is_counted_and_never_chosen(estate: Estate, status: str) -> None:
    with refused("清零、销号要逐户核对，不能直接改", field="status"):
        by(estate, change_project, changes={"status": status}, effective_on=TODAY)


def test_years_written_backwards_are_refused(estate: Estate) -> None:
    with refused("入住年份2015晚于2014", field="occupied_to"):
        by(estate, change_project, changes={"occupied_from": 2015, "occupied_to": 2014}, effective_on=TODAY)


def test_the_cut_off_is_the_city_s_from_its_day(estate: Estate) -> None:
    lay_setting("scope.cut_off", "2025-06-30", since=date(2022, 4, 1))
    late: dict[str, Any] = {
        "actor": estate.cast.district.actor, "project": estate.project, "changes": {"sold_on": date(2022, 1, 15)},
    }  # fmt: skip
    lay_setting("scope.cut_off", "2021-12-31", since=date(2022, 3, 1))

    with on_day(TODAY), refused("2022-01-15建成售出，晚于2021-12-31", field="sold_on"):
        change_project(**late, effective_on=TODAY)
    with on_day(date(2022, 4, 1)):
        assert change_project(**late, effective_on=TODAY).sold_on == date(2022, 1, 15)


def test_a_township_is_picked_and_names_are_those_of_its_code(estate: Estate) -> None:
    client = sign_in(estate.cast.district)
    words = {
        "code": "CY-9090", "name": "某园", "district_name": "别的名字", "township_code": "110105027",
        "township_name": "某乡", "housing_type": "commercial", "taken_in_on": "2022-03-01", "sold_on": "2012-01-01",
        "is_state_owned": "on", "is_buyer_innocent": "on",
    }  # fmt: skip

    page = client.get("/projects/new/").content.decode()
    assert "晚于2024-12-31的不予纳入" in page
    assert ("十八里店乡" in page, "海淀某镇" in page) == (True, False), "a district offers its own"
    for code in ("110105999", "110108001"):
        assert client.post("/projects/new/", {**words, "township_code": code}).status_code == 200, "not in the list"
    assert client.post("/projects/new/", words).status_code == 302
    project = Project.objects.get(code="CY-9090")
    assert (project.district_code, project.district_name) == ("110105", "朝阳区")
    assert (project.township_code, project.township_name) == ("110105027", "十八里店乡")
