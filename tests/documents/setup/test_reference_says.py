"""What the code lists of a new installation say agrees with the rules that read them."""

import json
from pathlib import Path
from typing import Any

from commitments.services.drafting import DECISION_LIFTS
from projects.gates.models import BlockerType
from registry.kernel.gates.table import GATES, Gate

FOLDER = Path(__file__).parents[3] / "fixtures/reference"


def rows(name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text())
    return loaded


def test_a_type_that_a_reply_or_an_opinion_may_lift_is_not_called_one_that_nothing_lifts() -> None:
    by_paper = {code for kind in ("government_reply", "opinion") for code in DECISION_LIFTS[kind]}  # type: ignore[index]
    assert {row["code"] for row in rows("blocker_types") if row["lift"] == "N"} & by_paper == set()


def test_a_type_that_a_decision_lifts_names_one_that_may() -> None:
    named = {row["code"]: row["decision"] for row in rows("blocker_types") if row["lift"] in "DA"}
    assert named["P01"] == "opinion"
    assert all(code in DECISION_LIFTS[decision] for code, decision in named.items())  # type: ignore[index]


def test_time_limits_go_by_type() -> None:
    limits = {row["code"]: row["limit_days"] for row in rows("blocker_types")}
    assert (limits["L01"], limits["F01"], limits["U04"]) == (60, 30, 10)
    assert len(set(limits.values())) == 4


def test_words_of_the_types_are_the_fields_and_fit_their_columns() -> None:
    for row in rows("blocker_types"):
        for name in ("label", "lead", "support", "paths"):
            longest = BlockerType._meta.get_field(name).max_length
            assert len(row[name]) <= longest
            assert not {"规自", "住建", "开发商", "央产"} & set(row[name].replace("、", " ").split())


def test_inheritance_asks_no_notary() -> None:
    papers = [row for row in rows("checklists") if "继承" in row["name"]]
    assert papers
    assert all("可不公证" in row["name"] for row in papers)


def test_first_registration_stands_for_the_presale_permit() -> None:
    assert Gate.PRESALE_PERMIT in GATES[Gate.FIRST_REGISTRATION].needs
    plans = {row["housing_type"]: row["gates"] for row in rows("gate_plans")}
    assert [kind for kind, gates in plans.items() if "presale_permit" in gates] == ["commercial", "affordable"]
