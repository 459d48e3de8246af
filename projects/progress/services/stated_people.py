"""What a list says of the people of a home, completed by those who stand: a blank or masked cell says nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from projects.ledger.services.holders import HolderKey, holder_key, holder_keys
from projects.ledger.services.standing_holders import Standing, StandingHolders, is_shown_in_part
from registry.kernel.cell_words import CLEARED
from registry.kernel.masks import is_masked


class PeopleFault(NamedTuple):
    """Why what a list says of people fits nobody who stands."""

    code: str
    said: str


MASKED: Final = PeopleFault(
    "NAME_MASKED",
    "姓名、证件号码或电话是掩码，与台账这一户的权利人不一致。请填证件上的内容，或整格留空表示不变。",
)
NOBODY_TO_CLEAR: Final = PeopleFault(
    "CLEAR_WHOM", "证件号码写的是清空，无法判断台账中该户的权利人。请按台账写全权利人。"
)


@dataclass(frozen=True)
class PlacedHolder:
    """A right holder as a file states it, in clear: it leaves this service sealed."""

    name: str
    identity_kind: str = "resident"
    identity: str = ""
    phone: str = ""
    share: str = ""
    note: str = ""


def as_they_stand(
    stated: tuple[PlacedHolder, ...], held: Collection[HolderKey] | None, unit_id: int, standing: StandingHolders
) -> tuple[PlacedHolder, ...] | PeopleFault:
    """Return stated holders with what is blank or masked as it stands, or why they fit nobody.

    `held` are the holders of the home by key; None of a home that is new.
    """
    is_in_part = is_shown_in_part(stated)
    if held is None:
        return MASKED if is_in_part else tuple(_of_a_newcomer(holder) for holder in stated)
    clears = any(holder.identity == CLEARED for holder in stated)
    if not (is_in_part or clears) and all(key in held for key in holder_keys(stated)):
        return stated
    meant = standing.meant(stated, unit_id)
    if meant is None:
        return MASKED
    pairs: Sequence[tuple[PlacedHolder, Standing | None]] = list(zip(stated, meant, strict=True))
    if any(holder.identity == CLEARED and stands is None for holder, stands in pairs):
        return NOBODY_TO_CLEAR
    return tuple(
        _of_a_newcomer(holder) if stands is None else _of_who_stands(holder, stands) for holder, stands in pairs
    )


def _of_a_newcomer(holder: PlacedHolder) -> PlacedHolder:
    """Return a holder whom the home does not have: there is nothing to clear."""
    if CLEARED not in (holder.identity, holder.phone):
        return holder
    identity, phone = ("" if text == CLEARED else text for text in (holder.identity, holder.phone))
    return replace(holder, identity=identity, phone=phone)


def _of_who_stands(holder: PlacedHolder, stands: Standing) -> PlacedHolder:
    """Return a stated holder with what is blank or masked as it stands; one whose number changes keeps the rest."""
    is_said = bool(holder.identity) and not is_masked(holder.identity)
    identity = stands.identity if not is_said else "" if holder.identity == CLEARED else holder.identity
    kind = holder.identity_kind if (is_said and identity) or not stands.identity else stands.kind
    known = replace(holder, name=stands.name, identity=identity, identity_kind=kind)
    phone = "" if is_masked(holder.phone) else holder.phone
    if holder_key(known) == stands.key:
        return replace(known, phone=phone)
    kept = "" if phone == CLEARED else phone or stands.phone
    return replace(known, phone=kept, share=holder.share or stands.share, note=holder.note or stands.note)
