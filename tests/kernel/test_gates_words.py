"""Why, in data and in words: done, shut, who has it, what comes next."""

from dataclasses import replace

import pytest

from registry.kernel.gates import (
    BlockerFact,
    Gate,
    PauseFact,
    ReasonKind,
    ReliefFact,
    StepStatus,
    not_ready_words,
    render_why,
    shut_by,
    why,
)
from registry.kernel.scope import EVERYTHING, NOTHING, scope_of
from registry.kernel.stages import Feature, Part, Standing, Use
from tests.kernel.test_reference_gates import FIRST, HOME, LATER, MADE, PLANNING, SHOP, SURVEY, TODAY, project, step

NAMES = {10: "9号楼", 20: "10号楼"}
ALTERED = scope_of(buildings={10}, uses={Use.RETAIL})
P03 = BlockerFact(
    1, "P03-0137", PLANNING, EVERYTHING, ALTERED, MADE, label="底商夹层、擅改用途", holder="十八里店乡政府"
)
D04 = BlockerFact(
    2, "D04-0042", Gate.ACCEPTANCE, scope_of(units={HOME}), NOTHING, MADE, label="面积差价未结清", holder="开发建设单位"
)
LETTER = ReliefFact(1, scope_of(uses={Use.DWELLING}), MADE, label="×政函〔2021〕18号条款1")
ALL_MADE = (step(gate=FIRST),)


def reasons(facts, unit_id, standing=Standing.ACTIVE):
    return why(facts.building_of(unit_id).unit(unit_id), facts, TODAY, standing=standing)


def lines(facts, unit_id, standing=Standing.ACTIVE):
    """The sentences with their kinds."""
    return [(line.kind.value, line.text) for line in render_why(reasons(facts, unit_id, standing), NAMES)]


def test_a_home_with_everything_made_is_ready():
    facts = project(ALL_MADE)
    assert lines(facts, HOME) == [
        ("done", "楼栋3个环节均已办结。"),
        ("ready", "楼栋和本户均无堵点，可以受理。"),
    ]
    assert not_ready_words(facts, HOME, TODAY) == ""


def test_a_home_with_one_thing_left_hears_what_and_from_whom():
    facts = project(ALL_MADE, [D04])
    assert lines(facts, HOME) == [
        ("done", "楼栋3个环节均已办结。"),
        ("blocked", "受理因堵点“面积差价未结清”（D04-0042）未办结（按户列明）。"),
        ("missing", "责任单位：开发建设单位。堵点解除后即可受理。"),
    ]


def test_an_altered_shop_hears_its_fault_and_how_to_mend_it():
    facts = project(blockers=[P03], reliefs=[LETTER])
    assert lines(facts, SHOP) == [
        (
            "fault",
            "规划核验因堵点“底商夹层、擅改用途”（P03-0137）未办结，本户在过错范围内（9号楼，商业）。整改并经核验后方可办理。",
        ),
        ("missing", "责任单位：十八里店乡政府。"),
        ("missing", "尚未办理：实测审核、首次登记，待规划核验的堵点解除后办理。"),
    ]


def test_a_unit_in_no_clause_hears_that_the_letter_does_not_include_it():
    facts = project(blockers=[replace(P03, at_fault=NOTHING)], reliefs=[LETTER])
    assert lines(facts, SHOP)[0] == (
        "blocked",
        "规划核验因堵点“底商夹层、擅改用途”（P03-0137）未办结（本项目全部户）。已有×政函〔2021〕18号条款1，但不包括本户。",
    )


def test_a_lifted_home_hears_by_what_and_which_organ_is_next():
    facts = project(blockers=[P03, replace(P03, id=3, number="D01-0138", gate=SURVEY, label="成果未审核")])
    facts = replace(facts, reliefs=(LETTER, replace(LETTER, blocker_id=3, label="×政函〔2021〕18号条款2")))
    assert lines(facts, HOME) == [
        (
            "lifted",
            "规划核验的堵点“底商夹层、擅改用途”（P03-0137）已由×政函〔2021〕18号条款1解除，可由规划和自然资源部门办理。",
        ),
        (
            "lifted",
            "实测审核的堵点“成果未审核”（D01-0138）已由×政函〔2021〕18号条款2解除，待前序环节办结后由住房和城乡建设部门办理。",
        ),
        ("missing", "尚未办理：规划核验、实测审核、首次登记。下一步办理：规划核验（规划和自然资源部门）。"),
    ]
    assert not any(reason.blocker for reason in reasons(facts, HOME)), "what is lifted shuts nothing"


def test_what_was_made_by_promise_or_opinion_names_its_paper():
    facts = project(
        [
            step(StepStatus.BY_COMMITMENT, document="×规自核〔2021〕41号"),
            step(StepStatus.BY_OPINION, gate=SURVEY, id=2, document="×住建函〔2021〕7号"),
        ]
    )
    assert lines(facts, HOME)[0] == (
        "done",
        "楼栋3个环节已办结2个，其中规划核验凭承诺办理（×规自核〔2021〕41号），实测审核凭部门意见办理。",
    )


def test_the_paper_of_the_building_is_named_before_that_of_the_project():
    made = [
        step(StepStatus.BY_OPINION, building=10, on=MADE),
        step(StepStatus.BY_COMMITMENT, part=Part.DWELLING, on=TODAY, id=2, document="×规自核〔2021〕41号"),
    ]
    assert lines(project(made), HOME)[0] == ("done", "楼栋3个环节已办结1个，规划核验凭部门意见办理。")


def test_a_blocker_of_a_gate_already_passed_or_outside_the_plan_is_no_reason():
    facts = project(ALL_MADE, [P03, replace(P03, id=3, gate=Gate.FIRE)])
    assert [reason.kind for reason in reasons(facts, HOME)] == [ReasonKind.DONE, ReasonKind.READY]


def test_a_pause_and_a_standing_are_reasons_of_their_own():
    facts = project(ALL_MADE, pauses=[PauseFact(1, EVERYTHING, MADE, label="区专班：承诺逾期")])
    assert lines(facts, HOME, Standing.HELD)[1:] == [
        ("paused", "暂停受理：区专班：承诺逾期。"),
        ("standing", "本户为“暂缓”，原因消除并恢复正常后继续办理。"),
    ]


@pytest.mark.parametrize(
    ("standing", "text"),
    [
        (Standing.HELD, "本户为“暂缓”，原因消除并恢复正常后继续办理。"),
        (Standing.CARRIED, "本户为“挂账”（违反规定、不予办理），仍计入应办总数；整改完成后可提请恢复。"),
        (Standing.EXCLUDED, "本户已核减，不计入应办总数。"),
    ],
)
def test_a_standing_is_said_at_every_stage_but_the_last(standing, text):
    facts = project(ALL_MADE, standings=(standing, Standing.ACTIVE))
    unit = facts.building_of(HOME).unit(HOME)
    assert lines(facts, HOME, standing)[-1] == ("standing", text)
    assert not_ready_words(facts, HOME, TODAY) == text
    for stage in ("accepted", "recorded", "printed"):
        kinds = [reason.kind for reason in why(unit, facts, TODAY, standing=standing, stage=stage)]
        assert kinds == [ReasonKind.STANDING], "what is set apart goes no further"
    assert [reason.kind for reason in why(unit, facts, TODAY, standing=standing, stage="issued")] == [ReasonKind.READY]


def test_the_clause_that_caught_a_unit_is_the_one_it_is_in():
    narrow = replace(P03, scope=scope_of(floors={"1"}) | scope_of(uses={Use.DWELLING}) - scope_of(units={SHOP}))
    found = reasons(project(blockers=[narrow]), HOME)[0]
    assert found.caught_by == scope_of(uses={Use.DWELLING}) - scope_of(units={SHOP})
    assert render_why([found], NAMES)[0].text.endswith("未办结（住宅）。"), "lists of other units are not read out"


def test_a_refusal_says_no_key_of_a_building_whose_name_is_not_known():
    facts = project(blockers=[P03])
    unnamed = not_ready_words(facts, SHOP, TODAY)
    assert "#" not in unnamed
    assert unnamed == (
        "规划核验因堵点“底商夹层、擅改用途”（P03-0137）未办结，本户在过错范围内（商业）。整改并经核验后方可办理。"
        "堵点登记于2021-03-01。责任单位：十八里店乡政府。"
    )
    assert "（9号楼，商业）" in not_ready_words(facts, SHOP, TODAY, buildings=NAMES)


def test_what_shuts_a_gate_for_a_step_is_said_with_the_number():
    facts = project(blockers=[P03], reliefs=[LETTER])
    assert shut_by(facts, HOME, PLANNING, TODAY) == ""
    assert shut_by(facts, SHOP, SURVEY, TODAY) == ""
    assert (
        shut_by(facts, SHOP, PLANNING, TODAY) == "P03-0137 底商夹层、擅改用途：在其过错范围内，整改并经核验后方可办理"
    )
    innocent = replace(facts, blockers=(replace(P03, at_fault=scope_of(features=Feature.MEZZANINE)),))
    assert shut_by(innocent, SHOP, PLANNING, TODAY) == "P03-0137 底商夹层、擅改用途：未列入任何承诺或决定的适用范围"


def test_a_clause_that_is_over_is_told_as_lapsed_never_as_missing():
    lapsed = replace(LETTER, ends=LATER)
    facts = project(blockers=[P03], reliefs=[lapsed])
    assert (
        shut_by(facts, HOME, PLANNING, TODAY) == "P03-0137 底商夹层、擅改用途：×政函〔2021〕18号条款1自2021-06-01起失效"
    )
    assert lines(facts, HOME)[0] == (
        "blocked",
        (
            "规划核验因堵点“底商夹层、擅改用途”（P03-0137）未办结（本项目全部户）。"
            "×政函〔2021〕18号条款1自2021-06-01起失效，未办的环节停止办理。"
        ),
    )
    innocent = project(blockers=[replace(P03, at_fault=NOTHING)], reliefs=[lapsed])
    assert "失效" not in lines(innocent, SHOP)[0][1], "a clause that never included the unit did not lapse for it"
    assert shut_by(innocent, SHOP, PLANNING, TODAY).endswith("未列入任何承诺或决定的适用范围")
    early = project(blockers=[P03], reliefs=[replace(lapsed, starts=LATER)])
    assert "失效" not in lines(early, HOME)[0][1], "one that was never in force did not lapse"
