"""What needs a second person: extending a promise, revoking an instrument, a district's setting."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final

from commitments.choices import WaiverKind
from commitments.models import CreditWaiver, ExposureCap, Instrument, LadderRule, LapseRule, Obligation
from commitments.preview import ending_of
from commitments.selectors.exposure import caps_in_force
from commitments.selectors.instruments import settings_in_force
from commitments.selectors.senders import ladder_shown, sender_words
from commitments.services import (
    decide_ladder_rule,
    decide_lapse_rule,
    extend_obligation,
    grant_waiver,
    revoke_instrument,
    set_exposure_cap,
)
from commitments.services.common import EXTEND, REVOKE, WAIVER, require_issuer
from registry.accounts.models import Approval, Organisation
from registry.accounts.selectors.settings import place_name
from registry.accounts.services.approvals import ApprovalKind, first_of
from registry.accounts.services.seen import check_mark
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.ladder import Rung
from registry.store.acts import current_act

SETTING: Final = "letter.setting"
CAP: Final = "exposure.cap"
LADDER: Final = "letter.ladder"


def _promise(approval: Approval) -> Obligation:
    found = Obligation.objects.select_related("letter__instrument__project", "letter__instrument__issuer", "verifier")
    promise: Obligation = found.get(pk=approval.payload["obligation"])
    return promise


def _carry_out_extension(*, actor: Actor, approval: Approval) -> Obligation:
    extended: Obligation = extend_obligation.within(
        actor=actor,
        obligation=_promise(approval),
        new_due_on=date.fromisoformat(approval.payload["new_due_on"]),
        reason=approval.reason,
        on=current_act().today,
        first=first_of(approval),
    )
    return extended


def _extension_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    promise = _promise(approval)
    instrument = promise.letter.instrument
    return (
        ("项目", instrument.project.name),
        ("承诺函", f"{instrument}，{instrument.issuer}"),
        ("承诺事项", f"第{promise.ordinal}项：{promise.end_state}"),
        ("原定期限", str(promise.original_due_on)),
        ("现在的期限", str(promise.due_on)),
        ("延期到", approval.payload["new_due_on"]),
    )


def _instrument(approval: Approval) -> Instrument:
    found: Instrument = Instrument.objects.select_related("project", "issuer").get(pk=approval.payload["instrument"])
    return found


def _carry_out_revocation(*, actor: Actor, approval: Approval) -> Instrument:
    revoked: Instrument = revoke_instrument.within(
        actor=actor,
        instrument=_instrument(approval),
        on=date.fromisoformat(approval.payload["on"]),
        reason=approval.reason,
        first=first_of(approval),
    )
    return revoked


def _revocation_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    instrument = _instrument(approval)
    on = date.fromisoformat(approval.payload["on"])
    return (
        ("项目", instrument.project.name),
        ("文件", f"{instrument}，{instrument.issuer}"),
        ("撤销自", str(on)),
        *ending_of(instrument, on=on).lines(),
    )


def _extension_state(approval: Approval) -> Sequence[tuple[str, str]]:
    promise = _promise(approval)
    return (
        ("承诺事项", f"第{promise.ordinal}项：{promise.end_state}，{promise.get_state_display()}"),
        ("期限", str(promise.due_on)),
        ("承诺函", _instrument_words(promise.letter.instrument)),
    )


def _instrument_words(instrument: Instrument) -> str:
    return f"{instrument}，{instrument.get_state_display()}"


def _instrument_state(approval: Approval) -> Sequence[tuple[str, str]]:
    """The paper as it stands: its state, its clauses, its promises, its waivers."""
    instrument = _instrument(approval)
    clauses = instrument.clauses.order_by("ordinal").values_list("ordinal", "blocker_id", "scope_in", "scope_out")
    promises = Obligation.objects.filter(letter__instrument=instrument).order_by("ordinal")
    waivers = instrument.waivers.order_by("pk").values_list("kind", "leader")
    return (
        ("文件", f"{instrument.title}，{instrument.issuer}"),
        ("状态", _instrument_words(instrument)),
        ("生效", str(instrument.effective_on or "没有生效")),
        ("条款", f"{len(clauses)}条（核对码{check_mark([list(row) for row in clauses])}）"),
        *((f"第{one.ordinal}项", f"{one.end_state}，{one.get_state_display()}，期限{one.due_on}") for one in promises),
        *(("特别批准", f"{WaiverKind(kind).label}，{leader}") for kind, leader in waivers),
    )


def _laid_down(found: Iterable[Any], *fields: str) -> str:
    """The setting laid down last, as stored."""
    rule = next(iter(found), None)
    return (
        "没有" if rule is None else f"自{rule.effective_on}（核对码{check_mark([getattr(rule, f) for f in fields])}）"
    )


def _setting_state(approval: Approval) -> Sequence[tuple[str, str]]:
    rules = LapseRule.objects.filter(district_code=approval.payload["district_code"]).order_by("-pk")[:1]
    return (("现行设置", _laid_down(rules, "pk", "grace_days", "pauses", "countersigns")),)


def _ladder_state(approval: Approval) -> Sequence[tuple[str, str]]:
    rules = LadderRule.objects.filter(district_code=approval.payload["district_code"]).order_by("-pk")[:1]
    return (("现行设置", _laid_down(rules, "pk", "offsets", "senders")),)


def _cap_state(approval: Approval) -> Sequence[tuple[str, str]]:
    signer = Organisation.objects.get(pk=approval.payload["organisation"])
    caps = ExposureCap.objects.filter(organisation=signer).order_by("-pk")[:1]
    return (("承诺单位", str(signer)), ("现行上限", _laid_down(caps, "pk", "homes")))


def _setting_now(approval: Approval) -> dict[str, Any]:
    """The setting in force, as its page shows it."""
    rows = settings_in_force(current_act().today)
    row = next(row for row in rows if row.code == approval.payload["district_code"])
    return {name: getattr(row, name) for name in ("grace_days", "pauses", "countersigns")}


def _ladder_now(approval: Approval) -> dict[str, Any]:
    return ladder_shown(approval.payload["district_code"], current_act().today)


def _cap_now(approval: Approval) -> dict[str, Any]:
    return {"homes": caps_in_force(current_act().today).get(approval.payload["organisation"])}


def _only_its_own(instrument: Instrument, what: str) -> dict[str, Any]:
    """Refuse a proposal about another unit's letter, but by the task force. What the page showed is not compared."""
    actor = current_act().actor
    if actor.role not in (Role.CITY, Role.DISTRICT):
        require_issuer(actor, instrument, what)
    return {}


def _of(*names: str) -> Callable[[Approval], object]:
    return lambda approval: [approval.payload[name] for name in names]


def _carry_out_setting(*, actor: Actor, approval: Approval) -> LapseRule:
    words = approval.payload
    rule: LapseRule = decide_lapse_rule.within(
        actor=actor,
        district_code=words["district_code"],
        grace_days=words["grace_days"],
        pauses=words["pauses"],
        countersigns=words["countersigns"],
        effective_on=date.fromisoformat(words["effective_on"]),
        reason=approval.reason,
        first=first_of(approval),
    )
    return rule


def _setting_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    words = approval.payload
    return (
        ("区", place_name(words["district_code"])),
        ("自", words["effective_on"]),
        ("逾期宽限", f"{words['grace_days']}日（自然日）"),
        ("失效后", "暂停尚未受理的户" if words["pauses"] else "仅逐级督促，不暂停受理"),
        ("承诺函", "须先会签" if words["countersigns"] else "可以不经会签"),
    )


def _carry_out_ladder(*, actor: Actor, approval: Approval) -> LadderRule:
    words = approval.payload
    rule: LadderRule = decide_ladder_rule.within(
        actor=actor,
        district_code=words["district_code"],
        offsets=words["offsets"],
        senders=words["senders"],
        effective_on=date.fromisoformat(words["effective_on"]),
        reason=approval.reason,
        first=first_of(approval),
    )
    return rule


def _ladder_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    words = approval.payload
    rungs = [
        (
            rung.label,
            f"期限{words['offsets'][rung.value]:+d}个工作日，{sender_words(words['senders'].get(rung.value), rung)}发",
        )
        for rung in Rung
    ]
    return (("区", place_name(words["district_code"])), ("自", words["effective_on"]), *rungs)


def _carry_out_cap(*, actor: Actor, approval: Approval) -> ExposureCap:
    words = approval.payload
    cap: ExposureCap = set_exposure_cap.within(
        actor=actor,
        organisation=Organisation.objects.get(pk=words["organisation"]),
        homes=words["homes"],
        effective_on=date.fromisoformat(words["effective_on"]),
        reason=approval.reason,
        first=first_of(approval),
    )
    return cap


def _cap_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    words = approval.payload
    signer = Organisation.objects.get(pk=words["organisation"])
    return (
        ("承诺单位", str(signer)),
        ("上限", f"{words['homes']}套" if words["homes"] else "不设上限"),
        ("自", words["effective_on"]),
    )


def _carry_out_waiver(*, actor: Actor, approval: Approval) -> CreditWaiver:
    waiver: CreditWaiver = grant_waiver.within(
        actor=actor,
        instrument=_instrument(approval),
        kind=WaiverKind(approval.payload["kind"]),
        leader=approval.payload["leader"],
        reason=approval.reason,
        first=first_of(approval),
    )
    return waiver


def _waiver_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    instrument = _instrument(approval)
    return (
        ("项目", instrument.project.name),
        ("承诺函", f"{instrument.title}，{instrument.issuer}"),
        ("特别批准事项", WaiverKind(approval.payload["kind"]).label),
        ("同意的市级领导", approval.payload["leader"]),
    )


KINDS: Final = (
    ApprovalKind(
        kind=LADDER,
        label="变更逐级督促设置",
        permission=Permission.PARAMETER_APPROVE,
        propose=Permission.PARAMETER_READ,
        carry_out=_carry_out_ladder,
        lines=_ladder_lines,
        rests_on=_ladder_state,
        about=_of("district_code"),
        stands=_ladder_now,
        deciders=(Role.CITY,),
    ),
    ApprovalKind(
        kind=EXTEND,
        label="承诺事项延期",
        permission=Permission.INSTRUMENT_APPROVE,
        propose=Permission.INSTRUMENT_DRAFT,
        carry_out=_carry_out_extension,
        subject=_promise,
        lines=_extension_lines,
        rests_on=_extension_state,
        about=_of("obligation"),
        stands=lambda approval: _only_its_own(_promise(approval).letter.instrument, "提请延期"),
    ),
    ApprovalKind(
        kind=REVOKE,
        label="撤销承诺或决定",
        permission=Permission.INSTRUMENT_REVOKE,
        propose=Permission.INSTRUMENT_REVOKE,
        carry_out=_carry_out_revocation,
        subject=_instrument,
        lines=_revocation_lines,
        rests_on=_instrument_state,
        about=_of("instrument"),
    ),
    ApprovalKind(
        kind=SETTING,
        label="变更承诺函设置",
        permission=Permission.PARAMETER_APPROVE,
        propose=Permission.INSTRUMENT_REVOKE,
        carry_out=_carry_out_setting,
        lines=_setting_lines,
        rests_on=_setting_state,
        about=_of("district_code"),
        stands=_setting_now,
        deciders=(Role.CITY,),
    ),
    ApprovalKind(
        kind=CAP,
        label="设定凭未兑现承诺发证上限",
        permission=Permission.PARAMETER_APPROVE,
        propose=Permission.INSTRUMENT_REVOKE,
        carry_out=_carry_out_cap,
        lines=_cap_lines,
        rests_on=_cap_state,
        about=_of("organisation"),
        stands=_cap_now,
        deciders=(Role.CITY,),
    ),
    ApprovalKind(
        kind=WAIVER,
        label="承诺函特别批准签署",
        permission=Permission.INSTRUMENT_APPROVE,
        propose=Permission.INSTRUMENT_DRAFT,
        carry_out=_carry_out_waiver,
        subject=_instrument,
        lines=_waiver_lines,
        rests_on=_instrument_state,
        about=_of("instrument", "kind"),
        stands=lambda approval: _only_its_own(_instrument(approval), "提请特别批准"),
        deciders=(Role.CITY,),
    ),
)
