"""The unit list: its columns, declared once, and the rules of each row. Every error of every row is collected."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from documents.intake.results import ReadResult, RowError, StatedHolder, UnitRow
from documents.intake.tables import FormulaWithoutValue, Table, is_date
from registry.kernel.columns import Choice, Column, ColumnSet
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import IdentityKind, check_identity, check_phone, check_unit_code
from registry.kernel.masking import mask_identity, mask_name, mask_phone, scrub
from registry.kernel.names import (
    building_number,
    entrance_number,
    parse_floor,
    rare_characters,
    refuse_control,
    room_number,
    split_people,
)
from registry.kernel.stages import Feature, Use

USES: Final = (
    Choice("dwelling", "住宅", ("成套住宅", "普通住宅", "居住")),
    Choice("retail", "商业", ("底商", "商铺", "店铺")),
    Choice("ancillary", "配套", ("配套用房", "公建配套")),
    Choice("parking", "车位", ("车库", "停车位")),
    Choice("storage", "储藏", ("储藏室", "地下室", "仓储")),
)
IDENTITIES: Final = tuple(
    Choice(kind.value, kind.label, synonyms)
    for kind, synonyms in (
        (IdentityKind.RESIDENT, ("身份证",)),
        (IdentityKind.MILITARY, ("军官证", "士兵证")),
        (IdentityKind.HK_MACAO, ("港澳通行证", "回乡证")),
        (IdentityKind.TAIWAN, ("台胞证",)),
        (IdentityKind.PASSPORT, ()),
        (IdentityKind.ORGANISATION, ("信用代码",)),
        (IdentityKind.OTHER, ()),
    )
)
UNIT_COLUMNS: Final = ColumnSet(
    (
        Column("project", "项目编号", kind="code", width=12, required=True, note="每行都填本项目的编号"),
        Column("building", "楼栋(幢号)", width=12, required=True, synonyms=("楼栋", "幢号", "楼号"), note="如 9号楼"),
        Column("entrance", "单元号", width=8, synonyms=("单元",), note="没有单元的不填"),
        Column("floor", "楼层", width=8, required=True, synonyms=("名义层", "所在层"), note="如 5、-1、1夹"),
        Column("room", "户号(房号)", kind="code", width=12, required=True, synonyms=("户号", "房号", "室号"), note="文本"),
        Column("unit_code", "不动产单元号", kind="code", width=32, note="28位，落宗落幢后填"),
        Column("use", "规划用途", width=10, required=True, synonyms=("用途",), choices=USES, note="从列表里选"),
        Column("area", "建筑面积", kind="area", width=12, synonyms=("面积",), note="平方米，两位小数"),
        Column(
            "holder", "权利人姓名", kind="person", width=14, personal=True, synonyms=("权利人", "姓名", "业主姓名"),
            note="共有人用、隔开",
        ),
        Column("identity_kind", "证件类型", width=14, choices=IDENTITIES, note="不填按居民身份证"),
        Column(
            "identity", "证件号码", kind="identity", width=24, personal=True, synonyms=("身份证号", "身份证号码"),
            note="设为文本；与姓名同序，用、隔开",
        ),
        Column("phone", "联系电话", kind="phone", width=16, personal=True, synonyms=("电话", "手机号"), note="文本"),
        Column("agreement", "购房合同号/安置协议号", kind="code", width=24, synonyms=("合同号", "协议号", "安置协议号", "购房合同号")),
        Column("remark", "备注", width=24, note="有夹层、擅改用途、跃层的请写明"),
    )
)  # fmt: skip
HEADER: Final = {column.name: column.header for column in UNIT_COLUMNS}
LIMITS: Final = {"building": 40, "entrance": 10, "room": 20, "agreement": 60, "remark": 500, "holder": 200}
FEATURE_WORDS: Final = (
    ("夹层", Feature.MEZZANINE),
    ("擅改用途", Feature.ALTERED_USE),
    ("改变用途", Feature.ALTERED_USE),
    ("跃层", Feature.DUPLEX),
)
TOTALS: Final = ("合计", "小计", "总计", "共计")
MOST_AREA: Final = Decimal(100_000)


@dataclass
class Work:
    """One row in the making: its cells as text, its errors so far."""

    number: int
    cells: Mapping[str, Any]
    errors: list[RowError] = field(default_factory=list)
    warnings: set[str] = field(default_factory=set)

    def refuse(self, name: str, code: str, what: str) -> None:
        """This will add an error: row, column, what is wrong and how to mend it."""
        message = f"第 {self.number} 行「{HEADER[name]}」{scrub(what)}"
        self.errors.append(RowError(self.number, HEADER[name], code, message))

    def text(self, name: str) -> str:
        """This will give a cell as text; a date, an error value or an empty formula is refused where it stands."""
        value = self.cells.get(name)
        if value is None:
            return ""
        if isinstance(value, FormulaWithoutValue):
            self.refuse(name, "FORMULA_NO_VALUE", "为公式且无计算结果。请在 Excel 中打开并保存一次，或改成数值。")
            return ""
        if is_date(value):
            code = "ROOM_IS_DATE" if name == "room" else "REQUIRED"
            self.refuse(name, code, "被 Excel 当作日期。请将该列设为文本后重填。")
            return ""
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, float):
            return str(int(value)) if value.is_integer() else repr(value)
        text = str(value)
        if text.startswith("#") and text.rstrip("!?").isupper() and text.endswith(("!", "?", "A")):
            self.refuse(name, "CELL_ERROR", f"是错误值{text}。请改正后重填。")
            return ""
        return self._clean(name, text)

    def _clean(self, name: str, text: str) -> str:
        try:
            refuse_control(text.replace("\n", "").replace("\t", "") if name == "remark" else text.strip())
        except DomainError as error:
            self.refuse(name, "CTRL_CHAR", error.message)
            return ""
        if len(text) > LIMITS.get(name, 500):
            self.refuse(name, "TOO_LONG", f"超过{LIMITS.get(name, 500)}个字。请缩短。")
            return ""
        if name in ("remark", "agreement", "holder") and text.lstrip()[:1] in ("=", "+", "-", "@", "＝"):
            self.warnings.add("FORMULA_LIKE_TEXT")
        return text.strip() if name != "remark" else text

    def through(self, name: str, rule: Callable[[str], Any], text: str) -> Any:
        """This will pass a text through a kernel rule; its refusal becomes the row's."""
        try:
            return rule(text)
        except DomainError as error:
            self.refuse(name, str(error.code), error.message)
            return None


def unit_rows(table: Table, *, expected_project: str) -> ReadResult:
    """This will turn a table into typed rows, refused rows and skipped ones; a foreign row refuses the file."""
    works = [Work(number, cells) for number, cells in table.rows]
    skipped = [(work.number, "合计行") for work in works if _is_total(work)]
    works = [work for work in works if not _is_total(work)]
    foreign = [work.number for work in works if _is_foreign(work, expected_project)]
    if foreign:
        named = "、".join(map(str, foreign[:20]))
        more = f"等{len(foreign)}行" if len(foreign) > 20 else "行"
        message = (
            f"第 {named} {more}的项目编号不是本项目（{expected_project}），整份未导入。请删去这些行，或到该项目下导入。"
        )
        return ReadResult(file_error="FOREIGN_PROJECT", message=message, sheet=table.sheet, header_row=table.header_row)
    rows = [row for work in works if (row := _row(work, table)) is not None]
    _refuse_duplicates(works, rows)
    if skipped:
        table.warn("TOTAL_ROW_SKIPPED")
    for warning in sorted({warning for work in works for warning in work.warnings}):
        table.warn(warning)
    bad = {work.number for work in works if work.errors}
    good = [row for row in rows if row.row not in bad]
    _family_warnings(table, good)
    return ReadResult(
        rows_present=len(works) + len(skipped),
        rows=good,
        errors=[error for work in works for error in work.errors],
        skipped=skipped,
        warnings=list(table.warnings),
        shown={work.number: shown(work) for work in works if work.number in bad},
        sheet=table.sheet,
        header_row=table.header_row,
        mapping={name: str(at) for name, at in table.match.positions.items()},
    )


def _is_total(work: Work) -> bool:
    texts = [str(value).strip() for value in work.cells.values() if value is not None]
    return any(text.startswith(TOTALS) for text in texts) and work.cells.get("room") in (None, "")


def _is_foreign(work: Work, expected: str) -> bool:
    stated = work.cells.get("project")
    return stated is not None and str(stated).strip() != "" and str(stated).strip() != expected


def _row(work: Work, table: Table) -> UnitRow | None:
    width = table.widths.get(work.number)
    if width is not None and width != table.width:
        work.refuse("project", "COL_COUNT", f"所在行有{width}列，表头是{table.width}列。请检查是否多了或少了逗号。")
        return None
    texts = {name: work.text(name) for name in HEADER if name not in ("identity", "unit_code", "area")}
    said = {error.column for error in work.errors}
    for name in ("project", "building", "floor", "room", "use"):
        if not texts[name] and HEADER[name] not in said:
            work.refuse(name, "REQUIRED", "没有填。请补上。")
    floor = work.through("floor", parse_floor, texts["floor"]) if texts["floor"] else None
    use = _use(work, texts["use"])
    area = _area(work)
    code = _unit_code(work)
    holders = _holders(work, texts)
    if work.errors or floor is None or use is None:
        return None
    features = _features(texts["remark"]) | (Feature.BASEMENT if floor.order < 0 else Feature.NONE)
    _note_zeros(work, texts["room"])
    return UnitRow(
        row=work.number,
        building=building_number(texts["building"]),
        entrance=entrance_number(texts["entrance"]) if texts["entrance"] else "",
        floor=floor.label,
        floor_order=floor.order,
        room=room_number(texts["room"]),
        use=use,
        features=features,
        unit_code=code,
        area=area,
        holders=holders,
        agreement_no=texts["agreement"],
        remark=texts["remark"],
        shown=shown(work),
    )


def _use(work: Work, text: str) -> Use | None:
    if not text:
        return None
    found = work.through("use", UNIT_COLUMNS.by_name("use").coerce, text)
    return Use(found) if found else None


def _area(work: Work) -> Decimal | None:
    value = work.cells.get("area")
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        area = Decimal(str(round(value, 2)))
    else:
        text = (
            work.text("area")
            .replace(",", "")
            .replace("，", "")
            .removesuffix("㎡")
            .removesuffix("m²")
            .removesuffix("平方米")
        )
        if not text:
            return None
        try:
            area = Decimal(text).quantize(Decimal("0.01"))
        except InvalidOperation:
            work.refuse("area", "AREA_FORMAT", f"“{text[:20]}”不是数。请填实测面积，单位平方米，两位小数，如 76.00。")
            return None
    if not Decimal(0) < area < MOST_AREA:
        work.refuse("area", "AREA_RANGE", f"{area}超出范围。请核对，应大于0、小于100,000平方米。")
        return None
    return area


def _unit_code(work: Work) -> str | None:
    value = work.cells.get("unit_code")
    if isinstance(value, int | float) and not isinstance(value, bool):
        work.refuse(
            "unit_code",
            "UNITCODE_PRECISION_LOST",
            "在 Excel 中是数值，末位已丢失，无法恢复。请将该列设为“文本”后重新录入。",
        )
        return None
    text = work.text("unit_code")
    found: str | None = work.through("unit_code", check_unit_code, text) if text else None
    return found


def _holders(work: Work, texts: Mapping[str, str]) -> tuple[StatedHolder, ...]:
    numbers = _identities(work)
    if not texts["holder"]:
        if numbers:
            work.refuse("holder", "REQUIRED", "没有填，却填了证件号码。请补上姓名。")
        return ()
    names = work.through("holder", split_people, texts["holder"]) or ()
    kinds = texts["identity_kind"]
    kind = work.through("identity_kind", UNIT_COLUMNS.by_name("identity_kind").coerce, kinds) if kinds else "resident"
    phones = [part for part in texts["phone"].replace("；", "、").replace(";", "、").split("、") if part.strip()]
    if numbers and len(numbers) != len(names):
        work.refuse(
            "identity", "ID_FORMAT", f"有{len(numbers)}个，权利人有{len(names)}个，对不上。请按同样的顺序用、隔开。"
        )
        return ()
    holders = []
    for n, name in enumerate(names):
        number = _identity(work, kind, numbers[n]) if numbers and kind else ""
        phone = phones[n] if n < len(phones) else phones[0] if len(phones) == 1 else ""
        checked = work.through("phone", check_phone, phone) if phone else ""
        holders.append(StatedHolder(name, kind or "resident", number or "", checked or ""))
        if rare_characters(name):
            work.warnings.add("RARE_CHAR")
    if len(names) > 1:
        work.warnings.add("CO_OWNERS")
    return tuple(holders)


def _identities(work: Work) -> list[str]:
    value = work.cells.get("identity")
    if isinstance(value, int | float) and not isinstance(value, bool):
        work.refuse(
            "identity", "ID_PRECISION_LOST", "在 Excel 中是数值,末位已丢失,无法恢复。请将该列设为“文本”后重新录入。"
        )
        return []
    text = work.text("identity").replace("；", "、").replace(";", "、").replace("，", "、").replace(",", "、")
    return [part.strip() for part in text.split("、") if part.strip()]


def _identity(work: Work, kind: str, text: str) -> str:
    found = work.through("identity", lambda number: check_identity(IdentityKind(kind), number), text)
    if found and kind == "resident" and len(text.strip()) == 15:
        work.warnings.add("OLD_ID15")
    if found and found != text:
        work.warnings.add("NORMALIZED")
    return found or ""


def _features(remark: str) -> Feature:
    found = Feature.NONE
    for word, feature in FEATURE_WORDS:
        if word in remark and f"无{word}" not in remark and f"没有{word}" not in remark:
            found |= feature
    return found


def _note_zeros(work: Work, room: str) -> None:
    if isinstance(work.cells.get("room"), int | float) and len(room) < 3:
        work.warnings.add("LEADING_ZERO_SUSPECT")


def _refuse_duplicates(works: list[Work], rows: list[UnitRow]) -> None:
    by_number = {work.number: work for work in works}
    places: dict[tuple[str, str, str, str], list[UnitRow]] = defaultdict(list)
    codes: dict[str, UnitRow] = {}
    for row in rows:
        work = by_number[row.row]
        place = (row.building, row.entrance, row.floor, row.room)
        if places[place] and not _is_co_owner(row, places[place]):
            first = places[place][0].row
            where = f"{row.building}号楼{f'{row.entrance}单元' if row.entrance else ''}{row.room}"
            work.refuse(
                "room", "UNIT_DUP", f"与第{first}行是同一户（{where}）。请留一行；共有人请写在同一格，用“、”隔开。"
            )
            continue
        if places[place]:
            work.warnings.add("CO_OWNERS")
        elif row.unit_code and row.unit_code in codes:
            work.refuse("unit_code", "UNITCODE_DUP", f"与第{codes[row.unit_code].row}行相同。请核对，一户一号。")
            continue
        places[place].append(row)
        if row.unit_code:
            codes.setdefault(row.unit_code, row)


def _is_co_owner(row: UnitRow, same: list[UnitRow]) -> bool:
    first = same[0]
    facts = (row.use, row.features, row.unit_code, row.area, row.agreement_no)
    stated = {holder.name for one in same for holder in one.holders}
    return (
        bool(row.holders)
        and facts == (first.use, first.features, first.unit_code, first.area, first.agreement_no)
        and not stated & {holder.name for holder in row.holders}
    )


def _family_warnings(table: Table, rows: list[UnitRow]) -> None:
    owned: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for row in rows:
        for holder in row.holders:
            if holder.identity:
                owned[holder.identity].add((row.building, row.entrance, row.room))
    if any(len(places) > 1 for places in owned.values()):
        table.warn("ONE_OWNER_MANY_UNITS")


def shown(work: Work) -> dict[str, str]:
    """This will give the cells of a row as a preview may show them: names, numbers and phones masked."""
    cells = {}
    for name, header in HEADER.items():
        value = work.cells.get(name)
        if value is None or isinstance(value, FormulaWithoutValue):
            text = "（公式）" if isinstance(value, FormulaWithoutValue) else ""
        elif isinstance(value, float) and value.is_integer():
            text = str(int(value))
        else:
            text = str(value)[:60]
        cells[header] = _masked(name, text)
    return cells


def _masked(name: str, text: str) -> str:
    if not text:
        return ""
    if name == "identity":
        return "、".join(mask_identity(part) for part in text.replace("；", "、").replace(";", "、").split("、"))
    if name == "phone":
        return mask_phone(text)
    if name == "holder":
        return "、".join(mask_name(part.strip()) for part in text.replace("；", "、").split("、") if part.strip())
    return scrub(text)
