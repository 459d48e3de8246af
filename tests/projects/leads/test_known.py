"""What the matcher knows of a project: every name, and the numbers that stand on its walls."""

import pytest

from projects.leads.selectors.known import numbers_of_scheme
from projects.leads.services.proposing import match_by_rule
from projects.ledger.choices import AliasKind
from projects.ledger.services.particulars import add_alias
from tests.factories.projects import TODAY, Estate, on_day
from tests.projects.leads.trials import lay_ticket

REGISTERED = ("1", "2", "3", "4", "5", "6")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("施工号A1—A3", {"A1": "1", "A2": "2", "A3": "3"}),
        ("A1—A3对应4—6号楼", {"A1": "4", "A2": "5", "A3": "6"}),
        ("公安编号甲1、甲2即1、2号楼", {"甲1": "1", "甲2": "2"}),
        ("S7—S8", {"S7": "", "S8": ""}),  # the project has no such building
        ("S1号楼为3号楼", {"S1": "3"}),
        ("按施工先后编排", {}),
        ("A9—A1", {}),
    ],
)
def test_scheme_of_numbers_is_read(text: str, numbers: dict[str, str]) -> None:
    assert numbers_of_scheme(text, REGISTERED) == numbers


def test_ticket_finds_the_building_by_the_number_on_its_wall(estate: Estate) -> None:
    first = estate.buildings[0]
    words = {"address": "", "text": "演示小区S1栋的房产证一直办不下来"}
    with on_day(TODAY):
        add_alias(
            actor=estate.cast.district.actor, project=estate.project, kind=AliasKind.BUILDING_NUMBERS,
            text=f"施工号S1即{first.number}号楼",
        )  # fmt: skip
        ticket = lay_ticket(estate, **words)
        assert match_by_rule(ticket)
    ticket.refresh_from_db()
    assert (ticket.project, ticket.building) == (estate.project, first)
