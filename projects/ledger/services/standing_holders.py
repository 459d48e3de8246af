"""What a file does not say of a holder is not said: a blank or masked cell is read beside the holders that stand.

张三 without a number is the 张三 who stands, number and all; 张*三 is he if nothing shown of him differs. Whatever is
masked and fits nobody who stands is refused: a mask is never a name.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from projects.ledger.models import Project, UnitHolder
from projects.ledger.services.holders import NOTE, HolderKey, StatedHolder, holder_key
from registry.kernel.cell_words import CLEARED
from registry.kernel.masks import fits_mask, is_masked
from registry.store.crypto import decrypt


@dataclass(frozen=True)
class Standing:
    """A holder of a home as the ledger has it: indexes to compare by, the rest sealed until it is needed."""

    key: HolderKey
    kind: str
    share: str
    sealed: tuple[bytes | None, bytes | None, bytes | None, bytes | None]

    @property
    def name(self) -> str:
        """The name, in clear."""
        return self._clear(0, "holder.name")

    @property
    def identity(self) -> str:
        """The number, in clear; "" if none is known."""
        return self._clear(1, "holder.identity")

    @property
    def phone(self) -> str:
        """The telephone, in clear; "" if none is known."""
        return self._clear(2, "holder.phone")

    @property
    def note(self) -> str:
        """What is noted beside the name, in clear; "" if nothing is."""
        return self._clear(3, NOTE)

    def _clear(self, at: int, purpose: str) -> str:
        sealed = self.sealed[at]
        return decrypt(sealed, purpose) if sealed else ""

    def is_shown_by(self, holder: StatedHolder) -> bool:
        """Tell whether a stated holder, masked or with blanks, may be this one."""
        if not is_masked(holder.name) and holder_key(holder)[0] != self.key[0]:
            return False
        pairs = ((holder.name, "name"), (holder.identity, "identity"), (holder.phone, "phone"))
        if not all(fits_mask(said, getattr(self, what)) for said, what in pairs if is_masked(said)):
            return False
        is_said = holder.identity not in ("", CLEARED) and not is_masked(holder.identity)
        return not is_said or holder.identity == self.identity


class StandingHolders:
    """The holders that stand in the homes of a project; one query, made when the first of them is asked for."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._by_unit: Mapping[int, list[Standing]] | None = None

    def of(self, unit_id: int) -> Sequence[Standing]:
        """Return the holders of a home, in order."""
        if self._by_unit is None:
            by_unit: dict[int, list[Standing]] = defaultdict(list)
            rows = UnitHolder.objects.filter(unit__building__project=self._project, ended_act_id__isnull=True)
            names = ("name_index", "identity_index", "identity_kind", "name", "identity", "phone")
            for key, share, note, name, identity, kind, *sealed in rows.order_by("unit_id", "position").values_list(
                "unit_id", "share", "note", *(f"holder__{each}" for each in names)
            ):
                indexes = bytes(name), None if identity is None else bytes(identity)
                clear = [None if each is None else bytes(each) for each in (*sealed, note)]
                by_unit[key].append(Standing(indexes, kind, share, (clear[0], clear[1], clear[2], clear[3])))
            self._by_unit = by_unit
        return self._by_unit.get(unit_id, ())

    def meant(self, holders: Sequence[StatedHolder], unit_id: int) -> list[Standing | None] | None:
        """Return who of those that stand is meant by each stated holder; None if a mask fits nobody or several."""
        standing = list(self.of(unit_id))
        is_whole = len(standing) == len(holders)
        if is_whole and all(stands.is_shown_by(holder) for stands, holder in zip(standing, holders, strict=True)):
            return list(standing)
        meant: list[Standing | None] = []
        for holder in holders:
            fitting = [stands for stands in standing if stands.is_shown_by(holder) and stands not in meant]
            has_mask = any(is_masked(text) for text in (holder.name, holder.identity, holder.phone))
            if has_mask and (len(fitting) != 1 or not is_whole):
                return None
            meant.append(fitting[0] if len(fitting) == 1 else None)
        return [stands or self._namesake(holders, at, standing, meant) for at, stands in enumerate(meant)]

    @staticmethod
    def _namesake(
        holders: Sequence[StatedHolder], at: int, standing: Sequence[Standing], meant: Sequence[Standing | None]
    ) -> Standing | None:
        """Return the one of that name who stands, if there is but one and one is stated: his number is said anew."""
        name = holder_key(holders[at])[0]
        same = [stands for stands in standing if stands.key[0] == name]
        is_one = len(same) == 1 and sum(holder_key(holder)[0] == name for holder in holders) == 1
        return same[0] if is_one and same[0] not in meant else None


def is_shown_in_part(holders: Sequence[StatedHolder]) -> bool:
    """Tell whether anything of stated holders is masked."""
    return any(is_masked(text) for holder in holders for text in (holder.name, holder.identity, holder.phone))
