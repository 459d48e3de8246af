"""Lists of the centre and the tax office beside the ledger: matched, already there, unknown, contradictory."""

from datetime import date
from typing import Any

import pytest

from documents.intake.stage_rows import STAGE_COLUMNS
from documents.render.template_xlsx import write_template
from documents.services.stage_lists import Reconciled, carry_out_list, reconcile
from projects.ledger.choices import NameScheme
from projects.ledger.models import Unit
from projects.ledger.services.names import accept_names
from registry.kernel.errors import DomainError
from registry.kernel.stages import Track
from registry.store.guard import fixture_writes
from tests.factories.projects import Estate, bring_to, on_day
from tests.factories.trials import digest, last_act, refused

ON = date(2022, 3, 1)


def listing(estate: Estate, *rows: dict[str, Any]) -> bytes:
    """A list in the headers of its template."""
    full = ({"project": estate.project.code, **row} for row in rows)
    return write_template(STAGE_COLUMNS, title="清单", sheet_name="清单", rows=full)


def beside(estate: Estate, content: bytes, *, by: str = "centre", to: str = "accepted") -> list[Reconciled]:
    with on_day(ON):
        return reconcile(
            actor=getattr(estate.cast, by).actor, project=estate.project, content=content, file_name="清单.xlsx",
            track=Track.CERTIFICATE, to=to, on=ON,
        )  # fmt: skip


@pytest.fixture
def collected(story: Estate) -> Estate:
    bring_to(story, story.homes[:3], "collected", date(2022, 2, 10))
    return story


def place(number: int, **more: Any) -> dict[str, Any]:
    """The first homes of the estate: building 1, entrance 1, floors 2 to 4."""
    return {"building": "1号楼", "entrance": "1", "room": f"{number + 2}01", **more}


def test_each_line_gets_its_verdict_and_its_action(collected: Estate) -> None:
    bring_to(collected, collected.homes[:1], "accepted", date(2022, 2, 20))
    content = listing(
        collected,
        place(0),
        place(1, on=date(2022, 2, 25)),
        {"building": "1", "entrance": "2", "room": "201"},
        {"building": "77", "entrance": "1", "room": "999"},
        {"building": "1", "room": ""},
    )
    before = digest()

    found = beside(collected, content)

    assert digest() == before, "reconciling writes nothing"
    assert [(one.row, one.verdict) for one in found] == [
        (2, "same"), (3, "move"), (4, "contradictory"), (5, "unknown"), (6, "unknown"),
    ]  # fmt: skip
    assert found[1].on == "2022-02-25"
    assert all(one.action for one in found)
    assert "先导入清册" in found[3].action


def test_list_is_carried_out_once_each_home_on_its_day(collected: Estate) -> None:
    content = listing(collected, place(0), place(1, on=date(2022, 2, 25)))
    days = {one.unit_id: one.on for one in beside(collected, content)}

    def carry_out() -> Any:
        with on_day(ON):
            return carry_out_list(
                actor=collected.cast.centre.actor, project=collected.project, days=days, track=Track.CERTIFICATE,
                to="accepted", file_name="清单.xlsx",
            )  # fmt: skip

    done = carry_out()

    assert (len(done.moved), done.unchanged, done.refused) == (2, [], [])
    assert last_act().event == "units.listed"
    on = dict(Unit.objects.filter(certificate="accepted").values_list("id", "certificate_on"))
    assert on == {collected.homes[0]: ON, collected.homes[1]: date(2022, 2, 25)}
    with refused("没有可办的户"):
        carry_out()


def test_unit_code_that_contradicts_the_ledger_is_no_match(collected: Estate) -> None:
    code = "110105012038GB00005F00090001"
    content = listing(collected, place(0, unit_code=code), place(0))

    found = beside(collected, content)

    assert [one.verdict for one in found] == ["move", "unknown"]
    assert "与第 2 行是同一户" in found[1].action


def test_list_of_another_project_is_refused_whole(collected: Estate) -> None:
    content = listing(collected, place(0), place(1, project="XX-0001"))

    with pytest.raises(DomainError, match="第 3 行的项目编号不是本项目"):
        beside(collected, content)


def test_list_by_a_role_without_the_step_moves_nothing(collected: Estate) -> None:
    with pytest.raises(DomainError, match="不能把户办到「已受理」"):
        beside(collected, listing(collected, place(0)), by="township")


def test_file_that_is_no_list_is_refused(collected: Estate) -> None:
    with pytest.raises(DomainError) as caught:
        beside(collected, b"%PDF-1.4 nothing")

    assert caught.value.code == "NOT_A_SPREADSHEET"


def called(estate: Estate, names: dict[int, str]) -> None:
    """Give homes of building 1 their names under the sales scheme."""
    with on_day(ON):
        accept_names(
            actor=estate.cast.district.actor, building=estate.buildings[0], scheme=NameScheme.SALES,
            starts=ON, names=names,
        )  # fmt: skip


def test_a_home_is_found_by_its_name_under_any_scheme_and_never_guessed(collected: Estate) -> None:
    first, second, third = collected.homes[:3]
    called(collected, {first: "甲-801", second: "401"})
    content = listing(
        collected,
        {"building": "1号楼", "entrance": "1", "room": "甲-801室"},
        {"building": "1号楼", "entrance": "1", "room": "401"},
        {"building": "1号楼", "entrance": "1", "room": "乙-801"},
    )
    found = beside(collected, content)

    assert [(one.verdict, one.unit_id) for one in found] == [("move", first), ("unknown", 0), ("unknown", 0)]
    labels = [str(Unit.objects.select_related("building").get(pk=key)) for key in (second, third)]
    assert labels == ["1单元301", "1单元401"]
    assert "对得上2户" in found[1].action
    assert all(label in found[1].action for label in labels)
    assert "先导入清册" in found[2].action


def test_a_unit_code_settles_which_of_two_homes_a_name_means(collected: Estate) -> None:
    second, third = collected.homes[1:3]
    called(collected, {second: "401"})
    code = "110105012038GB00005F00090001"
    with fixture_writes():
        Unit.objects.filter(pk=third).update(unit_code=code)

    found = beside(collected, listing(collected, {"building": "1", "entrance": "1", "room": "401", "unit_code": code}))

    assert [(one.verdict, one.unit_id) for one in found] == [("move", third)]
