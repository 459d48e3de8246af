"""Published tables: each of the seventeen that ship shows what published_tables.csv says it must."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.foreign import Finding, SheetRefused, Verdict, check_sheet, read_sheet

SHIPPED = Path(__file__).parents[2] / "fixtures" / "published"
BY_CLASSES = "以受理各项之和195,532为分母则相符"
MUST_SHOW: dict[str, tuple[int, tuple[str, ...]]] = {  # by table: how many faults, and what is said
    "P1": (1, ("9项合计26,899，所列26898，多1",)),
    "P2": (0, ("95.84%＝18851÷来电19,668，尾数舍去",)),
    "P3": (3, ("3项合计3,884，所列3942，有58未列明", "4项合计3,943，所列3942，多1", "207÷受理3,942＝5.25%，所列4.11%")),
    "P4": (0, ("各率之和99.99%，是各自取舍的结果，不凑成100%",)),
    "P5": (8, ("7项合计195,532，所列284406，有88,874未列明", BY_CLASSES)),
    "P6": (
        5,
        ("以住建热线按时87为分母", "以公安热线按时70", "以城管热线按时66", "以卫健热线按时63", "以市监热线按时39"),
    ),
    "P7": (0, ("只有22件得满分，件数太少，不宜排名",)),
    "P8": (0, ("上期应约为420",)),
    "P9": (1, ("标题写2月，期间是2017年3月",)),
    "P10": (1, ("5项合计65,686，所列71266，有5,580未列明", "上期64,085，增减7181，折合11.21%，所列11.2%")),
    "P11": (0, ()),
    "P12": (0, ("2项合计11,039,400，与所列相符", "90.71%＝1001.38万÷来电11,039,400，四舍五入")),
    "P13": (2, ("6197÷考核办结8,846＝70.05%", "6434÷评价（三项之和）7,696＝83.60%", "不能复现")),
    "P14": (1, ("97.8%＝6788÷安置房6,939", "有151未列明")),
    "P15": (0, ("3项合计6，与所列相符",)),
    "P16": (0, ("2个得分的公式不在表中，不能复核，照录",)),
    "P17": (0, ("4个得分的公式不在表中，不能复核，照录；公式换过的年份不能相比",)),
}


def found_in(text: str) -> list[Finding]:
    return check_sheet(read_sheet(text))


@pytest.mark.parametrize("code", MUST_SHOW)
def test_a_published_table_shows_what_it_must(code: str) -> None:
    faults, said = MUST_SHOW[code]
    findings = found_in((SHIPPED / f"{code}.csv").read_text())

    assert [f.text for f in findings if f.verdict == Verdict.DIFFERS][faults:] == []
    assert sum(f.verdict == Verdict.DIFFERS for f in findings) == faults
    told = "\n".join(f.text for f in findings)
    assert [words for words in said if words not in told] == []


def test_every_published_table_ships() -> None:
    assert {path.stem for path in SHIPPED.glob("*.csv")} == set(MUST_SHOW)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "第一行应是表头"),
        ("受理,26898\n办结,1", "第一行应是表头"),
        ("项目,数", "表头下没有行"),
        ("项目,数\n受理,很多", "“很多”不是数"),
        ("项目,数\n" + "受理,1\n" * 500, "最多500行"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(SheetRefused, match=said):
        read_sheet(text)


def test_it_is_pasted_with_tabs_thousands_and_full_width_signs() -> None:
    text = "项目\t数\t率（%）\t分母\n应办\t1,769\t\t\n已发证\t1,586\t89.65％\t应办\n"
    assert [f.text for f in found_in(text)] == ["89.65％＝1,586÷应办1,769，尾数舍去，不是四舍五入"]


@given(st.lists(st.integers(1, 10_000), min_size=2, max_size=6))
def test_what_is_right_is_never_called_wrong(parts: list[int]) -> None:
    whole = sum(parts)
    rows = [f"第{n}类,{part},{(part * 20_000 + whole) // (2 * whole) / 100:.2f}%,合计" for n, part in enumerate(parts)]
    findings = found_in("\n".join(["项目,数,率,属于", f"合计,{whole},,", *rows]))
    assert [f.text for f in findings if f.verdict == Verdict.DIFFERS] == []


@given(st.text(max_size=80))
def test_whatever_is_pasted_is_read_or_refused(text: str) -> None:
    for head in ("", "项目,数,率,属于,分母,增减,增减率,得分\n"):
        with suppress(SheetRefused):
            found_in(head + text)
