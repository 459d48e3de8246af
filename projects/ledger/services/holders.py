"""Holders: sealed on the way in, matched by their blind indexes, masked on the way out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from projects.ledger.models import Agreement, AgreementUnit, Holder, Project, Unit, UnitHolder
from projects.ledger.pinyin import person_initials
from registry.kernel.cell_words import CLEARED
from registry.kernel.masking import mask_identity, mask_name, mask_phone
from registry.kernel.people import mask_people
from registry.store.acts import Row, current_act, within_act
from registry.store.bulk import insert_rows, reserve_keys, update_rows
from registry.store.crypto import blind_index, decrypt, encrypt, encrypt_all

HOLDER_FIELDS = (
    "id", "project_id", "name", "name_masked", "name_index", "initials_index", "identity_kind", "identity",
    "identity_masked", "identity_index", "phone", "phone_masked", "phone_index", "phone_tail_index", "act_id",
)  # fmt: skip

HOLDING_FIELDS = (
    "unit_id", "holder_id", "role", "share", "note", "note_masked", "position", "ended_act_id", "act_id",
)  # fmt: skip
NOTE: Final = "unitholder.note"
Said = tuple[str, bytes | None, str]  # share, note sealed, note masked

HolderKey = tuple[bytes, bytes | None]


class StatedHolder(Protocol):
    """A holder as a file or form states it."""

    @property
    def name(self) -> str: ...
    @property
    def identity_kind(self) -> str: ...
    @property
    def identity(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def share(self) -> str: ...
    @property
    def note(self) -> str: ...


@dataclass(frozen=True)
class HolderWrite:
    """The holders that a unit is to have from now on; none of them ends those that stand only if it says so.

    `is_shown`: their masked names are on the unit already, as one that was written just now has them.
    """

    unit_id: int
    holders: Sequence[StatedHolder]
    is_cleared: bool = False
    is_shown: bool = False


def holder_key(holder: StatedHolder) -> HolderKey:
    """Return what makes a holder the same within a project: name and, if known, number."""
    return blind_index("name", holder.name), blind_index("identity", holder.identity) if holder.identity else None


def holder_keys(holders: Iterable[StatedHolder]) -> frozenset[HolderKey]:
    """Return the keys of a unit's stated holders."""
    return frozenset(holder_key(holder) for holder in holders)


def holders_by_unit(project: Project) -> dict[int, dict[HolderKey, tuple[str, str]]]:
    """Return the present holders of each unit of a project, each with the share and the masked note. One query."""
    held: dict[int, dict[HolderKey, tuple[str, str]]] = defaultdict(dict)
    rows = UnitHolder.objects.filter(unit__building__project=project, ended_act_id__isnull=True).values_list(
        "unit_id", "holder__name_index", "holder__identity_index", "share", "note_masked"
    )
    for unit_id, name, identity, *said in rows:
        held[unit_id][bytes(name), bytes(identity) if identity is not None else None] = (said[0], said[1])
    return dict(held)


@dataclass(frozen=True)
class KnownPhone:
    """The telephone of a holder as the ledger has it: sealed, and what may be compared and shown of it."""

    holder_id: int
    sealed: bytes | None
    index: bytes | None
    masked: str


def phones_of(project: Project) -> dict[HolderKey, KnownPhone]:
    """Return the telephones of a project's holders by what makes them the same. One query."""
    rows = Holder.objects.filter(project=project).values_list(
        "name_index", "identity_index", "id", "phone", "phone_index", "phone_masked"
    )
    return {
        (bytes(name), _bytes(identity)): KnownPhone(key, _bytes(sealed), _bytes(index), masked)
        for name, identity, key, sealed, index, masked in rows
    }


def _bytes(value: bytes | memoryview | None) -> bytes | None:
    return None if value is None else bytes(value)


def changed_phone(holder: StatedHolder, known: dict[HolderKey, KnownPhone]) -> KnownPhone | None:
    """Return the telephone that a stated one replaces; None if it is the same, not stated, or of a newcomer."""
    stands = known.get(holder_key(holder)) if holder.phone else None
    if holder.phone == CLEARED:
        return stands if stands is not None and stands.sealed is not None else None
    return stands if stands is not None and stands.index != blind_index("phone", holder.phone) else None


def write_phones(*, project: Project, holders: Iterable[StatedHolder]) -> list[Row]:
    """Replace the telephones of holders that the project knows; gives the changed rows, sealed."""
    known = phones_of(project)
    fresh: dict[int, tuple[KnownPhone, str]] = {}
    for holder in holders:
        stands = changed_phone(holder, known)
        if stands is not None:
            fresh.setdefault(stands.holder_id, (stands, "" if holder.phone == CLEARED else holder.phone))
    sealed = {key: encrypt(phone, "holder.phone") if phone else None for key, (_, phone) in fresh.items()}
    update_rows(
        Holder,
        ("phone", "phone_masked", "phone_index", "phone_tail_index"),
        ((sealed[key], mask_phone(phone) if phone else "", *_indexes(phone), key) for key, (_, phone) in fresh.items()),
    )
    return [
        Row.of("ledger_holder", key, before={"phone": stands.sealed}, after={"phone": sealed[key]})
        for key, (stands, _) in fresh.items()
    ]


def _indexes(phone: str) -> tuple[bytes | None, bytes | None]:
    return (blind_index("phone", phone), blind_index("phone_tail", phone[-4:])) if phone else (None, None)


def restore_phones(changed: Mapping[int, tuple[bytes | None, bytes | None]]) -> list[Row]:
    """Put former telephones back: by holder, the sealed one before and the one that replaced it.

    A telephone that was replaced again since is left; gives the changed rows, sealed.
    """
    rows: list[Row] = []
    values = []
    for holder in Holder.objects.filter(id__in=list(changed)):
        before, after = changed[holder.id]
        if _bytes(holder.phone) != after:
            continue
        phone = decrypt(before, "holder.phone") if before else ""
        values.append((before, mask_phone(phone) if phone else "", *_indexes(phone), holder.id))
        rows.append(Row.of("ledger_holder", holder.id, before={"phone": after}, after={"phone": before}))
    update_rows(Holder, ("phone", "phone_masked", "phone_index", "phone_tail_index"), values)
    return rows


@within_act
def write_holders(*, project: Project, units: Sequence[HolderWrite]) -> None:
    """Seal and link holders to units, end those replaced, and repeat masked names on the units."""
    wanted = [unit for unit in units if unit.holders or unit.is_cleared]
    if not wanted:
        return
    act = current_act()
    keyed = [[(holder_key(holder), holder) for holder in one.holders] for one in wanted]
    known = {
        (bytes(name), bytes(identity) if identity is not None else None): key
        for key, name, identity in Holder.objects.filter(project=project).values_list(
            "id", "name_index", "identity_index"
        )
    }
    known |= _insert_holders(project, keyed, known)
    stands = _end_present([one.unit_id for one in wanted])
    insert_rows(
        UnitHolder,
        HOLDING_FIELDS,
        (
            (one.unit_id, known[key], "signed", *_said(holder, stands.get((one.unit_id, known[key]))), position, None, act.id)
            for one, held in zip(wanted, keyed, strict=True)
            for position, (key, holder) in enumerate(dict(held).items())
        ),
    )  # fmt: skip
    update_rows(
        Unit,
        ("holders_masked",),
        ((masked_names(one.holders), one.unit_id) for one in wanted if not one.is_shown),
    )


def masked_names(holders: Iterable[StatedHolder]) -> str:
    """Return the names that a unit repeats of its holders."""
    return "、".join(mask_name(holder.name) for holder in holders)[:200]


def _end_present(unit_ids: Sequence[int]) -> dict[tuple[int, int], Said]:
    """End the present holdings of units; gives what was said of each, by unit and holder, to go on where none is."""
    said: dict[tuple[int, int], Said] = {}
    for start in range(0, len(unit_ids), 900):
        present = UnitHolder.objects.filter(unit_id__in=unit_ids[start : start + 900], ended_act_id__isnull=True)
        for unit, holder, share, note, masked in present.values_list(
            "unit_id", "holder_id", "share", "note", "note_masked"
        ):
            if share or masked:
                said[unit, holder] = (share, note, masked)
        present.update(ended_act_id=current_act().id)
    return said


def _said(holder: StatedHolder, stands: Said | None) -> Said:
    """Return share and note of a holding, sealed: as stated, else as they stood."""
    share, note, masked = stands or ("", None, "")
    if holder.note:
        note, masked = encrypt(holder.note, NOTE), mask_people(holder.note)[:80]
    return holder.share or share, note, masked


def _insert_holders(
    project: Project, wanted: Sequence[Sequence[tuple[HolderKey, StatedHolder]]], known: dict[HolderKey, int]
) -> dict[HolderKey, int]:
    fresh: dict[HolderKey, StatedHolder] = {}
    for held in wanted:
        for key, holder in held:
            if key not in known:
                fresh.setdefault(key, holder)
    if not fresh:
        return {}
    keys, act = reserve_keys(Holder, len(fresh)), current_act()
    names = encrypt_all([holder.name for holder in fresh.values()], "holder.name")
    numbers = _sealed([holder.identity for holder in fresh.values()], "holder.identity")
    phones = _sealed([holder.phone for holder in fresh.values()], "holder.phone")
    insert_rows(
        Holder,
        HOLDER_FIELDS,
        (
            (
                number, project.id, name, mask_name(holder.name), key[0],
                blind_index("initials", person_initials(holder.name)), holder.identity_kind, identity,
                mask_identity(holder.identity) if holder.identity else "", key[1], phone,
                mask_phone(holder.phone) if holder.phone else "", *_indexes(holder.phone), act.id,
            )
            for number, (key, holder), name, identity, phone in zip(
                keys, fresh.items(), names, numbers, phones, strict=True
            )
        ),
    )  # fmt: skip
    return dict(zip(fresh, keys, strict=True))


def _sealed(texts: Sequence[str], column: str) -> list[bytes | None]:
    sealed = iter(encrypt_all([text for text in texts if text], column))
    return [next(sealed) if text else None for text in texts]


@within_act
def link_agreements(*, project: Project, numbers: Sequence[tuple[int, str]], kind: str) -> None:
    """Link units to the agreements that bring them, making the agreements that are new."""
    act = current_act()
    known = dict(Agreement.objects.filter(project=project).values_list("number", "id"))
    fresh = sorted({number for _, number in numbers if number and number not in known})
    keys = reserve_keys(Agreement, len(fresh)) if fresh else []
    insert_rows(
        Agreement,
        ("id", "project_id", "number", "kind", "signed_on", "act_id"),
        ((key, project.id, number, kind, None, act.id) for key, number in zip(keys, fresh, strict=True)),
    )
    known |= dict(zip(fresh, keys, strict=True))
    linked = set(AgreementUnit.objects.filter(agreement__project=project).values_list("agreement_id", "unit_id"))
    insert_rows(
        AgreementUnit,
        ("agreement_id", "unit_id"),
        ((known[n], unit) for unit, n in numbers if n and (known[n], unit) not in linked),
    )
