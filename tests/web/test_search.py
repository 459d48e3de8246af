"""Search from anywhere: what is found, in whose reach, and what is kept of it."""

from typing import Any

import pytest
from django.test import Client

from projects.ledger.models import Agreement, AgreementUnit, Unit
from projects.ledger.pinyin import person_initials
from registry.audit.models import Act
from registry.kernel.authority import Permission
from registry.kernel.identifiers import synthetic_identity
from registry.store.crypto import decrypt
from registry.store.guard import fixture_writes
from registry.web.search import SOURCES, SearchSource, ask, declare_search, search
from tests.factories.accounts import Player, sign_in
from tests.factories.projects import TODAY, Estate, first_holder
from tests.projects.leads.trials import lay_ticket


def groups_of(player: Player, text: str, **words: Any) -> dict[str, list[str]]:
    """What a person finds: the lines by the name of their group."""
    return {
        group.label: [hit.label for hit in group.hits] for group in search(player.actor, ask(text, on=TODAY, **words))
    }


def place_of(unit: Unit) -> str:
    return (
        f"{unit.building.number}-{unit.entrance}-{unit.room}"
        if unit.entrance
        else f"{unit.building.number}-{unit.room}"
    )


def first_unit(estate: Estate) -> Unit:
    unit: Unit = (
        Unit.objects.filter(building__project=estate.project).select_related("building__project").earliest("id")
    )
    return unit


def test_a_home_is_found_by_place_and_only_in_ones_reach(estate: Estate, stranger: Estate) -> None:
    unit = first_unit(estate)
    label = f"{estate.project.name} {unit.building}{unit}"

    assert groups_of(estate.cast.district, f"{estate.project.name}{place_of(unit)}")["户"] == [label]
    assert groups_of(estate.cast.district, f"{estate.project.code} {place_of(unit)}")["户"] == [label]
    assert label in groups_of(estate.cast.district, place_of(unit))["户"]
    assert "户" not in groups_of(estate.cast.strange_district, f"{estate.project.code} {place_of(unit)}")


def test_a_bare_room_is_of_the_project_whose_page_is_open(estate: Estate) -> None:
    unit = first_unit(estate)

    assert "户" not in groups_of(estate.cast.district, unit.room)
    assert (
        f"{estate.project.name} {unit.building}{unit}"
        in groups_of(estate.cast.district, unit.room, project_code=estate.project.code)["户"]
    )


def test_a_home_that_is_not_there_is_told_how_far_the_building_goes(estate: Estate) -> None:
    unit = first_unit(estate)
    groups = search(estate.cast.district.actor, ask(f"{estate.project.code} {unit.building.number}-9-9901", on=TODAY))

    assert [(group.label, group.hits) for group in groups if group.label == "户"] == [("户", ())]
    assert "未找到该户；最高" in next(group.hint for group in groups if group.label == "户")
    unknown = search(estate.cast.district.actor, ask(f"{estate.project.code} 77-1-101", on=TODAY))
    assert (
        next(group.hint for group in unknown if group.label == "户") == f"{estate.project.name}没有77号楼。请核对楼号。"
    )


def test_a_home_is_found_by_its_agreement(estate: Estate) -> None:
    unit = first_unit(estate)
    with fixture_writes():
        agreement = Agreement.objects.create(project=estate.project, number="ZZ3-09-0147", act_id=1)
        AgreementUnit.objects.create(agreement=agreement, unit=unit)

    assert groups_of(estate.cast.district, "zz3-09-0147")["户"] == [f"{estate.project.name} {unit.building}{unit}"]


def test_a_building_is_found_by_its_number_in_the_project_named_or_open(estate: Estate, stranger: Estate) -> None:
    unit = first_unit(estate)
    label = f"{estate.project.name} {unit.building.name}"
    typed = f"{unit.building.number}号楼"

    assert groups_of(estate.cast.district, f"{estate.project.name}{typed}")["楼栋"] == [label]
    assert groups_of(estate.cast.district, typed, project_code=estate.project.code)["楼栋"] == [label]
    assert "楼栋" not in groups_of(estate.cast.district, typed), "of no project it means every project's"
    assert "楼栋" not in groups_of(estate.cast.strange_district, f"{estate.project.name}{typed}")


def test_what_may_be_begun_here_is_found_on_the_page_of_a_project_and_for_one_home(estate: Estate) -> None:
    unit = first_unit(estate)
    code = estate.project.code

    assert groups_of(estate.cast.district, "登记堵点", project_code=code)["办事"] == ["登记堵点"]
    assert "办事" not in groups_of(estate.cast.auditor, "登记堵点", project_code=code), (
        "what one may not do is not offered"
    )
    assert "办事" not in groups_of(estate.cast.district, "登记堵点"), "of no project"
    assert "应交材料" in groups_of(estate.cast.district, f"{code} {place_of(unit)}")["办事"]
    assert "办事" not in groups_of(estate.cast.strange_district, "登记堵点", project_code=code)


def test_a_person_is_found_by_initials_and_the_look_is_kept(estate: Estate, stranger: Estate) -> None:
    holder = first_holder(estate)
    initials = person_initials(decrypt(holder.name, "holder.name"))

    groups = groups_of(estate.cast.district, initials)

    assert holder.name_masked in groups["权利人"]
    assert Act.objects.latest("id").facts["what"] == "姓名首字母"
    assert "权利人" not in groups_of(estate.cast.strange_district, initials) or all(
        estate.project.name not in state for state in found_states(estate.cast.strange_district, initials)
    )


def found_states(player: Player, text: str) -> list[str]:
    """Where the people that are found live."""
    return [
        hit.state
        for group in search(player.actor, ask(text, on=TODAY))
        if group.label == "权利人"
        for hit in group.hits
    ]


def test_projects_blockers_letters_and_papers_are_found_by_their_words(promised: Estate) -> None:
    city = promised.cast.city
    blocker, letter = promised.project.blockers.earliest("id"), promised.project.instruments.latest("id")

    assert groups_of(city, promised.project.name)["项目"] == [promised.project.name]
    assert groups_of(city, blocker.number)["堵点"] == [f"{blocker.number} {blocker.title}"]
    assert letter.title in groups_of(city, letter.number)["承诺、决定"]


def test_acts_and_pages_are_found_by_their_words_and_only_those_that_open(estate: Estate) -> None:
    assert "操作记录" in groups_of(estate.cast.auditor, "操作记录")["办事"]
    assert "办事" not in groups_of(estate.cast.developer, "操作记录")


def test_a_person_is_found_by_the_whole_name_and_the_look_is_kept(estate: Estate) -> None:
    holder = first_holder(estate)
    name = decrypt(holder.name, "holder.name")

    assert groups_of(estate.cast.district, name)["权利人"] == [holder.name_masked]
    act = Act.objects.latest("id")
    assert (act.event, act.facts) == ("person.sought", {"what": "姓名", "count": 1})
    assert name not in str(act.facts)
    assert "权利人" not in groups_of(estate.cast.district, name[:1])


def test_nobody_is_looked_up_while_one_types(estate: Estate) -> None:
    name = decrypt(first_holder(estate).name, "holder.name")
    before = Act.objects.count()

    groups = search(estate.cast.district.actor, ask(name, on=TODAY, is_typing=True))

    assert [(group.hits, group.hint) for group in groups if group.label == "权利人"] == [
        ((), "按回车键，按姓名查权利人；每次查找都会留痕。")
    ]
    assert Act.objects.count() == before


def test_without_the_right_nothing_tells_whether_the_person_exists(estate: Estate) -> None:
    lacking = next(  # who reads homes and not people
        player
        for player in vars(estate.cast).values()
        if not player.actor.can(Permission.PERSON_READ) and player.actor.can(Permission.UNIT_READ)
    )
    words = [
        group.hint for group in search(lacking.actor, ask(synthetic_identity(7), on=TODAY)) if group.label == "权利人"
    ]

    assert words == ["按证件号码查，需要看权利人的权限。可以按户号、协议号、文号查。"]


def test_a_stranger_finds_nobody_of_another_project(estate: Estate, stranger: Estate) -> None:
    name = decrypt(first_holder(estate).name, "holder.name")

    assert groups_of(estate.cast.strange_district, name).get("权利人", []) == [
        holder.name_masked for holder in stranger.project.holders.all() if decrypt(holder.name, "holder.name") == name
    ]


def test_one_hit_opens_itself_several_are_listed_and_none_says_what_to_type(client: Client, estate: Estate) -> None:
    sign_in(estate.cast.district, client)
    unit = first_unit(estate)

    def answer(text: str, **words: str) -> Any:
        return client.post("/search/", {"q": text, **words})

    assert answer(f"{estate.project.code}").status_code == 302
    assert answer(f"{estate.project.code} {place_of(unit)}").status_code in (200, 302)
    assert "没有查到" in answer("查无此物之名").content.decode()
    assert "查找框" in client.get("/search/").content.decode()
    assert "<html" not in answer(estate.project.code, typing="1").content.decode()
    for hostile in ("x" * 5000, "%", "<b>", "²", "\ud800".encode("utf-8", "surrogatepass").decode("latin1")):
        assert answer(hostile).status_code == 200
    assert answer("\0").status_code == 400


def test_a_kind_is_declared_once() -> None:
    source = SOURCES["unit"]
    declare_search(source)

    with pytest.raises(ValueError, match="two sources of search for unit"):
        declare_search(SearchSource("unit", 1, Permission.UNIT_READ, lambda actor, question: None))


def test_what_bears_just_that_name_opens_itself_among_others(promised: Estate, client: Client) -> None:
    """A project's name stands in its blockers and letters too; who types it whole means the project."""
    sign_in(promised.cast.district, client)
    code = promised.project.code
    unit = first_unit(promised)

    def opens(text: str, **words: str) -> str:
        return client.post("/search/", {"q": text, **words}).headers.get("Location", "")

    assert opens(promised.project.name) == f"/projects/{code}/"
    assert opens(f"{promised.project.name}{place_of(unit)}") == f"/progress/{code}/units/{unit.pk}/"
    assert opens(promised.blocker.number) == f"/gates/{promised.blocker.number}/"
    assert opens(promised.project.name[:2]) == "", "a part of a name is no name"
    assert opens("登记堵点", **{"in": code}) == f"/gates/new/{code}/"


def test_a_ticket_is_found_by_its_number_by_those_who_handle_it_alone(estate: Estate) -> None:
    lay_ticket(estate, number="RX20220307001")
    lay_ticket(estate, number="RX20220307002")
    assert groups_of(estate.cast.district, "rx2022")["12345工单"] == ["RX20220307001", "RX20220307002"]
    for stranger in ("strange_district", "developer", "department", "system_admin"):
        assert "12345工单" not in groups_of(getattr(estate.cast, stranger), "RX20220307001")
    assert "12345工单" not in groups_of(estate.cast.district, "19900000001"), "never by who rang"
    assert "12345工单" not in groups_of(estate.cast.district, "演示甲")
