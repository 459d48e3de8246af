"""What the code lists of a new installation say agrees with the rules that read them."""

import json
from pathlib import Path
from typing import Any

from commitments.services.drafting import DECISION_LIFTS
from projects.gates.models import OWN_LIMIT, BlockerType
from projects.office.choices import checklist_code
from registry.kernel.gates.table import GATES, Gate
from registry.kernel.stages import FUND_USES, HousingType, Track, Use, opening_stage

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
    assert set(plans) == set(HousingType)
    assert [kind for kind, gates in plans.items() if "presale_permit" in gates] == ["commercial", "affordable"]


def test_what_was_sold_when_finished_or_before_the_permit_existed_needs_the_other_eleven_gates() -> None:
    plans = {row["housing_type"]: row["gates"] for row in rows("gate_plans")}

    for kind in ("commercial_finished", "commercial_early"):
        assert set(plans["commercial"]) - set(plans[kind]) == {"presale_permit"}
        assert set(plans[kind]) < set(plans["commercial"])


def test_a_checklist_asks_for_the_voucher_that_the_guard_of_recording_asks_for() -> None:
    """登簿 asks whether the fund was paid of what opens on that track, and of nothing else."""
    asked = {row["applies_to"] for row in rows("checklists") if row["supplier"] == "fund"}
    owed = {
        checklist_code(kind, use) for kind in HousingType for use in Use if opening_stage(Track.FUND, use, FUND_USES)
    }

    assert asked == owed == set(HousingType)
    taxed = {row["applies_to"] for row in rows("checklists") if "契税" in row["name"]}
    assert taxed == {
        checklist_code(kind, use) for kind in HousingType for use in Use if opening_stage(Track.TAX, use, FUND_USES)
    }


def test_every_list_of_papers_has_its_order_without_gaps() -> None:
    by_list: dict[str, list[int]] = {}
    for row in rows("checklists"):
        by_list.setdefault(row["applies_to"], []).append(row["ordinal"])

    assert all(sorted(ordinals) == list(range(1, len(ordinals) + 1)) for ordinals in by_list.values())


def test_no_limit_pretends_to_a_law() -> None:
    """No law says within how many days a hindrance is resolved: the type says that the limit is the task force's."""
    assert {row.get("limit_basis", OWN_LIMIT) for row in rows("blocker_types")} == {"内部时限"}
    assert BlockerType().limit_basis == "内部时限"


def test_days_off_name_the_notice_that_gave_them() -> None:
    """The days of the May holiday of 2019 were changed by a notice of their own."""
    notices = {row["day"]: row["notice"] for row in rows("holidays")}

    assert {notices[day] for day in notices if day.startswith("2018-0")} == {"国办发明电〔2017〕12号"}
    assert notices["2019-05-01"] == notices["2018-12-31"] == "国办发明电〔2018〕15号"
    for day in ("2019-04-28", "2019-05-02", "2019-05-03", "2019-05-04", "2019-05-05"):
        assert notices[day] == "国办发明电〔2019〕3号"
