"""Revealing personal data: the record is written first, with the reason; then the clear text is shown once."""

from dataclasses import dataclass

from projects.ledger.models import Holder
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.store.acts import write
from registry.store.crypto import decrypt


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
    """Show a holder's clear data to someone who says why. Auditors and administrators never get it."""
    if len(reason.strip()) < 2:
        raise RevealRefused("请写明查看原文的事由，如：窗口核对身份证。", field="reason")
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
