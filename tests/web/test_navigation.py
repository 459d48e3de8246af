"""The bar and the acts of a project, role by role and word for word, as their page shows them."""

import re

import pytest

from registry.accounts.models import Assignment
from tests.factories.accounts import Cast, Player, sign_in
from tests.factories.projects import Estate, lay_estate
from tests.web.offered import ACTIONS, BAR, CODE, OFFERED

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a\s[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@pytest.fixture
def estate(cast: Cast) -> Estate:
    return lay_estate(cast)


def links(html: str) -> list[tuple[str, str]]:
    """Every link of a piece of a page: what it says, counts left out, and where it leads."""
    said = [(re.sub(r"<span class=\"cnt\">.*?</span>|<[^>]+>", "", inner), href) for href, inner in LINK.findall(html)]
    return [(text.strip(), href) for text, href in said]


def player_of(cast: Cast, name: str, estate: Estate) -> Player:
    """The player; a developer's staff in the assignment that names the project."""
    player: Player = getattr(cast, name)
    if name != "developer":
        return player
    held = Assignment.objects.get(person=player.person, project_key=estate.project.pk)
    return Player(player.person, player.organisation, held)


@pytest.mark.parametrize("name", sorted(OFFERED))
def test_the_bar_and_the_acts_of_a_project_are_those_of_the_role(name: str, cast: Cast, estate: Estate) -> None:
    client = sign_in(player_of(cast, name, estate))
    bar = client.get("/").content.decode().split('<nav aria-label="主导航">')[1].split("</nav>")[0]
    straight, _, folded = bar.partition("<details")
    page = client.get(f"/projects/{estate.project.code}/")
    acts = page.content.decode().split('<div class="acts">')[1].split("</div>")[0] if page.status_code == 200 else ""
    words = OFFERED[name]

    assert links(straight) == [(label, BAR[label]) for label in words[0].split()]
    assert links(folded) == [(label, BAR[label]) for label in words[1].split()]
    assert links(acts) == [(label, ACTIONS[label].replace(CODE, estate.project.code)) for label in words[2].split()]


def test_every_role_of_the_cast_is_compared(cast: Cast) -> None:
    roles = {getattr(cast, name).actor.role for name in OFFERED}

    assert roles == {getattr(cast, name).actor.role for name in cast.__dataclass_fields__}
