"""Why, in data and in words: done, shut, who has it, what comes next; and what an owner is told on the telephone."""

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
    telephone_words,
    why,
)
from registry.kernel.scope import EVERYTHING, NOTHING, scope_of
from registry.kernel.stages import Feature, Part, Standing, Use
from tests.kernel.test_reference_gates import FIRST, HOME, MADE, PLANNING, SHOP, SURVEY, TODAY, project, step

NAMES = {10: "9号楼", 20: "10号楼"}
ALTERED = scope_of(buildings={10}, uses={Use.RETAIL})
P03 = BlockerFact(
    1, "P03-0137", PLANNING, EVERYTHING, ALTERED, MADE, label="底商夹层、擅改用途", holder="十八里店乡政府"
)
D04 = BlockerFact(
    2, "D04-0042", Gate.ACCEPTANCE, scope_of(units={HOME}), NOTHING, MADE, label="面积差价未结清", holder="开发单位"
)
LETTER = ReliefFact(1, scope_of(uses={Use.DWELLING}), MADE, label="×政函〔2021〕18号条款1")
ALL_MADE = (step(gate=FIRST),)


def reasons(facts, unit_id, standing=Standing.ACTIVE):
    return why(facts.building_of(unit_id).unit(unit_id), facts, TODAY, standing=standing)


def lines(facts, unit_id, standing=Standing.ACTIVE):
    """The sentences with their kinds."""
    return [(line.kind.value, line.text) for line in render_why(reasons(facts, unit_id, standing), NAMES)]


def words(facts, unit_id, standing=Standing.ACTIVE):
    return telephone_words(reasons(facts, unit_id, standing))


def test_a_home_with_everything_made_is_ready():
    facts = project(ALL_MADE)
    assert lines(facts, HOME) == [
        ("done", "楼栋3个环节都已办到。"),
        ("ready", "楼栋和本户都没有障碍，可以受理。"),
    ]
    assert words(facts, HOME) == "您家楼里的手续都办好了，可以办证。请带齐材料到办证中心，或先把材料交给我们。"
    assert not_ready_words(facts, HOME, TODAY) == ""


def test_a_home_with_one_thing_left_hears_what_and_from_whom():
    facts = project(ALL_MADE, [D04])
    assert lines(facts, HOME) == [
        ("done", "楼栋3个环节都已办到。"),
        ("blocked", "受理被D04-0042 面积差价未结清卡住（按户列明）。"),
        ("missing", "现在由开发单位办。解开后即可受理。"),
    ]
    assert (
        words(facts, HOME)
        == "楼里的手续都办好了，现在只差「面积差价未结清」这件事没有解决。现在由开发单位在办，办好了我们接着给您办。"
    )


def test_an_altered_shop_hears_its_fault_and_how_to_mend_it():
    facts = project(blockers=[P03], reliefs=[LETTER])
    assert lines(facts, SHOP) == [
        (
            "fault",
            "规划核验被P03-0137 底商夹层、擅改用途卡住，本户在过错范围内（9号楼，商业）。整改核验后可办。",
        ),
        ("missing", "现在由十八里店乡政府办。"),
        ("missing", "还没有办：实测审核、首次登记，要等规划核验解开。"),
    ]
    assert "先恢复原状" in words(facts, SHOP)


def test_a_unit_in_no_clause_hears_that_the_letter_does_not_include_it():
    facts = project(blockers=[replace(P03, at_fault=NOTHING)], reliefs=[LETTER])
    assert lines(facts, SHOP)[0] == (
        "blocked",
        "规划核验被P03-0137 底商夹层、擅改用途卡住（本项目全部户）。已有×政函〔2021〕18号条款1，但不包括本户。",
    )
    assert (
        words(facts, SHOP)
        == "这不是您的过错，是楼里的「规划核验」手续还没解决。现在由十八里店乡政府在办，办好了我们会通知您。"
    )


def test_a_lifted_home_hears_by_what_and_which_organ_is_next():
    facts = project(blockers=[P03, replace(P03, id=3, number="D01-0138", gate=SURVEY, label="成果未审核")])
    facts = replace(facts, reliefs=(LETTER, replace(LETTER, blocker_id=3, label="×政函〔2021〕18号条款2")))
    assert lines(facts, HOME) == [
        (
            "lifted",
            "规划核验的堵点P03-0137 底商夹层、擅改用途已由×政函〔2021〕18号条款1解开，可由规自办这一环节。",
        ),
        (
            "lifted",
            "实测审核的堵点D01-0138 成果未审核已由×政函〔2021〕18号条款2解开，前面的环节办到后由住建（房管）办这一环节。",
        ),
        ("missing", "还没有办：规划核验、实测审核、首次登记。下一步规划核验，由规自办。"),
    ]
    assert words(facts, HOME).startswith("您家的路已经打通，现在在等主管部门办「规划核验」等3道手续")
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
        "楼栋3个环节已办到2个，其中规划核验凭承诺办（×规自核〔2021〕41号），实测审核凭部门意见办。",
    )


def test_the_paper_of_the_building_is_named_before_that_of_the_project():
    made = [
        step(StepStatus.BY_OPINION, building=10, on=MADE),
        step(StepStatus.BY_COMMITMENT, part=Part.DWELLING, on=TODAY, id=2, document="×规自核〔2021〕41号"),
    ]
    assert lines(project(made), HOME)[0] == ("done", "楼栋3个环节已办到1个，规划核验凭部门意见办。")


def test_a_blocker_of_a_gate_already_passed_or_outside_the_plan_is_no_reason():
    facts = project(ALL_MADE, [P03, replace(P03, id=3, gate=Gate.FIRE)])
    assert [reason.kind for reason in reasons(facts, HOME)] == [ReasonKind.DONE, ReasonKind.READY]


def test_a_pause_and_a_standing_are_reasons_of_their_own():
    facts = project(ALL_MADE, pauses=[PauseFact(1, EVERYTHING, MADE, label="区专班：承诺逾期")])
    assert lines(facts, HOME, Standing.HELD)[1:] == [
        ("paused", "暂停受理：区专班：承诺逾期。"),
        ("standing", "这一户是「暂缓」，恢复正常后再办。"),
    ]
    assert words(facts, HOME) == "办理暂时停了，恢复以后我们会马上通知您，已经交的材料不用重交。"


@pytest.mark.parametrize(
    ("standing", "text", "spoken"),
    [
        (
            Standing.HELD,
            "这一户是「暂缓」，恢复正常后再办。",
            "您家目前登记为暂缓，事情解决以后告诉我们，就可以接着办。",
        ),
        (
            Standing.CARRIED,
            "这一户是「挂账」，不予办理，留在总数内。整改后可提请恢复。",
            "您这处房屋目前按规定不能办证，具体情况请到办证中心当面了解。",
        ),
        (
            Standing.EXCLUDED,
            "这一户是「核减」，不在应办户内。",
            "您这处房屋目前按规定不能办证，具体情况请到办证中心当面了解。",
        ),
    ],
)
def test_a_standing_is_said_and_nothing_is_promised_that_will_not_be_done(standing, text, spoken):
    facts = project(ALL_MADE, standings=(standing, Standing.ACTIVE))
    assert lines(facts, HOME, standing)[-1] == ("standing", text)
    assert words(facts, HOME, standing) == spoken
    assert not_ready_words(facts, HOME, TODAY) == text


def test_the_clause_that_caught_a_unit_is_the_one_it_is_in():
    narrow = replace(P03, scope=scope_of(floors={"1"}) | scope_of(uses={Use.DWELLING}) - scope_of(units={SHOP}))
    found = reasons(project(blockers=[narrow]), HOME)[0]
    assert found.caught_by == scope_of(uses={Use.DWELLING}) - scope_of(units={SHOP})
    assert render_why([found], NAMES)[0].text.endswith("卡住（住宅）。"), "lists of other units are not read out"


def test_a_refusal_says_no_key_of_a_building_whose_name_is_not_known():
    facts = project(blockers=[P03])
    unnamed = not_ready_words(facts, SHOP, TODAY)
    assert "#" not in unnamed
    assert unnamed == (
        "规划核验被P03-0137 底商夹层、擅改用途卡住，本户在过错范围内（商业）。整改核验后可办。"
        "堵点登记于2021-03-01。现在由十八里店乡政府办。"
    )
    assert "（9号楼，商业）" in not_ready_words(facts, SHOP, TODAY, buildings=NAMES)


def test_the_words_for_owners_carry_no_code_and_no_paper_number():
    for facts in (project(blockers=[P03], reliefs=[LETTER]), project(ALL_MADE, [D04]), project()):
        for unit_id in (HOME, SHOP):
            said = words(facts, unit_id)
            assert not any(mark in said for mark in ("P03", "D04", "〔", "#"))


def test_what_shuts_a_gate_for_a_step_is_said_with_the_number():
    facts = project(blockers=[P03], reliefs=[LETTER])
    assert shut_by(facts, HOME, PLANNING, TODAY) == ""
    assert shut_by(facts, SHOP, SURVEY, TODAY) == ""
    assert shut_by(facts, SHOP, PLANNING, TODAY) == "P03-0137 底商夹层、擅改用途：在它的过错范围内，整改核验后可办"
    innocent = replace(facts, blockers=(replace(P03, at_fault=scope_of(features=Feature.MEZZANINE)),))
    assert shut_by(innocent, SHOP, PLANNING, TODAY) == "P03-0137 底商夹层、擅改用途：不在任何承诺或决定的条款内"
