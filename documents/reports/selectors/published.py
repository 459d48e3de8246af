"""Published tables that ship as examples, and published figures beside the ledger's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from registry.kernel.errors import NotFound
from registry.kernel.foreign import read_sheet

CITY: Final = ""


@dataclass(frozen=True)
class Quoted:
    """A published figure, as quoted: of what and when, by whom; a project's name where it speaks of one."""

    code: str
    of: str
    as_of: str
    source: str
    figure: str  # of the ledger, that it may be held against
    text: str
    number: int
    explains: str
    project: str = CITY


QUOTED: Final = (
    Quoted("T1", "三亚14个小区", "2014年", "S35", "issued", "1,586套，占1,769套的89.65%", 1_586,
           "别的城市；1,586÷1,769＝89.655%，所列是舍去的，四舍五入为89.66%"),
    Quoted("T2", "甘肃", "2022-10-10", "S23", "issued", "应办87万，首登83万，转移70万，“整体办证率80%”", 700_000,
           "别的省；70÷87＝80.46%，办证率以转移登记为分子，首登率是95.40%"),
    Quoted("T3", "甘肃", "2021年12月", "S43", "issued", "81万中50万，“六成以上”", 500_000, "别的省；50÷81＝61.73%"),
    Quoted("T4", "海南", "2014年", "S44", "issued", "受理55,851，发证24,022", 24_022,
           "别的省；发证率43.01%；所列各市县受理之和50,463，其余未列"),
    Quoted("T5", "周庄嘉园三期", "2022年2月", "S0 报道", "due", "7,899户", 7_899,
           "报道以户计，台账以套计；台账以清册为准，核减、新增另列", "周庄嘉园三期"),
    Quoted("T5", "周庄嘉园三期", "2022年2月", "S0 报道", "issued", "发证400余户", 400,
           "报道是约数，台账逐户有证号和日期；约占7,899户的5.06%", "周庄嘉园三期"),
    Quoted("T5", "周庄嘉园三期", "2022年2月", "S0 报道", "collected", "收件3,000余户", 3_000,
           "报道是约数；台账“已收材料”含已受理以后各环节；约占7,899户的37.98%", "周庄嘉园三期"),
    Quoted("T6", "北京", "2021年1—11月", "S45", "issued", "16.8万套", 168_000,
           "16.8万＋2022年12.28万＝29.08万，多于“21.9万”：各次公布的范围和日期不同，不能相加相减"),
    Quoted("T6", "北京", "2022年", "S0 报道", "issued", "60余万套中21.9万套", 219_000,
           "报道是全市累计；台账只计已纳入的项目"),
    Quoted("T7", "武汉鑫海花城", "—", "S48", "due", "2,655套＝安置928＋商品1,727，其中242套因破产受阻", 2_655,
           "别的城市；合计相符"),
)  # fmt: skip


def examples() -> list[tuple[str, str]]:
    """Return the published tables that ship: code and title."""
    files = sorted(_folder().glob("P*.csv"), key=lambda path: int(path.stem[1:]))
    return [(path.stem, _title(path)) for path in files]


def example(code: str) -> str:
    """Return the text of a shipped table. Refused: a code that none has."""
    if code not in dict(examples()):
        raise NotFound("没有这张示例表。请从示例中选。")
    return (_folder() / f"{code}.csv").read_text()


def beside_the_ledger(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Return the quoted figures, each beside what the entries of a month say of the same to its reader."""
    lines = []
    for quoted in QUOTED:
        own = [row["figures"] for row in rows.get("projects", ()) if quoted.project in (CITY, row["name"])]
        number = sum(figures.get(quoted.figure, 0) for figures in own) if own else None
        gap = None if number is None else number - quoted.number
        lines.append({"quoted": quoted, "own": number, "gap": gap})
    return lines


def _folder() -> Path:
    return Path(settings.BASE_DIR) / "fixtures" / "published"


def _title(path: Path) -> str:
    words = read_sheet(path.read_text()).words
    return f"{words['标题']}（{words['期间']}）"
