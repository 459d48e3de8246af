"""Settings: proposed by one person with a day from which they hold, agreed to by another."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from registry.accounts.models import Approval, Setting
from registry.accounts.selectors.settings import place_name, setting_named, setting_on
from registry.accounts.services.approvals import ApprovalKind, first_of
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.settings import SettingRefused
from registry.store.acts import Row, current_act, write
from registry.store.second import FirstPerson, always

FOLLOWING: Final[dict[str, list[Callable[..., None]]]] = {}


def follow_settings(names: Iterable[str], follow: Callable[..., None]) -> None:
    """Name what is counted anew in the act that lays down one of some settings: `follow(name, area_code, since)`."""
    for name in names:
        known = FOLLOWING.setdefault(name, [])
        if follow not in known:
            known.append(follow)


@write(Permission.PARAMETER_APPROVE, second_person=always("改定设置"))
def decide_setting(
    *, actor: Actor, name: str, area_code: str, value: str, effective_on: date, reason: str, first: FirstPerson | None
) -> Setting:
    """Lay down what a setting is from a day on.

    Refused: no proposer, the same person twice, no reason, a day gone by, a value that the setting cannot have.
    """
    act, spec = current_act(), setting_named(name, area_code)
    stored = spec.parse(value)
    if not reason.strip():
        raise SettingRefused("未填写原因。请写明依据的文件或会议。", field="reason")
    if effective_on < act.today:
        raise SettingRefused(f"起始日期{effective_on}早于今日。请填写今日或以后的日期。", field="effective_on")
    setting: Setting = Setting.objects.create(
        name=name,
        area_code=area_code,
        value=stored,
        effective_on=effective_on,
        reason=reason.strip(),
        proposed_by_id=first.key if first else None,
        approved_by_id=actor.person_id,
        recorded_at=act.recorded_at,
        act_id=act.id,
    )

    record(
        event="setting.decided",
        subject=setting,
        facts={
            "label": spec.label,
            "place": place_name(area_code),
            "value": spec.say(spec.read(stored)),
            "on": effective_on,
        },
        reason=reason,
        rows=[Row.added(setting, "name", "area_code", "value", "effective_on")],
    )
    for follow in FOLLOWING.get(name, ()):
        follow(name=name, area_code=area_code, since=effective_on)
    return setting


def _carry_out(*, actor: Actor, approval: Approval) -> Setting:
    payload = approval.payload
    decided: Setting = decide_setting.within(
        actor=actor,
        name=payload["name"],
        area_code=payload["area_code"],
        value=payload["value"],
        effective_on=date.fromisoformat(payload["effective_on"]),
        reason=approval.reason,
        first=first_of(approval),
    )
    return decided


def _lines(approval: Approval) -> Sequence[tuple[str, str]]:
    """Return what the second person must read before agreeing. Two queries."""
    payload = approval.payload
    spec = setting_named(payload["name"], payload["area_code"])
    return (
        *_state(approval),
        ("改为", spec.say(spec.read(spec.parse(payload["value"])))),
        ("自", payload["effective_on"]),
    )


def _state(approval: Approval) -> Sequence[tuple[str, str]]:
    """Return what a proposal rests on: the last value laid down. Two queries."""
    name, area_code = approval.payload["name"], approval.payload["area_code"]
    spec = setting_named(name, area_code)
    last = Setting.objects.filter(name=name, area_code=area_code).order_by("-effective_on", "-id").first()
    stands = f"{spec.say(spec.read(last.value))}，自{last.effective_on}起" if last else "默认"
    return (("设置", spec.label), ("适用", place_name(area_code)), ("最近一次", stands))


def _stands(approval: Approval) -> Mapping[str, str]:
    name, area_code = approval.payload["name"], approval.payload["area_code"]
    return {"value": setting_named(name, area_code).text(setting_on(name, area_code, on=current_act().today))}


SETTING: Final = ApprovalKind(
    kind="setting",
    label="改定设置",
    permission=Permission.PARAMETER_APPROVE,
    propose=Permission.PARAMETER_PROPOSE,
    carry_out=_carry_out,
    lines=_lines,
    rests_on=_state,
    about=lambda approval: [approval.payload["name"], approval.payload["area_code"]],
    stands=_stands,
)
