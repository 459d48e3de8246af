"""Revealing personal data: the record is written first, with the reason; then the clear text is shown once."""

from dataclasses import dataclass
from typing import Final

from projects import ports
from projects.ledger.models import Holder
from projects.ledger.selectors.reveals import alarms_of, revealed_by, source_of
from registry.accounts.models import Person
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.days import FactDay
from registry.kernel.errors import DomainError
from registry.kernel.reasons import ASKED, is_substantial
from registry.store.acts import current_act, within_act, write
from registry.store.crypto import decrypt
from registry.store.locks import lock_where
from registry.store.second import SecondPerson

ALARM: Final = 50  # reveals of a person on a day, off the counter
STOP: Final = 200


class RevealRefused(DomainError):
    """Clear text that may not be shown so."""


@dataclass(frozen=True)
class Revealed:
    """The clear data of one holder. Shown once, stored nowhere."""

    name: str
    identity: str
    phone: str


@write(Permission.IDENTITY_REVEAL, on="holder")
def reveal_holder(*, actor: Actor, holder: Holder, reason: str) -> Revealed:
    """Show a holder's clear data to someone who says why. Auditors and administrators never get it.

    Refused: a reason that says nothing, more in a day than a person may; the security administrator hears of many.
    """
    if not is_substantial(reason):
        raise RevealRefused(f"请写明查看完整信息的事由，{ASKED}，如：窗口核对身份证。", field="reason")
    count_one_more(actor)
    record(
        event="person.revealed",
        subject=holder,
        chain=holder.project_id,
        facts={"what": "姓名、证件号码、电话"},
        reason=reason,
    )
    return Revealed(
        decrypt(holder.name, "holder.name"),
        decrypt(holder.identity, "holder.identity") if holder.identity else "",
        decrypt(holder.phone, "holder.phone") if holder.phone else "",
    )


@within_act
def count_one_more(actor: Actor) -> None:
    """Hold a person to the limits of a day; what the counter's bookings and scans account for comes on top.

    The person is locked first, so that two reveals at a time are counted one after the other.
    """
    if actor.person_id is None:
        return
    lock_where(Person, pk=actor.person_id)
    today = current_act().today
    more = ports.counter_reveals(person_id=actor.person_id, on=today)
    number = revealed_by(actor.person_id, today) + 1
    if number > STOP + more:
        raise RevealRefused(
            f"今日查看完整信息已达{STOP + more}次上限，不能再查看。已报安全管理员；确有需要的，请由本单位其他人员办理。",
            code="reveal_limit",
        )
    for limit, words in ((ALARM, "请核查是否正常办理"), (STOP, "已达上限，今日不能再查看")):
        if number >= limit + more and not alarms_of(actor.person_id, today, limit).exists():
            inbox.deliver(
                source=source_of(actor.person_id, today, limit),
                verb="核查",
                title=f"{actor.organisation_name} {actor.name}{today}查看完整个人信息{number}次，{words}",
                link=f"/projects/reveals/{actor.person_id}/{today}/",
                role=Role.SECURITY_ADMIN,
                not_for=actor.person_id,
                from_label="系统（规则：查看次数）",
            )


@write(
    Permission.AUDIT_VERIFY,
    second_person=SecondPerson("查看和核查", ("person_id",), same="本人的查看不能自行核查。请由另一名安全管理员核查。"),
)
def check_reveals(*, actor: Actor, person_id: int, day: FactDay, reason: str) -> int:
    """Say what looking into many reveals of a person found; what lay on the desk because of them is done.

    Refused: nothing waits, one's own, a finding that says nothing.
    """
    if not is_substantial(reason):
        raise RevealRefused(f"请写明核查情况，{ASKED}。", field="reason")
    waiting = alarms_of(person_id, day).filter(done_at__isnull=True)
    if not waiting.exists():
        raise RevealRefused("没有待核查的查看。", code="nothing_waits")
    count = revealed_by(person_id, day)
    for limit in (ALARM, STOP):
        inbox.settle(source_of(person_id, day, limit))
    name = Person.objects.get(pk=person_id).name
    record(event="reveals.checked", facts={"name": name, "day": day, "count": count}, reason=reason)
    return count
