"""Codes of land and places: 不动产单元号 (GB/T 37346-2019) and administrative codes (GB/T 2260 and its extensions)."""

import re
from dataclasses import dataclass
from typing import Final, Self

from registry.kernel.identifiers.base import IdentifierError, is_rounded_number
from registry.kernel.names import clean_code

_UNIT: Final = re.compile("[0-9]{12}[GJZ][A-Z][0-9]{5}[FLQW][0-9]{8}")
_GROUPS: Final = ((0, 6), (6, 12), (12, 19), (19, 28))
_DISTRICT: Final = re.compile("[1-9][0-9]{5}(?:[0-9]{3}(?:[0-9]{3})?)?")
_LEVELS: Final = {2: "province", 4: "city", 6: "district", 9: "township", 12: "community"}


@dataclass(frozen=True, slots=True)
class UnitCode:
    """A real-estate unit code: 28 characters without a check digit; optional until the cadastral step."""

    code: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the code for a text as people write it; spaces and lower case are mended."""
        if is_rounded_number(text.strip()):
            raise IdentifierError(
                "UNITCODE_PRECISION_LOST",
                "不动产单元号在Excel中是数值，末位已丢失，无法恢复。请将该列设为“文本”后重新录入。",
            )
        code = clean_code(text).upper()
        if len(code) != 28:
            raise IdentifierError(
                "UNITCODE_FORMAT", f"不动产单元号应为28位，现为{len(code)}位。请对照权籍调查成果补全或改正。"
            )
        if not _UNIT.fullmatch(code):
            raise IdentifierError(
                "UNITCODE_FORMAT",
                "不动产单元号的写法不对：前12位数字，接G/J/Z和一个字母、5位数字，再接F/L/Q/W和8位数字。"
                "请对照权籍调查成果改正。",
            )
        if code[14:19] == "00000":
            raise IdentifierError(
                "UNITCODE_FORMAT", "不动产单元号的宗地顺序号是00000，没有这样的宗地。请对照权籍调查成果改正。"
            )
        if (code[19] == "W") != (code[20:] == "00000000"):
            raise IdentifierError(
                "UNITCODE_FORMAT",
                "不动产单元号的定着物代码不对：没有定着物的写W和8个0，有定着物的写F、L、Q和顺序号。"
                "请对照权籍调查成果改正。",
            )
        if code[19] == "F" and code[20:24] == "0000":
            raise IdentifierError("UNITCODE_FORMAT", "不动产单元号的幢号是0000，没有这样的幢。请对照权籍调查成果改正。")
        return cls(code)

    def format(self) -> str:
        """Return the 28 characters, as stored."""
        return self.code

    def grouped(self) -> str:
        """Return the code in its printed groups: 110105 012038 GB00005 F00120304."""
        return " ".join(self.code[start:end] for start, end in _GROUPS)

    @property
    def district(self) -> str:
        """Return the county-level code."""
        return self.code[:6]

    @property
    def parcel(self) -> str:
        """Return the parcel's code, 19 characters: what all units on one parcel share."""
        return self.code[:19]

    @property
    def is_building(self) -> bool:
        """Tell whether the fixture is a building; then the last eight digits are building and unit."""
        return self.code[19] == "F"

    @property
    def building(self) -> str:
        """Return the four digits of the building on its parcel."""
        return self.code[20:24]

    @property
    def unit(self) -> str:
        """Return the four digits of the unit in its building."""
        return self.code[24:]

    def __str__(self) -> str:
        return self.grouped()


def check_unit_code(text: str) -> str:
    """Return a unit code as stored."""
    return UnitCode.parse(text).format()


@dataclass(frozen=True, slots=True)
class DistrictCode:
    """An administrative code: 6 digits of a district (or city, province), 9 of a township, 12 of a community."""

    code: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the code for a text as people write it."""
        code = clean_code(text)
        if not _DISTRICT.fullmatch(code):
            raise IdentifierError(
                "DISTRICT_FORMAT", "行政区划代码应为6位（区）、9位（街乡）或12位（社区、村）数字。请对照代码表改正。"
            )
        return cls(code)

    def format(self) -> str:
        """Return the digits."""
        return self.code

    @property
    def stem(self) -> str:
        """Return the digits that matter: 110000 → 11, 110105 → 110105, 110105029000 → 110105029."""
        if len(self.code) > 6:
            return self.code[:9] if self.code[9:] in ("", "000") else self.code
        return re.sub("(?:00){1,2}$", "", self.code)

    @property
    def level(self) -> str:
        """Return province, city, district, township or community."""
        return _LEVELS[len(self.stem)]

    @property
    def parent(self) -> "DistrictCode | None":
        """Return the code one level up; a province has none."""
        above = {12: 9, 9: 6, 6: 4, 4: 2}.get(len(self.stem))
        return DistrictCode(self.stem[:above].ljust(6, "0")) if above else None

    def contains(self, other: "DistrictCode") -> bool:
        """Tell whether the other place lies in this one, or is it."""
        return other.stem.startswith(self.stem)

    def __str__(self) -> str:
        return self.code
