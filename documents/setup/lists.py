"""The unit lists of the demo, as rows of the unit-list workbook: invented families, published totals."""

from collections.abc import Iterator

from registry.kernel.identifiers import synthetic_identity, synthetic_phone

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "演示甲乙丙丁戊己庚辛壬癸安平和顺福康宁"
Row = dict[str, str]


def person(serial: int) -> str:
    """Return an invented name."""
    return f"{SURNAMES[serial % len(SURNAMES)]}{GIVEN[serial // 7 % len(GIVEN)]}{GIVEN[serial // 3 % len(GIVEN)]}"


def home(code: str, building: str, entrance: str, floor: int, room: str, serial: int, area: str, agreement: str) -> Row:
    """Return one dwelling row."""
    return {
        "project": code,
        "building": building,
        "entrance": entrance,
        "floor": str(floor),
        "room": room,
        "unit_code": "",
        "use": "住宅",
        "area": area,
        "holder": person(serial),
        "identity_kind": "居民身份证",
        "identity": synthetic_identity(serial),
        "phone": synthetic_phone(serial),
        "agreement": agreement,
        "remark": "",
    }


def other(code: str, building: str, floor: str, room: str, use: str, remark: str, area: str) -> Row:
    """Return one shop or ancillary row; such units have no holder yet."""
    row = home(code, building, "", 1, room, 0, area, "")
    return row | {
        "floor": floor,
        "use": use,
        "holder": "",
        "identity_kind": "",
        "identity": "",
        "phone": "",
        "remark": remark,
    }


def zhouzhuang_rows() -> Iterator[Row]:
    """周庄嘉园三期: 36 residential buildings, 7,899 resettlement homes, 120 shops and ancillary rooms."""
    code, serial = "CY-0137", 0
    for building in range(1, 37):
        for floor in range(2, 21):
            for entrance in (1, 2, 3):
                for room in (1, 2, 3, 4):
                    last = floor == 20
                    if last and (entrance > 1 or (room == 4 and building > 15)):
                        continue
                    serial += 1
                    area = f"{60 + serial * 7 % 60}.{serial * 13 % 100:02d}"
                    yield home(
                        code, f"{building}号楼", str(entrance), floor, f"{floor}{room:02d}", serial, area,
                        f"ZZ3-{building:02d}-{serial:05d}",
                    )  # fmt: skip
    yield from _shops(code)


def _shops(code: str) -> Iterator[Row]:
    kinds = (
        [("商业", "有夹层", "1")] * 31
        + [("商业", "擅改用途", "1")] * 7
        + [("配套", "擅改用途", "-1")] * 9
        + [("商业", "", "1")] * 58
        + [("配套", "", "-1")] * 15
    )
    buildings = (1, 3, 5, 7, 9, 12, 15, 17, 20, 22, 28, 2, 6, 11, 14, 18, 25, 8, 4, 10)
    for n, (use, remark, floor) in enumerate(kinds):
        building = buildings[n % len(buildings)]
        mark = "S" if use == "商业" else "P"
        area = f"{40 + n * 3}.{n * 17 % 100:02d}"
        yield other(code, f"{building}号楼", floor, f"{mark}{n // len(buildings) + 1:02d}", use, remark, area)


def guanzhuang_rows() -> Iterator[Row]:
    """管庄西里53号楼: one building of a bankrupt developer, 126 homes."""
    for n in range(126):
        floor, entrance, room = n // 21 + 1, n % 21 // 3 + 1, n % 3 + 1
        yield home(
            "CY-0053", "53号楼", str(entrance), floor, f"{floor}{room:02d}", 20_000 + n, f"{52 + n % 30}.{n % 100:02d}",
            f"GZ-{n + 1:04d}",
        )  # fmt: skip


def huayuan_rows() -> Iterator[Row]:
    """花园新区: 312 homes in six buildings; the first batch is 104."""
    for n in range(312):
        building, rest = n // 52 + 1, n % 52
        floor, entrance, room = rest // 8 + 1, rest % 8 // 4 + 1, rest % 4 + 1
        yield home(
            "HD-0012", f"{building}号楼", str(entrance), floor, f"{floor}{room:02d}", 30_000 + n,
            f"{70 + n % 45}.{n * 7 % 100:02d}", f"HY-{n + 1:04d}",
        )  # fmt: skip


LISTS = {
    "周庄嘉园三期房屋清册": zhouzhuang_rows,
    "管庄西里53号楼房屋清册": guanzhuang_rows,
    "花园新区房屋清册": huayuan_rows,
}
