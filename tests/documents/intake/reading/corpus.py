"""The corpus of files that must be judged rightly: the verdict, the rows, the codes. Every code occurs (a test counts).

Rows are numbered as the sender's program shows them; row 1 is the header, rows 2–4 are the three homes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import openpyxl
from openpyxl.styles import Font

from registry.kernel.identifiers import synthetic_identity
from tests.documents.intake.reading.files import (
    HEADERS,
    NAMES,
    archive_of,
    changed_part,
    changed_sheet,
    compound,
    encrypted,
    hidden,
    home,
    homes,
    literal,
    overlapping,
    parts_of,
    put,
    saved,
    shared,
    styled,
    text_file,
    with_formula,
    with_parts,
    with_sheet,
    workbook,
)


@dataclass(frozen=True)
class Case:
    """One file and what is right to say of it."""

    name: str
    make: Callable[[], bytes]
    file_error: str = ""
    rows: int | None = 3
    errors: Mapping[int, set[str]] = field(default_factory=dict)
    warnings: frozenset[str] = frozenset()
    skipped: tuple[int, ...] = ()
    says: str = ""
    suffix: str = ".xlsx"


def bad_row(name: str, code: str, says: str = "", *, warns: str = "", **cells: Any) -> Case:
    """A file whose second home, in row 3, is refused for one thing."""
    return Case(
        name,
        lambda: workbook(homes(r3=cells)),
        rows=2,
        errors={3: {code}},
        warnings=frozenset(warns.split()),
        says=says,
    )


def good(
    name: str, warns: str = "", *, rows: int = 3, skipped: tuple[int, ...] = (), make: Any = None, **cells: Any
) -> Case:
    """A file that is accepted, with these warnings and no others."""
    return Case(
        name, make or (lambda: workbook(homes(r3=cells))), rows=rows, skipped=skipped, warnings=frozenset(warns.split())
    )


def refused(name: str, code: str, make: Callable[[], bytes | str], says: str = "", suffix: str = ".xlsx") -> Case:
    """A file that is refused as a whole."""

    def content() -> bytes:
        made = make()
        return made.encode() if isinstance(made, str) else made

    return Case(name, content, file_error=code, rows=0, says=says, suffix=suffix)


def csv(name: str, make: Callable[[], bytes | str], *, rows: int = 3, warns: str = "", **errors: set[str]) -> Case:
    """A text file; `r3={...}` are the codes of row 3."""

    def content() -> bytes:
        made = make()
        return made.encode() if isinstance(made, str) else made

    found = {int(row[1:]): codes for row, codes in errors.items()}
    return Case(name, content, rows=rows, errors=found, warnings=frozenset(warns.split()), suffix=".csv")


def two_sheets(second: str = "visible", *, rows: int = 2) -> bytes:
    book = openpyxl.Workbook()
    for sheet, title in ((book.active, "清册"), (book.create_sheet(), "2号楼")):
        sheet.title = title
        sheet.append(list(HEADERS))
        for row in homes(3 if title == "清册" else rows):
            sheet.append([row[name] or None for name in NAMES])
    book.worksheets[1].sheet_state = second
    return saved(book)


def all_hidden() -> bytes:
    return changed_part(workbook(), "xl/workbook.xml", lambda xml: xml.replace('state="visible"', 'state="hidden"'))


def macro_type() -> bytes:
    plain, macro = "openxmlformats-officedocument.spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"
    return changed_part(workbook(), "[Content_Types].xml", lambda xml: xml.replace(plain, macro))


def two_encodings() -> bytes:
    """Two lists pasted together, in bytes that happen to be one encoding: only the sense is lost, not a byte."""
    even = {"building": "9", "holder": "张三", "identity_kind": "", "remark": "这一行是另一种编码写成的"}
    pasted = text_file(homes(1, r2=even)).split("\r\n")[1]
    content = text_file(homes(2)).encode("gb18030") + pasted.encode()
    content.decode("gb18030")
    return content


def closed_by_chance() -> str:
    return text_file().replace(",住宅,", ',"住宅,', 1).replace(",住宅,", ',住宅",', 1)


def merged(sheet: Any) -> None:
    for row in (3, 4):
        sheet.cell(row, 2).value = None
    sheet.merge_cells("B2:B4")


def without(*names: str) -> bytes:
    kept = [name for name in NAMES if name not in names]
    return workbook(names=kept, headers=[header for name, header in zip(NAMES, HEADERS, strict=True) if name in kept])


def bomb(megabytes: int) -> bytes:
    return with_parts(workbook(), xl__worksheets__sheet9=b" " * (megabytes << 20))


def entity(encoding: str) -> bytes:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    return with_parts(workbook(), **{"xl__sharedStrings.xml": text.encode(encoding)})


def co_owners(**second: Any) -> list[Any]:
    other = {"holder": "李小明", "identity": synthetic_identity(50), "phone": ""}
    return [home(1), home(1, **(other | second)), home(2)]


def xlsb() -> bytes:
    kind = '<Types><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    return archive_of({"[Content_Types].xml": kind.encode(), "xl/workbook.bin": b"x"})


def chinese_date() -> bytes:
    """A room that a Chinese program made 3月15日 of: the format is built in there, and known nowhere else."""
    content = workbook(edit=styled("E3", value=45000, number_format="yyyy-mm-dd;@"))
    return changed_part(content, "xl/styles.xml", lambda xml: xml.replace('<xf numFmtId="164"', '<xf numFmtId="58"'))


def struck_run() -> bytes:
    runs = "<r><rPr><strike/></rPr><t>李</t></r><r><t>张小二</t></r>"
    return changed_sheet(workbook(), r"(<c r=\"I3\"[^>]*><is>)<t[^>]*>[^<]*</t>", rf"\1{runs}")


STRUCK = Font(strike=True)
TWO = synthetic_identity(60), synthetic_identity(61)
COUNTS = {"A5": "合计", "E5": "3户", "H5": 229.5, "I5": "3人", "A6": "累计：3户"}
NOTES = {"A5": "填表人：张三", "E5": "审核人：李四", "A6": "注：1.证件号码设为文本", "I7": "（盖章）"}
WRONG_DIGIT = synthetic_identity(2)[:-1] + ("0" if synthetic_identity(2)[-1] != "0" else "1")
FIVE_WRONG = {"building": "", "use": "城堡", "area": "x", "identity": "1", "phone": "2"}
SPELLED_OTHERWISE = {"building": "九栋", "floor": "一层", "room": "101室", "entrance": "第1单元"}

FILES = (
    refused("empty", "EMPTY_FILE", lambda: b""),
    refused("blank text", "EMPTY_FILE", lambda: "\ufeff \r\n", suffix=".csv"),
    refused("pdf", "NOT_A_SPREADSHEET", lambda: b"%PDF-1.7 ...", "PDF"),
    refused("word archive", "NOT_A_SPREADSHEET", lambda: archive_of({"[Content_Types].xml": b"<a/>", "word/d.xml": b"<a/>"})),
    refused("ods", "NOT_A_SPREADSHEET", lambda: archive_of({"mimetype": b"application/vnd.oasis", "content.xml": b"<a/>"})),
    refused("xlsb", "NOT_A_SPREADSHEET", xlsb, ".xlsb"),
    refused("word of old", "NOT_A_SPREADSHEET", lambda: compound("WordDocument")),
    refused("xml of 2003", "NOT_A_SPREADSHEET", lambda: '<?xml version="1.0"?><Workbook/>', "XML"),
    refused("cut in half", "CORRUPT", lambda: workbook()[:2000]),
    refused("only the magic", "CORRUPT", lambda: b"PK\x03\x04"),
    refused("sheet listed and gone", "CORRUPT",
            lambda: archive_of({name: data for name, data in parts_of(workbook()).items() if "sheet1" not in name})),
    refused("broken sheet", "CORRUPT", lambda: changed_sheet(workbook(), "</sheetData>", "")),
    refused("no such shared text", "CORRUPT",
            lambda: changed_sheet(shared(workbook()), r'<c r="A2" t="s"><v>\d+', '<c r="A2" t="s"><v>9999')),
    refused("rows out of order", "CORRUPT", lambda: changed_sheet(workbook(), '<row r="3"', '<row r="2"')),
    refused("password", "ENCRYPTED", lambda: compound("EncryptionInfo", "EncryptedPackage"), "密码"),
    refused("encrypted entries", "ENCRYPTED", lambda: encrypted(workbook())),
    refused("macro part", "MACRO", lambda: with_parts(workbook(), **{"xl__vbaProject.bin": b"x"}), "宏"),
    refused("macro type", "MACRO", macro_type),
    refused("macro type by reference", "MACRO",
            lambda: changed_part(macro_type(), "[Content_Types].xml", lambda xml: xml.replace("macroE", "macro&#69;"))),
    refused("xls", "OLD_XLS", lambda: compound("Workbook"), ".xlsx", suffix=".xls"),
    refused("xls of 1990", "OLD_XLS", lambda: b"\x09\x04\x06\x00\x00\x00\x10\x00" + b"\x00" * 40, suffix=".xls"),
    refused("web page", "HTML_AS_XLS", lambda: "\ufeff\n<html><table><tr><td>项目编号</td></tr></table>", "网页", suffix=".xls"),
    refused("web archive", "HTML_AS_XLS", lambda: "MIME-Version: 1.0\nContent-Type: multipart/related\n", suffix=".xls"),
    refused("web page in utf-16", "HTML_AS_XLS", lambda: "<table><tr>".encode("utf-16"), suffix=".xls"),
    refused("bomb", "ZIP_BOMB", lambda: bomb(310), "过大"),
    refused("dense part", "ZIP_BOMB", lambda: bomb(40)),
    refused("many entries", "TOO_MANY_ENTRIES", lambda: archive_of({f"x{n}": b"" for n in range(201)})),
    refused("very many entries", "TOO_MANY_ENTRIES", lambda: archive_of({f"x{n}": b"" for n in range(5000)})),
    refused("overlap", "ZIP_OVERLAP", lambda: overlapping(workbook()), "结构异常"),
    refused("slip", "ZIP_SLIP", lambda: with_parts(workbook(), **{"..__..__x": b"x"})),
    refused("slip on windows", "ZIP_SLIP", lambda: with_parts(workbook(), **{"..\\x": b"x"})),
    refused("absolute", "ZIP_SLIP", lambda: with_parts(workbook(), __etc__x=b"x")),
    refused("twice", "DUP_ENTRY", lambda: archive_of([*parts_of(workbook()).items(), ("XL/workbook.xml", b"<x/>")]), "结构异常"),
    refused("twice by a dot", "DUP_ENTRY", lambda: archive_of([*parts_of(workbook()).items(), ("./xl//workbook.xml", b"<x/>")])),
    refused("entity", "XML_ENTITY", lambda: entity("utf-8")),
    refused("entity in utf-16", "XML_ENTITY", lambda: entity("utf-16")),
    refused("entity in utf-7", "XML_ENTITY", lambda: entity("utf-7")),
    refused("nothing to see", "NO_SHEET", all_hidden),
    refused("no header", "NO_HEADER", lambda: workbook([], headers=["姓名", "性别", "年龄"])),
    refused("page of ours", "OWN_PAGE", lambda: workbook([], headers=["环节"], above=[["区专班 导出，编号DC12"]])),
    refused("header too low", "NO_HEADER", lambda: workbook(above=[["标题"]] * 15)),
    refused("no header in text", "NO_HEADER", lambda: "一,二,三\n1,2,3\n", suffix=".csv"),
    refused("without rooms", "MISSING_COLUMN", lambda: without("room"), "户号(房号)"),
    refused("without project and use", "MISSING_COLUMN", lambda: without("project", "use"), "规划用途"),
    refused("room twice", "DUP_COLUMN", lambda: workbook(headers=[*HEADERS, "房号"]), "户号"),
    refused("header only", "NO_ROWS", lambda: workbook([])),
    refused("header only in text", "NO_ROWS", lambda: text_file([]), suffix=".csv"),
    refused("sums only", "NO_ROWS", lambda: workbook([{"project": "合计", "area": 0}])),
    refused("too many columns", "TOO_MANY_COLS", lambda: workbook(headers=[*HEADERS, *(f"列{n}" for n in range(120))])),
    refused("far column", "TOO_MANY_COLS", lambda: workbook(edit=put({"XFD1": "x"}))),
    refused("homes below a void", "TOO_MANY_ROWS", lambda: workbook([*homes(), *[{}] * 900, home(5)]), "第 905 行"),
    refused("latin", "ENCODING", lambda: text_file().encode()[:-40] + b"\xff\xfe\xfa" + b"\xe9\xff", suffix=".csv"),
    refused("big5", "ENCODING", lambda: "項目編號,樓棟,樓層,戶號,用途\nA,9,1,101,住宅\n".encode("big5"), suffix=".csv"),
    refused("two encodings", "ENCODING", two_encodings, "（第 ", suffix=".csv"),
    refused("odd utf-16", "ENCODING", lambda: text_file().encode("utf-16") + b"x", suffix=".csv"),
    refused("open quote", "UNCLOSED_QUOTE", lambda: text_file().replace("住宅", '"住宅', 1), suffix=".csv"),
    refused("quote closed by chance", "UNCLOSED_QUOTE", closed_by_chance, suffix=".csv"),
    refused("nul", "NUL_BYTE", lambda: text_file().replace("住宅", "住\x00宅", 1), suffix=".csv"),
    refused("two lists", "AMBIGUOUS_SHEET", lambda: two_sheets(), "有两个工作表均符合房屋清册格式：“清册”“2号楼”"),
    refused("another project", "FOREIGN_PROJECT",
            lambda: workbook(homes(5, r4={"project": "HD-0009"}, r6={"project": "HD-0009"})), "第 4、6 行的项目编号不是本项目"),
)  # fmt: skip

OLD_TITLE = {"certificate_no": "朝全字第1号", "issued_on": "2005-06-30"}
ROWS = (
    bad_row("number for identity", "ID_PRECISION_LOST", "在Excel中是数值", identity=110105190101010000),
    bad_row("number of 15 for identity", "ID_NUMERIC", "末位没有丢失", identity=110105010101001),
    bad_row("identity as 1.1E+17", "ID_PRECISION_LOST", identity="1.10105E+17"),
    bad_row("letters in identity", "ID_FORMAT", identity="11010519010101A018"),
    bad_row("no such birthday", "ID_FORMAT", identity="110105190113010018"),
    bad_row("passport without kind", "ID_FORMAT", "证件类型", identity="E12345678"),
    bad_row("unknown kind of paper", "ID_FORMAT", identity_kind="借书证"),
    bad_row("one paper for two people", "ID_FORMAT", "不一致", holder="张三、李四"),
    bad_row("wrong check digit", "ID_CHECKSUM", "110***********", identity=WRONG_DIGIT),
    bad_row("identity of 17", "ID_LENGTH", "17", identity=synthetic_identity(2)[:17]),
    bad_row("short unit code", "UNITCODE_FORMAT", "27", unit_code="110105012038GB00005F0009000"),
    bad_row("unit code of wrong build", "UNITCODE_FORMAT", unit_code="110105012038XB00005F00090002"),
    bad_row("number for unit code", "UNITCODE_PRECISION_LOST", unit_code=1.10105012038e27),
    bad_row("unit code as 1.1E+27", "UNITCODE_PRECISION_LOST", unit_code="1.10105E+27"),
    bad_row("certificate of 5 digits", "CERTIFICATE_FORMAT", certificate_no="京（2022）朝不动产权第12345号"),
    bad_row("certificate not yet made", "CERTIFICATE_FORMAT", "尚未发证的，本格不填", certificate_no="办理中"),
    bad_row("identity for certificate", "CERTIFICATE_FORMAT", certificate_no=synthetic_identity(70)),
    bad_row("long certificate", "TOO_LONG", certificate_no=f"京房权证{'朝' * 57}1号"),
    bad_row("proof for certificate", "CERTIFICATE_PROOF", certificate_no="京（2022）朝不动产证明第0012345号"),
    bad_row("number for certificate", "CERTIFICATE_NUMERIC", "在Excel中是数值", certificate_no=12345),
    bad_row("date for certificate", "CERTIFICATE_NUMERIC", certificate_no=datetime(2005, 6, 30)),
    bad_row("words for date of issue", "DATE_FORMAT", "“去年”", certificate_no="朝全字第1号", issued_on="去年"),
    bad_row("month for date of issue", "DATE_NO_DAY", certificate_no="朝全字第1号", issued_on="2005年6月"),
    bad_row("noon for date of issue", "DATE_CLOCK", certificate_no="朝全字第1号", issued_on=38533.5),
    bad_row("three dates for two", "CERTIFICATE_DATE_COUNT", "有3个", certificate_no="朝全字第1号、朝全字第2号",
            issued_on="2005-06-30、2005-07-01、2005-07-02"),
    bad_row("date without certificate", "CERTIFICATE_DATE_ALONE", issued_on="2005-06-30"),
    bad_row("date before the year of the number", "CERTIFICATE_YEAR", "早于证号里的年份2022",
            certificate_no="京（2022）朝不动产权第0012345号", issued_on="2005-06-30"),
    bad_row("room as date", "ROOM_IS_DATE", "被Excel当作日期", room=datetime(2026, 2, 3)),
    bad_row("building as date", "ROOM_IS_DATE", building=datetime(2026, 9, 1)),
    Case("room as date of a Chinese program", chinese_date, rows=2, errors={3: {"ROOM_IS_DATE"}}),
    bad_row("room as date in words", "ROOM_IS_DATE", room="2月3日"),
    bad_row("error value", "CELL_ERROR", "#REF!", floor="#REF!"),
    bad_row("words for area", "AREA_FORMAT", "八十", area="八十平"),
    bad_row("nan for area", "AREA_FORMAT", area="nan"),
    bad_row("comma for point", "AREA_FORMAT", area="76,5"),
    bad_row("no area left", "AREA_RANGE", area=0),
    bad_row("negative area", "AREA_RANGE", area=-76.5),
    bad_row("lost point", "AREA_RANGE", "小数点", area=8650),
    bad_row("no project", "REQUIRED", "未填写", project=""),
    bad_row("no building", "REQUIRED", building=""),
    bad_row("no floor", "REQUIRED", floor=""),
    bad_row("no room", "REQUIRED", room=" "),
    bad_row("no use", "REQUIRED", use=""),
    bad_row("slash for room", "REQUIRED", room="/"),
    bad_row("slash for project", "REQUIRED", project="/"),
    bad_row("nothing but the project", "REQUIRED", **(dict.fromkeys(NAMES, "") | {"project": "CY-0001"})),
    bad_row("names parted by a space", "NAME_SEVERAL", "用“、”隔开", holder="张三 李四", identity=" ".join(TWO)),
    bad_row("paper without name", "REQUIRED", "补上姓名", holder=""),
    bad_row("castle", "USAGE_UNKNOWN", "住宅、商业", use="城堡"),
    bad_row("short telephone", "PHONE_FORMAT", phone="12345"),
    bad_row("more telephones than people", "PHONE_FORMAT", "一人只记一个", phone="19900000001、19900000002"),
    bad_row("bell", "CTRL_CHAR", remark="请看_x0007_这里"),
    bad_row("reversed writing", "CTRL_CHAR", holder="张\u202e三", phone=""),
    bad_row("long remark", "TOO_LONG", "500", remark="长" * 501),
    bad_row("long name", "TOO_LONG", holder="长" * 61),
    bad_row("floor in words", "FLOOR_FORMAT", "名义层", floor="顶上"),
    Case("five errors at once", lambda: workbook(homes(r3=FIVE_WRONG)), rows=2,
         errors={3: {"REQUIRED", "USAGE_UNKNOWN", "AREA_FORMAT", "ID_LENGTH", "PHONE_FORMAT"}}),
    Case("same home twice", lambda: workbook([*homes(2), home(1)]), rows=2, errors={4: {"UNIT_DUP"}}, says="权利人也相同"),
    Case("same home spelled otherwise", lambda: workbook([*homes(2), home(1, **SPELLED_OTHERWISE)]), rows=2, errors={4: {"UNIT_DUP"}}),
    Case("same home beside a refused row", lambda: workbook([home(1, phone="1"), home(1), home(2)]),
         rows=1, errors={2: {"PHONE_FORMAT"}, 3: {"UNIT_DUP"}}),
    Case("co-owner beside a refused row", lambda: workbook(co_owners()[1:] + [home(2, area="x", holder="王五", identity="")]),
         rows=2, errors={4: {"AREA_FORMAT"}}),
    Case("formula never computed", lambda: with_formula("H3", None),
         rows=2, errors={3: {"FORMULA_NO_VALUE"}}, says="请在Excel中打开并保存一次"),
    Case("formula gone wrong", lambda: with_formula("H3", "#VALUE!", "e"),
         rows=2, errors={3: {"CELL_ERROR"}}, warnings=frozenset({"FORMULA_CACHED"})),
    Case("date formula",
         lambda: workbook(edit=styled("K3", value=45000, number_format="yyyy-mm-dd")), rows=2, errors={3: {"ID_PRECISION_LOST"}}),
    csv("one comma too many", lambda: text_file(homes(r3={"holder": "张三,李四"})), rows=2, r3={"COL_COUNT"}),
    csv("cut line", lambda: text_file()[:-60], rows=2, r4={"COL_COUNT"}),
    csv("rounded by excel", lambda: text_file(homes(r3={"identity": "1.10105E+17"})), rows=2, r3={"ID_PRECISION_LOST"}),
    csv("error in text", lambda: text_file(homes(r3={"area": "#N/A"})), rows=2, r3={"CELL_ERROR"}),
)  # fmt: skip

WARNINGS = (
    good("template as it is"),
    good("shared texts", make=lambda: shared(workbook())),
    good("full width", "NORMALIZED", identity="".join(chr(ord(c) + 0xFEE0) for c in synthetic_identity(2))),
    good("spaces in unit code", "NORMALIZED", unit_code="110105 012038 GB00005 F00090002"),
    good("hidden row", "HIDDEN_ROWS", make=lambda: workbook(edit=hidden(row=3))),
    good("hidden column", "HIDDEN_COLUMNS", make=lambda: workbook(edit=hidden(column="L"))),
    good("hidden far column", make=lambda: workbook(edit=hidden(column="Z"))),
    good("merged building", "MERGED_FILLED", make=lambda: workbook(edit=merged)),
    good("formula with result", "FORMULA_CACHED", make=lambda: with_formula("H3", "76.5")),
    good("total rows", "TOTAL_ROW_SKIPPED",
         make=lambda: workbook(edit=put({"A5": "合 计", "H5": 229.5, "A6": "总计：3户"})), skipped=(5, 6)),
    good("sums that count people", "TOTAL_ROW_SKIPPED", make=lambda: workbook(edit=put(COUNTS)), skipped=(5, 6)),
    good("signatures and notes", "TITLE_ROWS_SKIPPED", make=lambda: workbook(edit=put(NOTES)), skipped=(5, 6, 7)),
    good("subtotal of a building", "TOTAL_ROW_SKIPPED",
         make=lambda: workbook(edit=put({"A5": "CY-0001", "B5": "9号楼小计", "H5": 229.5})), skipped=(5,)),
    Case("title above", lambda: workbook(above=[["朝阳区演示项目清册"], ["填表日期"]]), warnings=frozenset({"TITLE_ROWS_SKIPPED"})),
    good("header on each page", "TITLE_ROWS_SKIPPED",
         make=lambda: workbook([*homes(2), dict(zip(NAMES, HEADERS, strict=True)), home(3)]), skipped=(4,)),
    good(
        "without the project's column", "PROJECT_FILLED",
        make=lambda: workbook(headers=HEADERS[1:], names=NAMES[1:]),
    ),
    good("extra column", "EXTRA_COLUMNS", make=lambda: workbook(headers=[*HEADERS, "经办人"])),
    good("struck out", "STRIKETHROUGH", make=lambda: workbook(edit=styled("I3", font=STRUCK))),
    good("run struck out", "STRIKETHROUGH", make=struck_run),
    good("shared run struck out", "STRIKETHROUGH", make=lambda: shared(struck_run())),
    good("another sheet", "EXTRA_SHEETS", make=lambda: workbook(edit=with_sheet("说明", "请看"))),
    good("another empty sheet", make=lambda: workbook(edit=with_sheet("Sheet2"))),
    good("hidden second list", "EXTRA_SHEETS", make=lambda: two_sheets("hidden")),
    good("empty second list", "EXTRA_SHEETS", make=lambda: two_sheets(rows=0)),
    good("identity of 15", "OLD_ID15", identity="110105020304001"),
    good("one owner", "ONE_OWNER_MANY_UNITS", holder=home(1)["holder"], identity=synthetic_identity(1)),
    good("co-owners in a cell", "CO_OWNERS", holder="张三、李四", identity=f"{synthetic_identity(60)}；{synthetic_identity(61)}"),
    good("co-owners by slashes", "CO_OWNERS NORMALIZED", holder="张三/李四", identity=" / ".join(TWO)),
    good("co-owners by spaces and lines", "CO_OWNERS", holder="张三、李四", identity="  ".join(TWO), phone="19900000001\n19900000002"),
    good("card of a foreign resident", identity_kind="外国人永久居留身份证", identity="USA110105010203"),
    good("co-owners on rows", "CO_OWNERS", make=lambda: workbook(co_owners())),
    good("formula as text", "FORMULA_LIKE_TEXT", make=lambda: workbook(edit=literal("N3", "=HYPERLINK(1)"))),
    good("full-width formula", "FORMULA_LIKE_TEXT", remark="＝1+1"),
    good("number for room among zeros", "LEADING_ZERO_SUSPECT", make=lambda: workbook(homes(r3={"room": 201}, r4={"room": "0301"}))),
    good("padded number for room", "LEADING_ZERO_SUSPECT",
         make=lambda: workbook(homes(r3={"room": 201}), edit=styled("E3", number_format="0000"))),
    good("certificate", "WITH_CERTIFICATE", certificate_no="京（2022）朝不动产权第0012345号", issued_on=datetime(2022, 3, 1)),
    good("old certificate", "WITH_CERTIFICATE LEGACY_CERTIFICATE", certificate_no="京房权证朝字第12345号"),
    good("rare character", "RARE_CHAR", holder="张龑"),
    good("word where a name should be", "NAME_UNUSUAL", holder="楼道"),
    good("blank row", "BLANK_ROWS_SKIPPED", make=lambda: workbook([*homes(2), {}, home(3)])),
    good("stray cell in the last row", "BLANK_ROWS_SKIPPED", make=lambda: workbook(edit=put({"B1048576": "x"}))),
    good("false dimension", make=lambda: changed_sheet(workbook(), '<dimension ref="[^"]*"', '<dimension ref="A1:A1"')),
    good("link to another file", "EXTERNAL_LINKS",
         make=lambda: with_parts(workbook(), **{"xl__externalLinks__externalLink1.xml": b"<x/>"})),
    good("dashes of another program", project="CY—0001"),
    good("kept as text by an apostrophe", "NORMALIZED", project="'CY-0001", area="'76.5", phone="'19900000002"),
    good("area code in brackets", "NORMALIZED", phone="（010）65001234"),
    good("slashes for nothing", make=lambda: workbook(homes(r3={"unit_code": "/", "phone": "—", "agreement": "无"}))),
    good("numbers where numbers may stand", "LEADING_ZERO_SUSPECT",
         make=lambda: workbook(homes(r3={"floor": 2.0, "room": 201, "entrance": 1, "phone": 19900000002}))),
    csv("utf-8 with mark", lambda: text_file().encode("utf-8-sig")),
    csv("gb18030", lambda: text_file().encode("gb18030")),
    csv("utf-16", lambda: text_file().encode("utf-16")),
    csv("utf-16 without mark", lambda: text_file().encode("utf-16-le")),
    csv("tabs", lambda: text_file(delimiter="\t")),
    csv("semicolons", lambda: text_file(delimiter=";")),
    csv("closed as in DOS", lambda: text_file().encode("gb18030") + b"\x1a"),
    csv("kept from counting", lambda: text_file(homes(r3={"room": '="0201"'})), warns="NORMALIZED"),
    csv("inch mark in a remark", lambda: text_file(homes(r3={"remark": '门宽3"'}))),
)  # fmt: skip

CASES = FILES + ROWS + WARNINGS
