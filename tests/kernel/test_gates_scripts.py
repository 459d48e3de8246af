"""What a family is told on the telephone: every stage by every hindrance, and no sentence against the state."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import pytest

from registry.kernel.gates import (
    BarFact,
    BlockerFact,
    Call,
    Gate,
    Organ,
    Papers,
    PauseFact,
    ProjectFacts,
    ReasonKind,
    ReliefFact,
    telephone_words,
    why,
)
from registry.kernel.gates.scripts import SCRIPTS, Claim, Script, script_of
from registry.kernel.gates.spoken import EXCLUDED_SPOKEN, GATE_SPOKEN, HOLDS, HOME_SPOKEN, MATTERS
from registry.kernel.scope import EVERYTHING, NOTHING, BuildingColumns, scope_of
from registry.kernel.stages import EXCLUSION_REASONS, HOLD_REASONS, STAGES, Feature, Standing, Track, Use
from tests.kernel import reference_gates
from tests.kernel.test_reference_gates import FIRST, MADE, PLAN, PLANNING, SURVEY, TODAY, step

UNIT = 1
STAGES_ = tuple(stage.code for stage in STAGES[Track.CERTIFICATE])
EARLY = STAGES_[:3]
PAPERS = (None, Papers(handed_on=date(2022, 3, 1)), Papers(date(2022, 3, 1), date(2022, 3, 4), "身份证明复印件。"))
STANDINGS = (
    (Standing.ACTIVE, ""), (Standing.HELD, "unreachable"), (Standing.HELD, "seizure"),
    (Standing.HELD, "correction"), (Standing.CARRIED, "illegal"), (Standing.EXCLUDED, "duplicate"),
)  # fmt: skip
BUILDINGS = ("made", "missing", "shut", "lifted", "fault")
OWN = ("", "U01", "U03", "E03", "own fault", "late fault", "barred")


def blocker(key: int, code: str, gate: Gate, at_fault: bool = False) -> BlockerFact:
    scope = scope_of(units={UNIT})
    return BlockerFact(
        key, f"{code}-000{key}", gate, scope, scope if at_fault else NOTHING, MADE, type_code=code, label=f"甲{code}",
        holder="演示单位", public="",
    )  # fmt: skip


def facts_of(building: str, own: str, paused: bool, use: Use, standing: Standing) -> ProjectFacts:
    """One home in the state that is named."""
    blockers, reliefs = [], []
    if building in ("shut", "lifted", "fault"):
        blockers.append(blocker(1, "P03", PLANNING, at_fault=building == "fault"))
    if building == "lifted":
        reliefs.append(ReliefFact(1, EVERYTHING, MADE, label="×政函〔2021〕18号条款1"))
    if own in ("U01", "own fault"):
        blockers.append(blocker(2, "U09" if own == "own fault" else own, Gate.ACCEPTANCE, own == "own fault"))
    elif own and own != "barred":
        code = "U04" if own == "late fault" else own
        blockers.append(blocker(2, code, Gate.RECORDING, own == "late fault"))
    made = [step(gate=gate, id=n) for n, gate in enumerate((PLANNING, SURVEY, FIRST), 1)]
    return ProjectFacts(
        buildings=(BuildingColumns(10, (UNIT,), ("1",), ("2",), (use,), (Feature.NONE,)),),
        standings=((standing,),),
        plans=(PLAN,),
        steps=tuple(made if building == "made" else ()),
        blockers=tuple(blockers),
        reliefs=tuple(reliefs),
        bars=(BarFact(scope_of(uses={Use.PARKING}), "按本区设置，车位不办理转移登记"),) if own == "barred" else (),
        pauses=(PauseFact(1, EVERYTHING, MADE, label="区专班：逾期", organ="演示区专班"),) if paused else (),
    )


@dataclass(frozen=True)
class State:
    """A home, by what it is; `said` is what the table makes of it."""

    stage: str
    standing: Standing
    hold: str
    building: str
    own: str
    paused: bool
    use: Use
    paid: bool
    call: Call
    papers: Papers | None = None

    @property
    def is_early(self) -> bool:
        return self.stage in EARLY

    @property
    def is_barred(self) -> bool:
        return self.own == "barred" and self.use == Use.PARKING

    @property
    def is_ready(self) -> bool:
        stops = (self.own in ("U01", "E03", "own fault"), self.paused, self.standing != Standing.ACTIVE, self.is_barred)
        return self.is_early and self.building == "made" and not any(stops)

    @property
    def stops_recording(self) -> bool:
        return self.own in ("U03", "E03", "late fault")


def states() -> Iterator[State]:
    """The whole product: stages, standings, states of the building, matters, paused or not, use, paid or not."""
    for (standing, hold), building, own, paused, use in product(
        STANDINGS, BUILDINGS, OWN, (False, True), (Use.DWELLING, Use.PARKING)
    ):
        facts = facts_of(building, own, paused, use, standing)
        unit = facts.buildings[0].unit(UNIT)
        early = why(unit, facts, TODAY, standing=standing, stage="waiting")
        for stage in STAGES_:
            reasons = early if stage in EARLY else why(unit, facts, TODAY, standing=standing, stage=stage)
            for paid, papers in product((False, True), PAPERS if stage == "collected" else PAPERS[:1]):
                call = Call(
                    stage, reasons, TODAY, use=use, stage_on=MADE, tax="settled" if paid else "assessed",
                    fund=("settled" if paid else "unpaid") if use == Use.DWELLING else "", hold=hold,
                    review_on=date(2022, 6, 1) if hold else None, papers=papers or Papers(),
                )  # fmt: skip
                yield State(stage, standing, hold, building, own, paused, use, paid, call, papers)


# What each claim means, told from how the state was laid, never from the reasons that the scripts are chosen by.
TRUE: dict[Claim, Callable[[State], bool]] = {
    Claim.READY: lambda s: s.is_ready,
    Claim.NOT_READY: lambda s: s.is_early and not s.is_ready,
    Claim.NOT_HANDED_IN: lambda s: s.stage in ("waiting", "notified"),
    Claim.HANDED_IN: lambda s: s.stage == "collected",
    Claim.SENT: lambda s: s.papers is not None and s.papers.returned_on is None,
    Claim.ACCEPTED: lambda s: s.stage == "accepted",
    Claim.RECORDED: lambda s: s.stage == "recorded",
    Claim.PRINTED: lambda s: s.stage == "printed",
    Claim.FETCHABLE: lambda s: s.stage == "printed" and s.standing == Standing.ACTIVE,
    Claim.ISSUED: lambda s: s.stage == "issued",
    Claim.AT_FAULT: lambda s: s.building == "fault" or s.own == "own fault" if s.is_early else s.own == "late fault",
    Claim.BUILDING_SHUT: lambda s: s.building != "made",
    Claim.PAUSED: lambda s: s.paused,
    Claim.HELD: lambda s: s.standing == Standing.HELD,
    Claim.GRAVE: lambda s: s.hold == "seizure" or s.own == "E03",
    Claim.APART: lambda s: s.standing in (Standing.CARRIED, Standing.EXCLUDED),
    Claim.BARRED: lambda s: s.is_barred,
    Claim.OWN_MATTER: lambda s: s.own in ("U01", "E03", "own fault") if s.is_early else s.stops_recording,
    Claim.SETTLED: lambda s: s.paid and not s.stops_recording and s.standing == Standing.ACTIVE,
    Claim.CORRECTING: lambda s: s.hold == "correction" or (s.papers is not None and s.papers.returned_on is not None),
    Claim.UNPAID: lambda s: not s.paid,
}

# Phrases that claim something, and which claims a script with such a phrase must have declared (one of them).
PHRASES: dict[str, set[Claim]] = {
    "可以申请办证": {Claim.READY},
    "带齐材料|请按材料清单准备": {Claim.READY},
    "材料还没有交|不急着交|先准备材料": {Claim.NOT_HANDED_IN},
    "材料已.*收下|材料由我们保管": {Claim.HANDED_IN},
    "等候受理": {Claim.SENT},
    "材料补齐|已于.*退回您的材料": {Claim.CORRECTING},
    "送不了受理|不能受理|还不能受理|暂停受理|暂不能办证|才能办证": {Claim.NOT_READY},
    "申请已.*受理": {Claim.ACCEPTED},
    "登记完毕": {Claim.RECORDED},
    "证书已经制作完成": {Claim.PRINTED},
    "领取；": {Claim.FETCHABLE},
    "您的证已": {Claim.ISSUED},
    "恢复原状": {Claim.AT_FAULT},
    "暂停受理": {Claim.PAUSED},
    "登记为暂缓|暂未往下办": {Claim.HELD},
    "不办理转移登记": {Claim.BARRED},
    "已核减|按现行规定|由工作专班核对": {Claim.APART},
    "不需要您再办": {Claim.SETTLED},
    "登簿以前还差": {Claim.UNPAID},
    "要求补正": {Claim.CORRECTING},
    "法院查封|权属争议": {Claim.GRAVE, Claim.OWN_MATTER, Claim.HELD},
    "楼栋的“|楼栋还有|还没有办结，由": {Claim.BUILDING_SHUT, Claim.OWN_MATTER},
}


def faults_of(state: State, *, script: Script | None = None, text: str | None = None) -> list[str]:
    """What is said against the state, or said without being declared."""
    script = script or script_of(state.call)
    text = telephone_words(state.call) if text is None else text
    wrong = [f"{script.code} claims {claim.name}" for claim in script.claims if not TRUE[claim](state)]
    return wrong + [
        f"{script.code} says {phrase} undeclared"
        for phrase, claims in PHRASES.items()
        if re.search(phrase, text) and not claims & script.claims
    ]


def test_no_sentence_of_the_whole_product_contradicts_the_state() -> None:
    used: set[str] = set()
    count = 0
    for state in states():
        count += 1
        used.add(script_of(state.call).code)
        text = telephone_words(state.call)
        assert faults_of(state, text=text) == [], (state, text)
        assert text
        assert "{" not in text
        if state.is_early and state.is_ready:
            assert Claim.READY in script_of(state.call).claims, state
        if state.papers is not None:
            is_there = state.papers.returned_on is None
            assert not (is_there and "保管" in text), (state, "what is at the centre is not in our keeping")
            assert not (is_there and ("退回" in text or "我们送件" in text or "我们送受理" in text)), state
        if state.use == Use.PARKING:
            assert "还差" not in text or "维修资金" not in text, "a parking place owes no fund"
        if state.stage == "printed" and state.standing == Standing.ACTIVE:
            assert "领取" in text
            assert not re.search("带齐材料|交材料|材料清单", text)
    assert count == (7 + 2) * 6 * 5 * 7 * 2 * 2 * 2
    assert used == {script.code for script in SCRIPTS} - {"A0"}, "each script is met, and nobody is left to A0"


def test_the_walk_sees_a_script_that_says_what_is_not_so() -> None:
    """Negative control: the words of an accepted home, told to one whose certificate is printed, and the reverse."""
    by_code = {script.code: script for script in SCRIPTS}
    printed = next(s for s in states() if s.stage == "printed" and s.standing == Standing.ACTIVE)
    fault = next(s for s in states() if s.stage == "waiting" and s.building == "fault" and not s.hold)

    assert faults_of(printed, script=by_code["A1"]) != []
    assert "B2 says 可以申请办证 undeclared" in faults_of(fault, text="可以申请办证了。")
    assert "A1 claims READY" in faults_of(fault, script=by_code["A1"])


def test_readiness_of_the_walk_is_that_of_the_reference() -> None:
    for state in states():
        if state.stage == "waiting" and state.paid:
            facts = facts_of(state.building, state.own, state.paused, state.use, state.standing)
            unit = facts.buildings[0].unit(UNIT)
            assert state.is_ready == reference_gates.ready(unit, state.standing, PLAN, facts, TODAY)


def call(
    stage: str = "waiting", *, building: str = "made", own: str = "", paused: bool = False, **more: object
) -> Call:
    standing = Standing(more.pop("standing", Standing.ACTIVE))
    use = Use(more.get("use", Use.DWELLING))
    facts = facts_of(building, own, paused, use, standing)
    reasons = why(facts.buildings[0].unit(UNIT), facts, TODAY, standing=standing, stage=stage)
    words = {"stage_on": date(2022, 3, 7), "tax": "settled", "fund": "settled", **more}
    return Call(stage, reasons, TODAY, **words)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            call(),
            ("您好，您家所在楼栋的手续已经办结，可以申请办证了，您的材料还没有交。"
            "请按材料清单准备，到驻场办证服务点提交；拿不准的，现在我可以把材料清单念给您。"),
        ),
        (
            call("waiting", building="missing"),
            ("您家这一户没有问题，只是楼栋还有“规划核验（核对房子是否按批准的图纸建）”等3项手续没有办结，"
            "由规划和自然资源部门办理，目前没有确定的时间。办结后我们通知您；材料可以先准备，不急着交。"),
        ),
        (
            call("collected", tax="assessed"),
            ("您的材料已于3月7日收下，不用再交一遍。下一步由服务点送登记机构受理，送件以后我们按您留的电话告诉您。"
            "您的契税还没有办结，请到税务窗口办理。"),
        ),
        (
            call("collected", papers=PAPERS[1]),
            ("您的材料已于3月1日送登记机构，等候受理；受理或者需要补正时，我们按您留的电话告诉您。"),
        ),
        (
            call("collected", papers=PAPERS[2]),
            ("登记机构已于3月4日退回您的材料，还需补：身份证明复印件。请补齐后交到驻场办证服务点，由我们重新送件；"
            "登记机构出具告知书的，补正期限以告知书为准。"),
        ),
        (
            call("collected", paused=True, papers=PAPERS[1]),
            ("您的材料已于3月1日送登记机构。目前暂停受理，恢复后由登记机构接着受理；"
            "到时如果材料过了有效期，会请您补。"),
        ),
        (
            call("accepted", fund="unpaid"),
            "您的申请已于3月7日受理。登簿以前还差住宅专项维修资金交存，请到相应窗口办理；办好以后接着登簿。",
        ),
        (
            call("accepted", building="fault", paused=True),
            "您的申请已于3月7日由登记机构受理，正在审核登簿，目前不需要您再办什么；需要补正时会通知您。",
        ),
        (call("recorded"), "您的房屋已于3月7日登记完毕，正在制作证书。证书制作完成后通知您领取。"),
        (
            call("printed"),
            ("证书已经制作完成，还没有领取。请权利人本人带身份证，在工作日到驻场办证服务点领取；"
            "委托他人的，带双方身份证和授权委托书。领取时请核对姓名、坐落、面积。"),
        ),
        (call("issued"), "您的证已于3月7日发证。如果本人没有领过，请告诉我，我们核查。"),
        (
            call("issued", legacy_on=date(1999, 6, 1)),
            "您的证已于3月7日发证。台账记载您已持有1999年的旧证，旧证继续有效，换证请到登记机构咨询。",
        ),
        (
            call("waiting", own="own fault"),
            ("您这处房屋登记有未经批准的加建，需要先恢复原状，经核验以后才能办证。"
            "请先联系所在街道、乡镇了解恢复要求；恢复以后打电话告诉我们，我们登记并转核验单位。"
            "您认为登记有误的，可以带材料来核对。"),
        ),
        (
            call("collected", paused=True),
            ("您的材料已收下，由我们保管。演示区专班自2021年3月1日起暂停受理，恢复后我们送件；"
            "到时如果材料过了有效期，会请您补。"),
        ),
        (
            call("waiting", standing="held", hold="seizure", review_on=date(2022, 6, 1)),
            ("您家目前登记为暂缓，原因是这处房屋目前被法院查封。查封的情况请向查封法院或登记机构查询；"
            "解除查封以后，带解除文书来办理。我们不能解除查封。6月1日我们会复查一次；这之前情况有变化，请随时来电。"),
        ),
        (
            call("waiting", building="shut"),
            ("您家现在还不能受理，不是您的原因，是楼栋的“规划核验（核对房子是否按批准的图纸建）”没有办结。"
            "目前由演示单位负责办理，还没有确定的时间。办结后我们按登记的电话通知您，请保持电话畅通。"),
        ),
        (
            call("waiting", own="U01"),
            ("楼栋的手续已经办结。您家还有一件事：买卖合同没有网签，或合同原件没有找到。"
            "请带现有的合同、收据来；补签、证明由开发建设单位、住房和城乡建设部门办理。"),
        ),
        (
            call("waiting", standing="excluded", hold="duplicate"),
            "台账里这一户已核减，原因是重复登记；您认为不对的，请带合同或协议来核对。",
        ),
        (
            call("waiting", standing="carried", hold="illegal", use=Use.PARKING),
            "按现行规定，您的车位暂不能办证，原因请您本人带身份证到服务点当面了解，我们可以书面答复。",
        ),
    ],
)  # fmt: skip
def test_the_words_of_the_office(given: Call, said: str) -> None:
    assert telephone_words(given) == said


def test_the_first_hindrance_in_the_order_of_the_office_speaks() -> None:
    """Carried before fault before seizure before pause before another hold before the building before the home."""

    def code(**more: object) -> str:
        return script_of(call("waiting", **more)).code  # type: ignore[arg-type]

    assert code(building="fault", paused=True, own="E03", standing="carried") == "B4 carried"
    assert code(building="fault", paused=True, own="E03", standing="held") == "B2"
    assert code(building="shut", paused=True, own="E03", standing="held", hold="unwilling") == "B3 grave"
    assert code(building="shut", paused=True, own="U01", standing="held", hold="unwilling") == "B5"
    assert code(building="shut", own="U01", standing="held", hold="unwilling") == "B3"
    assert code(building="shut", own="U01") == "B1"
    assert code(building="missing", own="U01") == "B6"
    assert code(building="missing") == "A1'"


def test_what_comes_before_recording_is_said_beside_what_can_be_done_now() -> None:
    said = telephone_words(call("waiting", own="U03"))

    assert said.endswith("登簿以前还要办：住宅专项维修资金没有交存记录。交过的请带票据来核对；没交的请到交存机构交存。")
    assert telephone_words(call("collected", own="U03", fund="unpaid")).count("维修资金") == 1, "said once"


def test_a_public_reason_is_told_and_no_other() -> None:
    open_one = call("waiting", building="shut")
    told = replace(open_one, reasons=[replace(r, public="验收还没有通过") for r in open_one.reasons])

    assert "没有办结，原因是验收还没有通过。" in telephone_words(told)
    assert "甲P03" not in telephone_words(told), "the name that the office gave it stays inside"


def test_no_script_speaks_a_number_a_code_or_a_promise() -> None:
    words = [part if isinstance(part, str) else "".join(part) for script in SCRIPTS for part in script.says]
    tables = [*HOLDS.values(), *MATTERS.values()]
    for text in [*words, *("".join(pair) for pair in tables), *GATE_SPOKEN.values(), *(organ.label for organ in Organ)]:
        assert not re.search("马上|尽快|很快|一定|月底|肯定|全免|担保|「|[A-Z]", text), text


def test_the_tables_of_names_are_complete() -> None:
    assert set(GATE_SPOKEN) == set(Gate)
    assert set(HOME_SPOKEN) == set(Use)
    assert set(HOLDS) == set(HOLD_REASONS) - EXCLUSION_REASONS - {"illegal"}
    assert set(EXCLUDED_SPOKEN) == EXCLUSION_REASONS


def test_a_held_home_whose_certificate_is_printed_is_not_told_to_fetch_it() -> None:
    held = call("printed", standing="held", hold="dispute", review_on=date(2022, 6, 1))

    assert ReasonKind.READY not in {reason.kind for reason in held.reasons}
    assert "带身份证" not in telephone_words(held)
    assert telephone_words(held).startswith(
        "证书已经制作完成，还没有发放。因这处房屋的权属有争议，后面的手续暂未往下办。"
    )
