"""The certificates of a row: numbers and days in two cells, in the same order; old numbers are kept as written."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from documents.intake.reading.cells import as_text, is_date, is_like_formula, is_nothing, is_number, refusal
from documents.intake.reading.duplicates import Place, place_of
from documents.intake.reading.results import StatedCertificate, UnitRow
from documents.intake.reading.row_draft import DAY_RULE, RowDraft, printed
from documents.intake.reading.tables import is_blank
from registry.kernel.dates import ReadDay, read_day
from registry.kernel.identifiers import CertificateNo, TitleNo
from registry.lists.rows import split_list

OTHER_COMMAS: Final = str.maketrans("､﹑︑﹐︐﹔︔", "、、、,,;;")  # folding a number would make separators of them


def certificates_of(work: RowDraft) -> tuple[StatedCertificate, ...]:
    """Return the certificates a row states; days are none, one for all, or one each (无 where unknown)."""
    if is_blank(work.cells.get("certificate_no")) and is_blank(work.cells.get("issued_on")):
        return ()
    titles = _titles(work)
    days = _days(work)
    if work.has_error("certificate_no"):
        return ()
    if not titles:
        if days:
            work.refuse("issued_on", "CERTIFICATE_DATE_ALONE")
        return ()
    if len(days) not in (0, 1, len(titles)):
        work.refuse("issued_on", "CERTIFICATE_DATE_COUNT", found=len(days), numbers=len(titles))
        return ()
    if any(title.is_legacy for title in titles):
        work.warnings.add("LEGACY_CERTIFICATE")
    work.warnings.add("WITH_CERTIFICATE")
    each = days if len(days) == len(titles) else (days or [None]) * len(titles)
    for title, on in zip(titles, each, strict=True):
        if on is not None and not title.is_legacy and on.year < (year := CertificateNo.parse(title.number).year):
            work.refuse("issued_on", "CERTIFICATE_YEAR", on=on, year=year)
    stated = {t.number: StatedCertificate(t.number, t.is_legacy, on) for t, on in zip(titles, each, strict=True)}
    return tuple(stated.values())


def _titles(work: RowDraft) -> list[TitleNo]:
    def read(value: Any) -> str:
        if is_number(value) or is_date(value):
            raise refusal("CERTIFICATE_NUMERIC")
        return work.too_long("certificate_no", as_text(value).translate(OTHER_COMMAS))

    text: str = work.through("certificate_no", read, work.cells.get("certificate_no")) or ""
    if is_nothing(text) or work.refuse_words("certificate_no", text) or work.says_nothing("certificate_no", text):
        return []
    if is_like_formula(text, is_code=True):
        work.warnings.add("FORMULA_LIKE_TEXT")
    titles: list[TitleNo] = []
    for part in split_list(text):
        title: TitleNo | None = work.through("certificate_no", TitleNo.parse, part)
        if title is not None:
            titles.append(title)
            work.note_change("certificate_no", part, title.number)
    return titles


def _days(work: RowDraft) -> list[date | None]:
    cell = work.cells.get("issued_on")
    if is_number(cell) or is_date(cell):
        return [_day(work, cell)]

    def read(value: Any) -> str:
        text = as_text(value)
        return work.too_long("issued_on", "" if is_nothing(text) else unicodedata.normalize("NFKC", text))

    text: str = work.through("issued_on", read, cell) or ""
    if work.refuse_words("issued_on", text) or (text and work.says_nothing("issued_on", text)):
        return []
    return [None if is_nothing(part) else _day(work, part) for part in split_list(text)]


def _day(work: RowDraft, value: Any) -> date | None:
    """Read a whole day by the one reader of days, and note what it made of a serial or a moment."""
    read: ReadDay | None = work.through("issued_on", read_day, value)
    if read is None:
        return None
    work.note_change("issued_on", printed(value), read.day.isoformat(), read.rule or DAY_RULE)
    return read.day


def refuse_shared(rows: Sequence[UnitRow], works: Mapping[int, RowDraft]) -> None:
    """Refuse every row of a certificate number that two homes of a file state, or that has two days."""
    stated: dict[str, list[tuple[int, Place, date | None]]] = defaultdict(list)
    for row in rows:
        for certificate in row.certificates:
            stated[certificate.number].append((row.row, place_of(row), certificate.issued_on))
    for number, said in stated.items():
        for at, place, on in said if len(said) > 1 else ():
            homes = [other for other, elsewhere, _ in said if elsewhere != place]
            days = [other for other, _, day in said if on and day and day != on]
            if homes:
                works[at].refuse(
                    "certificate_no", "CERTIFICATE_DUP", number=number, first="、".join(map(str, homes[:5]))
                )
            elif days:
                works[at].refuse(
                    "issued_on", "CERTIFICATE_DATE_DIFFERS", number=number, first="、".join(map(str, days[:5]))
                )
