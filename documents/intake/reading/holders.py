"""The people of a row: names, papers and telephones of co-owners, written in the same order in three cells."""

import re
import unicodedata
from functools import lru_cache
from typing import Any, Final

from documents.intake.reading.cells import as_code, as_text, is_nothing
from documents.intake.reading.codes import CODES
from documents.intake.reading.results import StatedHolder
from documents.intake.reading.row_draft import BLANKS_RULE, CHOICE_RULE, RowDraft
from documents.intake.reading.unit_columns import UNIT_COLUMNS
from registry.kernel.cell_words import CLEARED, is_clear_word
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import IdentityKind, check_credit_code, check_identity, check_phone
from registry.kernel.masks import masked_number
from registry.kernel.names import rare_characters
from registry.kernel.people import MaskedPeople, NotStated, PersonKind, StatedPerson, format_share, read_people
from registry.kernel.person_names import is_unusual
from registry.lists.rows import split_list

SEVERAL: Final = {  # whole numbers of several people, parted by what also stands within a number
    "identity": re.compile(r"[0-9]{15}(?:[0-9]{2}[0-9Xx])?(?:[\s/|\\+&]+[0-9]{15}(?:[0-9]{2}[0-9Xx])?)+"),
    "phone": re.compile(r"1[0-9]{10}(?:[\s/|\\+&]+1[0-9]{10})+"),
}
CREDIT_CODE: Final = 18
ONE_PHONE: Final = "一位权利人填了{stated}个电话，联系电话一人只记一个。请留下常用的一个。"


def holders_of(work: RowDraft) -> tuple[StatedHolder, ...]:
    """Return the holders a row states; papers and telephones must match the names one to one."""
    people = _people(work)
    numbers = _parts(work, "identity")
    phones = _parts(work, "phone")
    kinds = _kinds(work)
    if not people:
        if (numbers or phones) and not work.has_error("holder"):
            work.refuse("holder", "REQUIRED", "未填写，却填了证件号码或联系电话。请补上姓名。")
        return ()
    if len(numbers) not in (0, len(people)):
        work.refuse("identity", "ID_FORMAT", _mismatch(len(numbers), len(people)))
        return ()
    if len(phones) not in (0, 1, len(people)):
        said = ONE_PHONE.format(stated=len(phones)) if len(people) == 1 else _mismatch(len(phones), len(people))
        work.refuse("phone", "PHONE_FORMAT", said)
    if len(kinds) not in (0, 1, len(people)):
        work.refuse("identity_kind", "ID_FORMAT", _mismatch(len(kinds), len(people)))
    checked = [_phone(work, phone) for phone in phones]
    holders = []
    for n, person in enumerate(people):
        stated = kinds[n] if len(kinds) == len(people) else kinds[0] if kinds else None
        kind, number = _paper(work, person, stated, "" if not numbers or is_nothing(numbers[n]) else numbers[n])
        phone = checked[n] if len(checked) == len(people) else checked[0] if len(checked) == 1 else ""
        share = "" if person.share is None else format_share(person.share)
        holders.append(StatedHolder(person.name, kind, number, phone, share, person.note))
    if len(people) > 1:
        work.warnings.add("CO_OWNERS")
    return tuple(holders)


def _mismatch(stated: int, people: int) -> str:
    return f"有{stated}个，权利人{people}个，数量不一致。请按同样的顺序用“、”隔开。"


def _people(work: RowDraft) -> tuple[StatedPerson, ...]:
    text = work.text("holder")
    if not text:
        return ()
    read = work.through("holder", read_people, text)
    if isinstance(read, MaskedPeople):
        return tuple(StatedPerson(mask) for mask in read.masks)  # the ledger says whether they are those who stand
    if isinstance(read, NotStated):
        work.warnings.add("NOT_STATED")
    if read is None or isinstance(read, NotStated):
        return ()
    if read.rules or text != as_text(work.cells.get("holder")):
        rule = "；".join(read.rules) or BLANKS_RULE
        work.note_change("holder", str(as_text(work.cells.get("holder"))), "、".join(read.names), rule)
    for person in read.people:
        if rare_characters(person.name):
            work.warnings.add("RARE_CHAR")
        if person.kind is PersonKind.PERSON and is_unusual(person.name):
            work.warnings.add("NAME_UNUSUAL")
        if person.note:
            work.warnings.add("HOLDER_DECEASED" if person.is_deceased else "HOLDER_NOTED")
    people: tuple[StatedPerson, ...] = read.people
    return people


def _parts(work: RowDraft, name: str) -> list[str]:
    def read(value: Any) -> str:
        if value == 0 and not isinstance(value, bool):
            return "0"
        text = as_code(value, "ID_PRECISION_LOST") if name == "identity" else as_text(value)
        return work.too_long(name, "" if is_nothing(text) else text)

    cell = work.cells.get(name)
    if isinstance(cell, bool):
        work.refuse(name, "KIND", value=str(cell).upper())
        return []
    text: str = work.through(name, read, cell) or ""
    if text and (work.refuse_words(name, text) or work.says_nothing(name, text)):
        return []
    if SEVERAL[name].fullmatch(unicodedata.normalize("NFKC", text).strip()):
        text = "、".join(re.split(r"[\s/／|｜\\＼+＋&＆]+", text.strip()))
    return split_list(text.replace("/", "、") if name == "phone" else text)


def _kinds(work: RowDraft) -> list[str]:
    words = split_list(work.text("identity_kind"))
    kinds = [work.through("identity_kind", _kind_of, word) or "" for word in words]
    if words and all(kinds):
        labels = "、".join(IdentityKind(kind).label for kind in kinds)
        work.note_change("identity_kind", "、".join(words), labels, CHOICE_RULE)
    return kinds


@lru_cache(maxsize=1000)
def _kind_of(word: str) -> str:
    return UNIT_COLUMNS.by_name("identity_kind").coerce(word)


def _phone(work: RowDraft, text: str) -> str:
    if is_clear_word(text):
        return CLEARED
    if is_nothing(text):
        return ""
    if (mask := masked_number(text)) is not None:
        return mask
    phone: str = work.through("phone", check_phone, text) or ""
    if phone:
        work.note_change("phone", text, phone)
    return phone


def _paper(work: RowDraft, person: StatedPerson, stated: str | None, number: str) -> tuple[str, str]:
    """Return the kind and number of a person's paper; an organisation has its credit code, asked for if it is not."""
    if is_clear_word(number):
        default = IdentityKind.ORGANISATION if person.kind is PersonKind.ORGANISATION else IdentityKind.RESIDENT
        return stated or default.value, CLEARED
    if person.kind is not PersonKind.ORGANISATION:
        kind = IdentityKind.RESIDENT.value if stated is None else stated
        return kind, _identity(work, kind, number) if number else ""
    if not number:
        work.warnings.add("ORGANISATION_CODE")
        return IdentityKind.ORGANISATION.value, ""
    if stated not in (None, IdentityKind.RESIDENT, IdentityKind.ORGANISATION):
        work.refuse("identity_kind", "ORGANISATION_ID")
        return IdentityKind.ORGANISATION.value, ""
    return IdentityKind.ORGANISATION.value, _credit_code(work, stated, number)


def _credit_code(work: RowDraft, stated: str | None, text: str) -> str:
    """Return a credit code; a firm that was gone before these came may state its older number by its own kind."""

    if (mask := masked_number(text)) is not None:
        return mask

    def check(number: str) -> str:
        if stated == IdentityKind.ORGANISATION and len("".join(number.split())) != CREDIT_CODE:
            return check_identity(IdentityKind.ORGANISATION, number)
        try:
            return check_credit_code(number)
        except DomainError as error:
            what = error.message if stated == IdentityKind.ORGANISATION else CODES["ORGANISATION_ID"].message()
            raise DomainError(what, code="ORGANISATION_ID") from error

    code: str = work.through("identity", check, text) or ""
    if code:
        work.note_change("identity", text, code)
    return code


def _identity(work: RowDraft, kind: str, text: str) -> str:
    if not kind:  # the kind was refused: by which rule to judge the number is not known
        return ""
    if (mask := masked_number(text)) is not None:
        return mask

    def check(number: str) -> str:
        try:
            return check_identity(IdentityKind(kind), number)
        except DomainError as error:
            hint = "若不是身份证，请填写证件类型。" if error.code == "ID_FORMAT" and kind == "resident" else ""
            raise DomainError(error.message + hint, code=error.code) from error

    identity: str = work.through("identity", check, text) or ""
    if identity:
        work.note_change("identity", text, identity)
        if kind == IdentityKind.RESIDENT and len(identity) == 15:
            work.warnings.add("OLD_ID15")
    return identity
