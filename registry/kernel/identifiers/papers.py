"""Numbers of papers: 不动产权证书号, the number printed on its blank, and 发文字号 of official documents.

No city stands here: the province's character and the authorities' short names are reference data, passed in.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Self

from registry.kernel.identifiers.base import IdentifierError, full_width_brackets
from registry.kernel.names import clean_code

_CERTIFICATE: Final = re.compile("([一-龥])（(20[0-9]{2})）([一-龥]{1,12}?)不动产(权|证明)第([0-9]{7})号")
_DOCUMENT: Final = re.compile("([^（）]+)（((?:19|20)[0-9]{2})）(第?)([0-9]+)号")
_BLANK: Final = re.compile("[A-Z][0-9]{11}")
_NEW_STYLE: Final = re.compile("不动产权?(?:证书?)?第|^[一-龥]（20[0-9]{2}）.*不动产")
_PROOF: Final = "不动产(?:登记)?证明"
_OF_A_PERSON: Final = re.compile("[0-9]{15}|[0-9]{17}[0-9X]|1[3-9][0-9]{9}", re.IGNORECASE)
_OF_A_DAY: Final = re.compile("[0-9]{4}[-/.年][0-9]{1,2}(?:[-/.月](?:[0-9]{1,2}日?)?)?")
LEGACY_LENGTH: Final = 60
FIRST_YEAR: Final = 2015  # unified registration began on 2015-03-01: no certificate of this form is older


class TitleKind(StrEnum):
    """What the number is of: the certificate itself, or a proof (mortgage, pre-registration)."""

    CERTIFICATE = "权"
    PROOF = "证明"


@dataclass(frozen=True, slots=True)
class CertificateNo:
    """A title certificate's number, 京（2022）朝不动产权第0012345号; the serial restarts yearly per authority."""

    prefix: str
    year: int
    authority: str
    serial: int
    kind: TitleKind = TitleKind.CERTIFICATE

    @classmethod
    def parse(
        cls, text: str, *, prefixes: Collection[str] | None = None, authorities: Collection[str] | None = None
    ) -> Self:
        """Return the number for a text as people write it; half-width brackets are mended.

        `prefixes` and `authorities`, where given, are the reference lists the number must agree with.
        """
        match = _CERTIFICATE.fullmatch(full_width_brackets(clean_code(text)))
        if match is None:
            raise IdentifierError(
                "CERTIFICATE_FORMAT",
                "不动产权证书号应写成“省简称（年份）区简称不动产权第7位数字号”。请对照证书改正；旧证照证书原样填写。",
            )
        number = cls(match[1], int(match[2]), match[3], int(match[5]), TitleKind(match[4]))
        if number.year < FIRST_YEAR:
            raise IdentifierError(
                "CERTIFICATE_FORMAT", f"证书号的年份应为{FIRST_YEAR}年（不动产统一登记）以后。请对照证书改正。"
            )
        if prefixes is not None and number.prefix not in prefixes:
            raise IdentifierError(
                "CERTIFICATE_FORMAT", f"证书号的省简称“{number.prefix}”不在参照表中。请改为：{'、'.join(prefixes)}。"
            )
        if authorities is not None and number.authority not in authorities:
            raise IdentifierError(
                "CERTIFICATE_FORMAT", f"登记机构简称“{number.authority}”不在参照表中。请改正，或先在参照表中增加。"
            )
        return number

    def require_by(self, today: date) -> None:
        """Refuse a number of a year that has not come."""
        if self.year > today.year:
            raise IdentifierError(
                "CERTIFICATE_FORMAT", f"证书号{self.format()}的年份{self.year}尚未到来。请对照证书改正。"
            )

    def format(self) -> str:
        """Return the number as printed on the certificate."""
        return f"{self.prefix}（{self.year}）{self.authority}不动产{self.kind}第{self.serial:07d}号"

    def __str__(self) -> str:
        return self.format()


def check_certificate_no(
    text: str, *, prefixes: Collection[str] | None = None, authorities: Collection[str] | None = None
) -> str:
    """Return a certificate's number as stored."""
    return CertificateNo.parse(text, prefixes=prefixes, authorities=authorities).format()


@dataclass(frozen=True, slots=True)
class TitleNo:
    """The number of a home's certificate: one of today's form, or an old one (旧证) kept as free text.

    京房权证…, X京房权证…, 朝全字… come in more forms than anyone could list: they are folded, never judged.
    """

    number: str
    is_legacy: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the number for a text as people write it.

        Refused: what is meant to be of today's form and is not right; a proof (预告、抵押), which is no title; a text
        without any digit (办理中); a date; what can only be the number of a person; more than 60 characters.
        """
        bare = _settled_title(text)
        if re.search(_PROOF, bare):
            raise IdentifierError(
                "CERTIFICATE_PROOF", "是不动产登记证明（预告、抵押）的号，不是产权证号。请填权利人手里产权证书的号。"
            )
        if _NEW_STYLE.search(bare):
            return cls(CertificateNo.parse(bare).format(), is_legacy=False)
        if len(bare) > LEGACY_LENGTH:
            raise IdentifierError("TOO_LONG", f"超过{LEGACY_LENGTH}个字。一格有几个证号的，请用“、”隔开。")
        if not re.search("[0-9]", bare) or _OF_A_DAY.fullmatch(bare):
            raise IdentifierError("CERTIFICATE_FORMAT", "没有证号的数字。请按证书填写编号；尚未发证的，本格不填。")
        if _OF_A_PERSON.fullmatch(bare):
            raise IdentifierError("CERTIFICATE_FORMAT", "像是证件号码或电话，不是产权证号。请按证书填写编号。")
        return cls(bare, is_legacy=True)

    def __str__(self) -> str:
        return self.number


def _settled_title(text: str) -> str:
    """Fold until nothing changes: what folding takes away may leave characters that fold once more."""
    folded = full_width_brackets(clean_code(text)).lstrip("'’")
    return folded if folded == text else _settled_title(folded)


def check_blank_no(text: str) -> str:
    """Return the number printed on the certificate's blank: a letter and 11 digits."""
    number = clean_code(text).upper().removeprefix("NO").lstrip(".:")
    if not _BLANK.fullmatch(number):
        raise IdentifierError("BLANK_FORMAT", "证书印制编号应为1个字母加11位数字。请对照证书封二改正。")
    return number


@dataclass(frozen=True, slots=True)
class DocumentNo:
    """A document's number, ×规自专函〔2022〕12号: the organ's characters, the year, the serial without zeros."""

    series: str
    year: int
    serial: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the number for a text as people write it; every kind of bracket around the year is mended."""
        match = _DOCUMENT.fullmatch(full_width_brackets(clean_code(text)))
        if match is None or not match[4].strip("0"):
            raise IdentifierError(
                "DOCUMENT_FORMAT", "文号应写成“机关代字〔年份〕序号号”，如“×规自专函〔2022〕12号”。请对照原件改正。"
            )
        if match[3] or match[4].startswith("0"):
            raise IdentifierError(
                "DOCUMENT_FORMAT",
                f"文号的序号前不加“第”，也不补零。请改为：{match[1]}〔{match[2]}〕{int(match[4])}号。",
            )
        return cls(match[1], int(match[2]), int(match[4]))

    def format(self) -> str:
        """Return the number as printed, the year in hexagonal brackets."""
        return f"{self.series}〔{self.year}〕{self.serial}号"

    def __str__(self) -> str:
        return self.format()


def check_document_no(text: str) -> str:
    """Return a document's number as stored."""
    return DocumentNo.parse(text).format()
