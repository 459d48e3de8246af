"""What the hotline and the counter tell a family: scripts by stage and hindrance, in one order. Source: words §4.

A script states what it claims of the home (`Claim`); the tests hold each claim against the state, over the whole
product of stages and hindrances. A sentence is said only if every field that it names is known (`{name:.0}` names one
and does not say it); a group of sentences says the first that can be said. From 已受理 on, only what keeps the home
from its next stage speaks (`table.gates_stopping`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter
from typing import Final

from registry.kernel.gates import spoken
from registry.kernel.gates.calls import Call, fields_of
from registry.kernel.gates.reasons import ReasonKind
from registry.kernel.stages import Standing


class Claim(StrEnum):
    """What a script says of a home, as a test can hold it against the state."""

    READY = "it can be accepted"
    NOT_READY = "it cannot be accepted yet"
    NOT_HANDED_IN = "its papers are not handed in"
    HANDED_IN = "its papers are taken in"
    SENT = "its papers are at the registration centre"
    ACCEPTED = "its application is accepted"
    RECORDED = "it is registered"
    PRINTED = "its certificate is made and not fetched"
    FETCHABLE = "its certificate can be fetched"
    ISSUED = "its certificate is handed over"
    AT_FAULT = "it is at fault and must be mended"
    BUILDING_SHUT = "a gate of its building is not passed"
    PAUSED = "an organ stopped acceptance"
    HELD = "it is held"
    GRAVE = "it is seized or in dispute"
    APART = "it is carried or excluded"
    BARRED = "it is a place that is not registered to an owner"
    OWN_MATTER = "a matter of its own is open"
    SETTLED = "nothing is left for the family to do"
    CORRECTING = "the registry asked for papers"
    UNPAID = "tax or fund is not settled"


Part = str | tuple[str, ...]


@dataclass(frozen=True)
class Script:
    """One entry of words §4: for homes at which stages, when, what is said, and what that claims."""

    code: str
    stages: frozenset[str]
    when: Callable[[Call], bool]
    claims: frozenset[Claim]
    says: tuple[Part, ...]


def script_of(call: Call) -> Script:
    """Return the script of a home: the first of the table that its stage and its hindrances fit."""
    return next(script for script in SCRIPTS if call.stage in script.stages and script.when(call))


def telephone_words(call: Call) -> str:
    """Put the script of a home into its words, for a clerk to read out."""
    fields = fields_of(call)
    return "".join(_said(part, fields) for part in script_of(call).says)


def _said(part: Part, fields: Mapping[str, str]) -> str:
    for text in (part,) if isinstance(part, str) else part:
        if all(fields[name] for _, name, _, _ in Formatter().parse(text) if name):
            return text.format_map(fields)
    return ""


def _held_grave(call: Call) -> bool:
    return call.stands(Standing.HELD) and call.hold in spoken.GRAVE_HOLDS


def _grave(call: Call) -> bool:
    return any(reason.type_code in spoken.SEIZED_OR_DISPUTED for reason in call.own_matters)


def _building_shut(call: Call) -> bool:
    return any(not reason.gates[0].is_unit_level for reason in call.shutting)


def _script(code: str, stages: str, when: Callable[[Call], bool], claims: Sequence[Claim], *says: Part) -> Script:
    return Script(code, frozenset(stages.split()), when, frozenset(claims), says)


def _always(_: Call) -> bool:
    return True


BEFORE, KEPT, LATE = "waiting notified", "collected", "accepted recorded printed"
ANY_EARLY: Final = f"{BEFORE} {KEPT}"
C = Claim
_KEPT: Final = ("您的材料已于{handed_on}送登记机构。", "您的材料已收下，由我们保管。")
_LACKS: Final = "登记机构于{returned_on}退回，还需补：{lacks}。"
_CALL_BACK: Final = "办结后我们按登记的电话通知您，请保持电话畅通。"
_OWN: Final = (
    "{home}还有{things}：{matter}。{do}。",
    "{home}还有{things}：{matter}，目前由{unit_holder}负责。",
    "{home}还有{things}：{matter}。",
)
_HELD_WHY: Final = ("{home}目前登记为暂缓，原因是{hold}。{hold_do}。", "{home}目前登记为暂缓。")
_HELD_REVIEW: Final = "{review}我们会复查一次；这之前情况有变化，请随时来电。"
_SINCE: Final[dict[str, tuple[Claim, Part]]] = {
    "accepted": (C.ACCEPTED, ("您的申请已于{on}受理。", "您的申请已受理。")),
    "recorded": (C.RECORDED, ("您的房屋已于{on}登记完毕。", "您的房屋已登记完毕。")),
    "printed": (C.PRINTED, "证书已经制作完成，还没有发放。"),
}
_LATER: Final = ("登簿以前还要办：{later}。{later_do}。", "登簿以前还要办：{later}。")


def _apart(call: Call) -> bool:
    return call.stands(Standing.CARRIED, Standing.EXCLUDED)


def _late(code: str, when: Callable[[Call], bool], claims: Sequence[Claim], *says: Part) -> tuple[Script, ...]:
    """The same hindrance from 已受理 on: first where the home stands, then what keeps it there."""
    return tuple(
        _script(f"{code}/{stage}", stage, when, (stands, *claims), opening, *says)
        for stage, (stands, opening) in _SINCE.items()
    )


SCRIPTS: Final[tuple[Script, ...]] = (
    _script(
        "A7", "issued", _always, [C.ISSUED],
        ("您的证已于{on}发证。", "您的证已经发证。"),
        "台账记载您已持有{legacy}年的旧证，旧证继续有效，换证请到登记机构咨询。",
        "{fetched:.0}如果本人没有领过，请告诉我，我们核查。",
    ),
    # B4: carried, excluded
    _script(
        "B4 carried", BEFORE, lambda call: call.stands(Standing.CARRIED), [C.APART, C.NOT_READY],
        "按现行规定，{home}暂不能办证，原因请您本人带身份证到服务点当面了解，我们可以书面答复。",
    ),
    _script(
        "B4 carried, kept", KEPT, lambda call: call.stands(Standing.CARRIED), [C.APART, C.NOT_READY, C.HANDED_IN],
        "按现行规定，{home}暂不能办证，原因请您本人带身份证到服务点当面了解，我们可以书面答复。",
        "{kept:.0}您交的材料由我们保管，可以来办理退还。",
    ),
    _script(
        "B4 excluded", BEFORE, lambda call: call.stands(Standing.EXCLUDED), [C.APART, C.NOT_READY],
        ("台账里这一户已核减，原因是{excluded}；您认为不对的，请带合同或协议来核对。",
         "台账里这一户已核减；您认为不对的，请带合同或协议来核对。"),
    ),
    _script(
        "B4 excluded, kept", KEPT, lambda call: call.stands(Standing.EXCLUDED), [C.APART, C.NOT_READY, C.HANDED_IN],
        ("台账里这一户已核减，原因是{excluded}；您认为不对的，请带合同或协议来核对。",
         "台账里这一户已核减；您认为不对的，请带合同或协议来核对。"),
        "{kept:.0}您交的材料由我们保管，可以来办理退还。",
    ),
    _script(
        "B4 barred", BEFORE, lambda call: call.has(ReasonKind.BARRED), [C.BARRED, C.NOT_READY],
        "按本区现行规定，{home}不办理转移登记，暂不能办证；具体情况请您本人带身份证和合同到服务点当面了解。",
    ),
    _script(
        "B4 barred, kept", KEPT, lambda call: call.has(ReasonKind.BARRED), [C.BARRED, C.NOT_READY, C.HANDED_IN],
        "按本区现行规定，{home}不办理转移登记，暂不能办证；具体情况请您本人带身份证和合同到服务点当面了解。",
        "{kept:.0}您交的材料由我们保管，可以来办理退还。",
    ),
    *_late("B4", _apart, [C.APART], "{home}的情况要由工作专班核对，核对以后按您留的电话答复您。"),
    # B2: in the at-fault part of a blocker
    _script(
        "B2", BEFORE, lambda call: call.has(ReasonKind.FAULT), [C.AT_FAULT, C.NOT_READY],
        "您这处房屋登记有{fault}，需要先恢复原状，经核验以后才能办证。",
        "{promised:.0}政府的承诺不包括这一处。",
        "请先联系所在街道、乡镇了解恢复要求；恢复以后打电话告诉我们，我们登记并转核验单位。",
        "您认为登记有误的，可以带材料来核对。",
    ),
    _script(
        "B2 kept", KEPT, lambda call: call.has(ReasonKind.FAULT), [C.AT_FAULT, C.NOT_READY, C.HANDED_IN],
        "您这处房屋登记有{fault}，需要先恢复原状，经核验以后才能办证。",
        "{promised:.0}政府的承诺不包括这一处。",
        "{kept:.0}您交的材料由我们保管，暂时不送受理。",
        "请先联系所在街道、乡镇了解恢复要求；恢复以后打电话告诉我们，我们登记并转核验单位。",
    ),
    _script(
        "B2 accepted", "accepted", lambda call: call.has(ReasonKind.FAULT), [C.ACCEPTED, C.AT_FAULT],
        _SINCE["accepted"][1],
        "登簿以前，登记的{fault}需要先恢复原状，经核验以后接着登簿。请按所在街道、乡镇的通知办理。",
    ),
    # B3: a seizure, a dispute
    _script(
        "B3 grave, held", BEFORE, _held_grave,
        [C.GRAVE, C.HELD, C.NOT_READY], _HELD_WHY, _HELD_REVIEW,
    ),
    _script(
        "B3 grave, held, kept", KEPT, _held_grave,
        [C.GRAVE, C.HELD, C.NOT_READY, C.HANDED_IN], _KEPT, _HELD_WHY, _HELD_REVIEW,
    ),
    _script(
        "B3 grave", BEFORE, _grave, [C.GRAVE, C.NOT_READY, C.OWN_MATTER],
        "{home}目前还不能受理，原因是{matter}。{do}。",
    ),
    _script(
        "B3 grave, kept", KEPT, _grave, [C.GRAVE, C.NOT_READY, C.OWN_MATTER, C.HANDED_IN],
        _KEPT, "{home}目前还不能受理，原因是{matter}。{do}。",
    ),
    # B5: an organ stopped acceptance
    _script(
        "B5", BEFORE, lambda call: call.has(ReasonKind.PAUSED), [C.PAUSED, C.NOT_READY],
        ("{pauser}自{paused_from}起暂停受理您所在范围的申请。", "您所在范围的申请目前暂停受理。"),
        "暂停到{paused_to}。", "{paused_openly:.0}恢复的时间还没有确定。", "恢复后我们通知您。",
    ),
    _script(
        "B5 kept", KEPT, lambda call: call.has(ReasonKind.PAUSED), [C.PAUSED, C.NOT_READY, C.HANDED_IN],
        _KEPT,
        ("{kept:.0}{pauser}自{paused_from}起暂停受理，恢复后我们送件；", "{kept:.0}目前暂停受理，恢复后我们送件；",
         "目前暂停受理，恢复后由登记机构接着受理；"),
        "到时如果材料过了有效期，会请您补。",
    ),
    # B3: held for another reason
    _script(
        "B3", BEFORE, lambda call: call.stands(Standing.HELD), [C.HELD, C.NOT_READY], _HELD_WHY, _HELD_REVIEW,
    ),
    _script(
        "B3 kept", KEPT, lambda call: call.stands(Standing.HELD), [C.HELD, C.NOT_READY, C.HANDED_IN],
        _KEPT, _HELD_WHY, _HELD_REVIEW,
    ),
    # B7: the registry asked for papers; what it asks stands in its own paper
    *_late(
        "B7", lambda call: call.stands(Standing.HELD) and call.hold == "correction", [C.HELD, C.CORRECTING],
        ("登记机构已于{held_on}要求补正，请按补正告知书补交材料；", "登记机构要求补正，请按补正告知书补交材料；"),
        "告知书由登记机构出具，我们可以代收后转交；补正期限以告知书为准。",
    ),
    *_late(
        "B3", lambda call: call.stands(Standing.HELD), [C.HELD],
        ("因{hold}，后面的手续暂未往下办。{hold_do}。", "目前登记为暂缓，后面的手续暂未往下办。"), _HELD_REVIEW,
    ),
    # B1: a blocker of the building
    _script(
        "B1", BEFORE, _building_shut, [C.BUILDING_SHUT, C.NOT_READY],
        ("{innocent:.0}{home}现在还不能受理，不是您的原因，是楼栋的“{gate}”没有办结，原因是{public}。",
         "{innocent:.0}{home}现在还不能受理，不是您的原因，是楼栋的“{gate}”没有办结。",
         "{home}现在还不能受理，楼栋的“{gate}”没有办结。"),
        ("目前由{holder}负责办理，还没有确定的时间。", "目前没有确定的时间。"), _CALL_BACK,
    ),
    _script(
        "B1 kept", KEPT, _building_shut, [C.BUILDING_SHUT, C.NOT_READY, C.HANDED_IN],
        _KEPT,
        ("{innocent:.0}现在送不了受理，不是您的原因，是楼栋的“{gate}”没有办结（{public}）。",
         "{innocent:.0}现在送不了受理，不是您的原因，是楼栋的“{gate}”没有办结。",
         "现在送不了受理，楼栋的“{gate}”没有办结。"),
        "目前由{holder}负责。", _LACKS, ("{kept:.0}解决后我们送件，需要您补什么再通知您。", "需要您补什么再通知您。"),
    ),
    # B6: a matter of the home itself
    _script(
        "B6", BEFORE, lambda call: bool(call.own_matters), [C.OWN_MATTER, C.NOT_READY],
        ("{complete:.0}楼栋的手续已经办结。", "楼栋的手续还有“{gate}”没有办结。"),
        _OWN,
    ),
    _script(
        "B6 kept", KEPT, lambda call: bool(call.own_matters), [C.OWN_MATTER, C.NOT_READY, C.HANDED_IN],
        ("{kept:.0}您的材料已收下，{home}还有{things}：{matter}。{do}；办好以后我们送受理。",
         "{kept:.0}您的材料已收下，{home}还有{things}：{matter}；办好以后我们送受理。",
         "您的材料已于{handed_on}送登记机构，{home}还有{things}：{matter}。{do}。",
         "您的材料已于{handed_on}送登记机构，{home}还有{things}：{matter}。"), _LACKS,
    ),
    _script(
        "B6 accepted", "accepted", lambda call: bool(call.own_matters), [C.ACCEPTED, C.OWN_MATTER],
        _SINCE["accepted"][1], ("登簿以前还要办：{matter}。{do}。", "登簿以前还要办：{matter}。"),
    ),
    # A1′—A3′: gates of the building that are not made yet
    _script(
        "A1'", "waiting", lambda call: call.has(ReasonKind.MISSING), [C.BUILDING_SHUT, C.NOT_READY, C.NOT_HANDED_IN],
        ("{clean:.0}{home}这一户没有问题，只是楼栋还有{gates}没有办结，由{organ}办理，目前没有确定的时间。",
         "楼栋还有{gates}没有办结，由{organ}办理，目前没有确定的时间。"),
        "办结后我们通知您；材料可以先准备，不急着交。",
    ),
    _script(
        "A2'", "notified", lambda call: call.has(ReasonKind.MISSING), [C.BUILDING_SHUT, C.NOT_READY, C.NOT_HANDED_IN],
        ("我们已于{on}请您先准备材料。", "我们已请您先准备材料。"),
        "目前{gates}还没有办结，由{organ}办理；办结以前不能受理，办结后我们通知您。",
    ),
    _script(
        "A3'", KEPT, lambda call: call.has(ReasonKind.MISSING), [C.BUILDING_SHUT, C.NOT_READY, C.HANDED_IN],
        ("您的材料已于{on}收下。", "您的材料已收下。"),
        "楼栋的{gates}还没有办结，由{organ}办理，办结以前送不了受理；", _LACKS,
        ("{kept:.0}材料在我们这里保管，有变化会通知您。", "有变化会通知您。"),
    ),
    # A1—A6: nothing in the way
    _script(
        "A1", "waiting", lambda call: call.has(ReasonKind.READY), [C.READY, C.NOT_HANDED_IN],
        "您好，{home}所在楼栋的手续已经办结，可以申请办证了，您的材料还没有交。",
        ("请准备{papers}，到{point}提交；拿不准的，现在我可以把材料清单念给您。",
         "请按材料清单准备，到{point}提交；拿不准的，现在我可以把材料清单念给您。"), _LATER,
    ),
    _script(
        "A2", "notified", lambda call: call.has(ReasonKind.READY), [C.READY, C.NOT_HANDED_IN],
        ("通知书已于{on}出具，您的材料还没有交。", "通知书已经出具，您的材料还没有交。"),
        ("请按通知书带齐材料，在{from}至{to}到{place}办理；错过时间也可以来，先打{phone}改约。",
         "请按通知书带齐材料到{point}办理；错过时间也可以来，先打电话改约。"),
        "通知书找不到了，带身份证来也可以。", _LATER,
    ),
    # the registration centre has the papers, or gave them back
    _script(
        "A3 returned", KEPT, lambda call: call.has(ReasonKind.READY) and call.papers.returned_on is not None,
        [C.READY, C.HANDED_IN, C.CORRECTING],
        "登记机构已于{returned_on}退回您的材料，还需补：{lacks}。", "请补齐后交到{point}，由我们重新送件；",
        "登记机构出具告知书的，补正期限以告知书为准。",
        _LATER,
    ),
    _script(
        "A3 sent", KEPT, lambda call: call.has(ReasonKind.READY) and call.papers.are_there, [C.READY, C.SENT],
        "您的材料已于{handed_on}送登记机构，等候受理；受理或者需要补正时，我们按您留的电话告诉您。",
        "{tax_due:.0}您的契税还没有办结，请到税务窗口办理。",
        "{fund_due:.0}住宅专项维修资金还没有交存，请先交存。", _LATER,
    ),
    _script(
        "A3", KEPT, lambda call: call.has(ReasonKind.READY), [C.READY, C.HANDED_IN],
        ("您的材料已于{on}收下，不用再交一遍。", "您的材料已收下，不用再交一遍。"),
        "下一步由服务点送登记机构受理，送件以后我们按您留的电话告诉您。",
        "{tax_due:.0}您的契税还没有办结，请到税务窗口办理。",
        "{fund_due:.0}住宅专项维修资金还没有交存，请先交存。", _LATER,
    ),
    _script(
        "A4'", "accepted", lambda call: call.has(ReasonKind.READY) and bool(call.unpaid), [C.ACCEPTED, C.UNPAID],
        _SINCE["accepted"][1], "登簿以前还差{due}，请到相应窗口办理；办好以后接着登簿。",
    ),
    _script(
        "A4", "accepted", lambda call: call.has(ReasonKind.READY), [C.ACCEPTED, C.SETTLED],
        ("您的申请已于{on}由登记机构受理，正在审核登簿，目前不需要您再办什么；需要补正时会通知您。",
         "您的申请已由登记机构受理，正在审核登簿，目前不需要您再办什么；需要补正时会通知您。"),
    ),
    _script(
        "A5", "recorded", _always, [C.RECORDED],
        ("您的房屋已于{on}登记完毕，正在制作证书。", "您的房屋已登记完毕，正在制作证书。"), "证书制作完成后通知您领取。",
    ),
    _script(
        "A6", "printed", _always, [C.PRINTED, C.FETCHABLE],
        "证书已经制作完成，还没有领取。",
        ("请权利人本人带身份证，在{from}至{to}的工作日到{place}领取；",
         "请权利人本人带身份证，在工作日到{point}领取；"),
        "委托他人的，带双方身份证和授权委托书。领取时请核对姓名、坐落、面积。",
        "改约请打{phone}。",
    ),
    _script("A0", f"{ANY_EARLY} {LATE}", _always, [], "{home}的情况需要核对，核对以后按您留的电话答复您。"),
)  # fmt: skip


# C: how every call ends. The first only to a caller whose identity is checked, the last only to one who is not content.
CLOSING: Final[tuple[tuple[str, Part], ...]] = (
    ("核对电话", "您登记的联系电话还是尾号{tail}吗？"),
    ("还有问题", ("还有别的问题，可打{desk_phone}，{desk_hours}。", "还有别的问题，可打{desk_phone}。")),
    (
        "不满意的",
        ("您的情况我已经记下，转{in_charge}，{callback}个工作日内给您回电。", "您的情况我已经记下，转{in_charge}。"),
    ),
)


def closing_words(call: Call) -> tuple[tuple[str, str], ...]:
    """Return how the call ends: when each sentence is said, and the sentence; what is not known is not said."""
    fields = fields_of(call)
    lines = ((when, _said(part, fields)) for when, part in CLOSING)
    return tuple((when, text) for when, text in lines if text)
