"""Files with one cell that says what its column does not hold, or is staged otherwise than it was written."""

from typing import Any

from registry.kernel.identifiers import synthetic_identity
from tests.documents.intake.reading.corpus import Case, bad_row, good
from tests.documents.intake.reading.files import HEADERS, NAMES, home, homes, workbook

CREDIT_CODE = "91110105MA0000001A"


def both(name: str, code: str, says: str, rows: Any, good: int = 0) -> Case:
    """A file whose first two homes contradict each other: neither is taken."""
    return Case(name, lambda: workbook(rows), rows=good, errors={2: {code}, 3: {code}}, says=says)


TITLED = {"certificate_no": "朝全字第1号", "issued_on": "2005-06-30"}
OTHER = {"holder": "李四", "identity": synthetic_identity(71)}
CELL_ROWS = (
    both("unit code again", "UNITCODE_DUP", "第 2 行", homes(2, r3={"unit_code": home(1)["unit_code"]})),
    both("certificate again", "CERTIFICATE_DUP", "朝全字第1号与第 2 行的另一户相同", homes(2, r2=TITLED, r3=TITLED)),
    both(
        "certificate on two days",
        "CERTIFICATE_DATE_DIFFERS",
        "与第 3 行不一样",
        [home(1) | TITLED, home(1, **OTHER) | TITLED | {"issued_on": "2005-07-01"}],
    ),
    both("same home, another area", "UNIT_DUP", "“建筑面积”却不一样，都不写入", [home(1), home(1, **OTHER, area=99)]),
    both("one person, two telephones", "UNIT_DUP", "“联系电话”却不一样", [home(1), home(1, phone="19900000999")]),
    bad_row("truth for a building", "KIND", "TRUE", building=True),
    bad_row("truth in words for a room", "PLACE_KIND", room="是"),
    bad_row("truth for a name", "KIND", holder=True),
    bad_row("truth in words for a name", "NAME_KIND", holder="是"),
    bad_row("ditto for a name", "NAME_DITTO", "本户权利人", holder="同上"),
    bad_row("ditto for an area", "DITTO", area="〃"),
    bad_row("ditto for a paper", "DITTO", identity="同上"),
    bad_row("others unnamed", "NAME_OTHERS", holder="张三等3人"),
    bad_row("somebody's daughter", "NAME_WHO", holder="张三之女"),
    bad_row("somebody in brackets", "NAME_BRACKETS", "曾用名", holder="张三（李测乙）"),
    bad_row("shares of five sixths", "NAME_SHARES", "5/6", holder="张三(1/3)、李四(1/2)", identity="", phone=""),
    bad_row("share of one alone", "NAME_SHARES", "1/2", holder="张三(1/2)"),
    bad_row("masked name beside a whole one", "NAME_MASKED", holder="张*、李测四", identity="", phone=""),
    bad_row("number in a name", "NAME_DIGITS", holder="张三1"),
    bad_row("strange sign in a name", "NAME_SIGNS", holder="张三？！"),
    bad_row("one name twice", "NAME_TWICE", holder="张三、张三", identity="", phone=""),
    bad_row("firm with a person's paper", "ORGANISATION_ID", "统一社会信用代码", holder="北京甲乙有限公司"),
    bad_row("entrance against the room", "PLACE_CONTRADICTS", room="2单元201"),
    bad_row("entrance or building", "PLACE_AMBIGUOUS", entrance="", room="9-201"),
    bad_row("building like a date", "BUILDING_PAIR", building="14-1"),
    bad_row("two homes in a room", "ROOM_SEVERAL", room="201、202"),
    bad_row("clearing a building", "CLEAR_NOT", building="【清空】"),
    bad_row("clearing without brackets", "CLEAR_WORD", "请填“【清空】”", area="清空"),
    bad_row("area of three decimals", "AREA_DECIMALS", area=89.505),
    bad_row("year of two digits", "DATE_YEAR", certificate_no="朝全字第1号", issued_on="22.3.7"),
    bad_row("day and month in doubt", "DATE_ORDER", certificate_no="朝全字第1号", issued_on="3/7/2022"),
)


def titled(title: str) -> Any:
    """An edit that calls the sheet so."""
    return lambda sheet: setattr(sheet, "title", title)


WITHOUT_BUILDING = [name for name in NAMES if name != "building"]
CELL_WARNINGS = (
    Case("a sheet called by its building", lambda: workbook(
        homes(), headers=[HEADERS[NAMES.index(name)] for name in WITHOUT_BUILDING], names=WITHOUT_BUILDING,
        edit=titled("9号楼")), rows=3, warnings=frozenset({"BUILDING_FILLED"})),
    good("ditto for a place", "NORMALIZED", building="同上", entrance="〃"),
    good("nobody stated", "NOT_STATED", holder="未售", identity="/", phone="待补", identity_kind=""),
    good("zero for a paper", "NOT_STATED", holder="0", identity=0, phone="0", identity_kind=""),
    good("holder who died", "HOLDER_DECEASED NORMALIZED", holder="张三（已故）"),
    good("former name", "HOLDER_NOTED NORMALIZED", holder="张三（曾用名：张四）"),
    good("firm without its code", "ORGANISATION_CODE", holder="北京甲乙有限公司", identity="", identity_kind=""),
    good("name spread out", "NORMALIZED", holder="王 小 明"),
    good("serial for date of issue", "NORMALIZED WITH_CERTIFICATE", certificate_no="京（2022）朝不动产权第0012345号", issued_on=44742),
    good("noise of binary", "NORMALIZED", area=89.49999999999999),
    good("shares on rows", "CO_OWNERS NORMALIZED", rows=4, make=lambda: workbook(
        [*homes(3, r3={"holder": "张三(1/2)"}), homes(2)[1] | {"holder": "李四(1/2)", "identity": synthetic_identity(70)}])),
)  # fmt: skip
