"""The people of a row: names, papers and telephones of co-owners, written in the same order in three cells."""

import re
import unicodedata
from functools import lru_cache
from typing import Any, Final

from documents.intake.reading.cells import as_code, as_text, is_nothing
from documents.intake.reading.results import StatedHolder
from documents.intake.reading.row_draft import RowDraft
from documents.intake.reading.unit_columns import UNIT_COLUMNS
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import IdentityKind, check_identity, check_phone
from registry.kernel.names import rare_characters, split_people
from registry.lists.rows import split_list

SEVERAL: Final = {  # whole numbers of several people, parted by what also stands within a number
    "identity": re.compile(r"[0-9]{15}(?:[0-9]{2}[0-9Xx])?(?:[\s/]+[0-9]{15}(?:[0-9]{2}[0-9Xx])?)+"),
    "phone": re.compile(r"1[0-9]{10}(?:[\s/]+1[0-9]{10})+"),
}


def holders_of(work: RowDraft) -> tuple[StatedHolder, ...]:
    """Return the holders a row states; papers and telephones must match the names one to one."""
    names = _names(work)
    numbers = _parts(work, "identity")
    phones = _parts(work, "phone")
    kinds = _kinds(work)
    if not names:
        if (numbers or phones) and not work.has_error("holder"):
            work.refuse("holder", "REQUIRED", "没有填，却填了证件号码或联系电话。请补上姓名。")
        return ()
    if len(numbers) not in (0, len(names)):
        work.refuse("identity", "ID_FORMAT", _mismatch(len(numbers), len(names)))
        return ()
    if len(phones) not in (0, 1, len(names)):
        work.refuse("phone", "PHONE_FORMAT", _mismatch(len(phones), len(names)))
    if len(kinds) not in (1, len(names)):
        work.refuse("identity_kind", "ID_FORMAT", _mismatch(len(kinds), len(names)))
    checked = [_phone(work, phone) for phone in phones]
    holders = []
    for n, name in enumerate(names):
        kind = kinds[n if len(kinds) == len(names) else 0]
        number = _identity(work, kind, numbers[n]) if numbers else ""
        phone = checked[n] if len(checked) == len(names) else checked[0] if len(checked) == 1 else ""
        holders.append(StatedHolder(name, kind, number, phone))
    if len(names) > 1:
        work.warnings.add("CO_OWNERS")
    return tuple(holders)


def _mismatch(stated: int, people: int) -> str:
    return f"有{stated}个，权利人有{people}个，对不上。请按同样的顺序用“、”隔开。"


def _names(work: RowDraft) -> tuple[str, ...]:
    text = work.text("holder")
    if is_nothing(text):
        return ()
    names: tuple[str, ...] = work.through("holder", split_people, text) or ()
    for name in names:
        if name not in text:
            work.warnings.add("NORMALIZED")
        if rare_characters(name):
            work.warnings.add("RARE_CHAR")
    return names


def _parts(work: RowDraft, name: str) -> list[str]:
    def read(value: Any) -> str:
        text = as_code(value, "ID_PRECISION_LOST") if name == "identity" else as_text(value)
        return work.too_long(name, "" if is_nothing(text) else text)

    text: str = work.through(name, read, work.cells.get(name)) or ""
    if SEVERAL[name].fullmatch(unicodedata.normalize("NFKC", text).strip()):
        text = "、".join(re.split(r"[\s/]+", text.strip()))
    return split_list(text.replace("/", "、") if name == "phone" else text)


def _kinds(work: RowDraft) -> list[str]:
    words = split_list(work.text("identity_kind"))
    kinds: list[str] = [work.through("identity_kind", _kind_of, word) or "" for word in words]
    return kinds or [IdentityKind.RESIDENT.value]


@lru_cache(maxsize=1000)
def _kind_of(word: str) -> str:
    return UNIT_COLUMNS.by_name("identity_kind").coerce(word)


def _phone(work: RowDraft, text: str) -> str:
    phone: str = work.through("phone", check_phone, text) or ""
    if phone:
        work.note_change(text, phone)
    return phone


def _identity(work: RowDraft, kind: str, text: str) -> str:
    if not kind:  # the kind was refused: by which rule to judge the number is not known
        return ""

    def check(number: str) -> str:
        try:
            return check_identity(IdentityKind(kind), number)
        except DomainError as error:
            hint = "若不是身份证，请填写证件类型。" if error.code == "ID_FORMAT" and kind == "resident" else ""
            raise DomainError(error.message + hint, code=error.code) from error

    identity: str = work.through("identity", check, text) or ""
    if identity:
        work.note_change(text, identity)
        if kind == IdentityKind.RESIDENT and len(identity) == 15:
            work.warnings.add("OLD_ID15")
    return identity
