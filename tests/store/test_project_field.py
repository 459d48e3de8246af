"""A project is picked among those in reach: by name, number or initials; without script in two steps."""

from datetime import date

import pytest
from django.forms import ValidationError
from django.urls import reverse

from projects.ledger.models import Project
from projects.ledger.services.projects import take_in_project
from projects.progress.services.merge import merge_projects
from registry.accounts.models import Assignment
from registry.kernel.authority import Role
from registry.store.project_field import SHOWN, ProjectField, projects_called
from tests.factories.accounts import Cast, Player, sign_in
from tests.factories.projects import PLACED, TODAY, on_day, project_words

pytestmark = pytest.mark.django_db
TWINS = ("演示家园一期", "演示家园二期")


def lay_project(cast: Cast, code: str, name: str) -> Project:
    with on_day(PLACED):
        project: Project = take_in_project(
            actor=cast.district.actor, **project_words(cast) | {"code": code, "name": name}
        )
    return project


@pytest.fixture
def twins(cast: Cast) -> list[Project]:
    """Two projects that bear half a name together."""
    return [lay_project(cast, code=f"CY-81{n:02}", name=name) for n, name in enumerate(TWINS)]


def called(player: Player, text: str) -> list[str]:
    return [project.code for project in projects_called(player.actor, text)]


@pytest.mark.parametrize("text", ["演示家园", "ysjy", "YSJY", "cy-81"])
def test_what_several_bear_comes_back_with_them_to_choose_among(cast: Cast, twins: list[Project], text: str) -> None:
    field = ProjectField(actor=cast.district.actor)

    with pytest.raises(ValidationError, match="对应多个项目。请从列出的项目中选择"):
        field.clean(text)
    assert [project.code for project in field.widget.offers] == ["CY-8100", "CY-8101"]
    shown = field.widget.render("project", text)
    assert '<input type="radio" name="project_pick" value="CY-8101">' in shown
    assert field.widget.value_from_datadict({"project": text, "project_pick": "CY-8101"}, {}, "project") == "CY-8101"


@pytest.mark.parametrize("text", ["CY-8101", " cy-8101 ", "演示家园二期", "ysjyeq", "二期"])
def test_what_one_alone_bears_is_that_one(cast: Cast, twins: list[Project], text: str) -> None:
    assert ProjectField(actor=cast.district.actor).clean(text) == twins[1]


def test_nothing_out_of_reach_is_offered(cast: Cast, twins: list[Project]) -> None:
    for player in (cast.strange_district, cast.developer):
        assert called(player, "演示家园") == []
        with pytest.raises(ValidationError, match="未找到项目“CY-8101”，或不在您的范围内"):
            ProjectField(actor=player.actor).clean("CY-8101")
    assert called(cast.city, "演示家园") == called(cast.system_admin, "演示家园") == ["CY-8100", "CY-8101"]


def test_a_merged_project_means_what_it_is_part_of(cast: Cast, twins: list[Project]) -> None:
    with on_day(TODAY):
        merge_projects(
            actor=cast.district.actor, project=twins[0], absorbed=twins[1], on=date(2022, 3, 7), reason="同一项目"
        )

    assert called(cast.district, "CY-8101") == ["CY-8100"]
    assert [p.code for p in projects_called(cast.district.actor, "CY-8101", as_it_was=True)] == ["CY-8101"]


def test_more_than_are_shown_are_narrowed_by_typing_on(cast: Cast) -> None:
    for number in range(SHOWN + 2):
        lay_project(cast, code=f"CY-82{number:02}", name=f"示例新村{number}号院")
    field = ProjectField(actor=cast.district.actor)

    with pytest.raises(ValidationError, match="未列出的请写得更完整"):
        field.clean("示例新村")
    assert len(field.widget.offers) == SHOWN
    words = {"field": "project", "text": "示例新村"}
    assert "未全部列出" in sign_in(cast.district).get(reverse("web:pick_project"), words).content.decode()


def test_the_page_asks_as_one_types(cast: Cast, twins: list[Project]) -> None:
    address = reverse("web:pick_project")
    words = {"field": "project_key", "text": "二期"}

    shown = sign_in(cast.district).get(address, words).content.decode()

    assert 'name="project_key_pick" value="CY-8101"' in shown
    assert "CY-8100" not in shown
    foreign = sign_in(cast.strange_district).get(address, words).content.decode()
    empty = sign_in(cast.district).get(address, {"field": "x", "text": " "}).content.decode()
    assert "CY-" not in foreign + empty
    assert "未找到相符的项目" in foreign
    assert "请填写项目名称、编号或首字母" in empty


def test_a_seat_is_proposed_on_the_project_that_was_picked(cast: Cast, twins: list[Project]) -> None:
    client, person = sign_in(cast.district), cast.developer.person
    address = reverse("accounts:assign", args=[person.pk])
    words = {"organisation": cast.developer.organisation.pk, "role": Role.DEVELOPER.value, "starts": "2022-03-08"}
    with on_day(TODAY):
        asked = client.post(address, {**words, "project_key": "演示家园"}).content.decode()
        assert 'name="project_key_pick" value="CY-8101"' in asked
        sent = client.post(address, {**words, "project_key": "演示家园", "project_key_pick": "CY-8101"})

    assert sent.status_code == 302, sent.content.decode()
    assert not Assignment.objects.filter(project_key=twins[1].pk).exists(), "another person grants it"
