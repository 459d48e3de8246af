"""Small rules of Chinese official typesetting that a stylesheet cannot know: title breaks, dates, sizes by length."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations, pairwise

TITLE_WIDTH = 20.0  # characters of 2号 (22 pt) in a line of 156 mm
DIGITS = "〇一二三四五六七八九"
# Words that a title line never cuts; longer ones are tried first. Names of places come with the title (`keep`).
WORDS = tuple(
    sorted(
        "不动产权证书 不动产登记 不动产权 不动产 首次登记 转移登记 人民政府 街道办事处 办事处 工作专班 领导小组 历史遗留 遗留问题 "
        "房地产开发 有限公司 安置住宅 无过错 过错 住宅 底商 商业 配套 用房 夹层 车位 规划核验 规划用途 规划 核验 竣工验收 验收 "
        "消防 人防 备案 实测 成果 审核 整改 恢复 拆除 先行 办理 办证 领证 发证 项目 居民 业主 房屋 工程 问题 事项 情况 工作 "
        "承诺函 督办函 承诺书 通知书 告知书 决定书 承诺 督办 催办 通报 月报 纪要 简报 证缴分离 税证分离 土地出让价款 维修资金 契税 "
        "会议 例会 议程 专班 有关 关于 以及 进一步 加快 推进 解决 做好 开展 落实".split(),
        key=len,
        reverse=True,
    )
)
NUMBER = r"[0-9０-９]+(?:[—～\-.,][0-9０-９]+)*(?:号楼|号院|单元|[号楼栋幢层户套间年月日期批项条个])?"
AFTER_GOOD, BEFORE_GOOD = "的、，；：》”）", "及和与并暨《“（"
AFTER_BAD, BEFORE_BAD = "于对按将为向在由使令被经从把以不未各本该《“（", "的了、，；：》”）"


def chinese_date(text: str) -> str:
    """Write 2022-03-08 as 2022年3月8日, without leading zeros."""
    day = date.fromisoformat(text[:10])
    return f"{day.year}年{day.month}月{day.day}日"


def ordinal(number: int) -> str:
    """Write 1…99 as 一…九十九."""
    if not 1 <= number <= 99:
        raise ValueError(f"no ordinal for {number}")
    tens, units = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十"
    return head + (DIGITS[units] if units else "")


def width(text: str) -> float:
    """Return the width of a text in full squares: Latin letters and digits are half a square."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5 for character in text)


def title_lines(title: str, keep: Iterable[str] = (), limit: float = TITLE_WIDTH) -> list[str]:
    """Break a title into as few lines as it needs, of like length, never inside a word.

    Line feeds in the title are the author's own breaks and stand. `keep` names phrases that stay whole.
    """
    return [line for part in title.split("\n") if part for line in _broken(part, tuple(keep), limit)]


def _broken(title: str, keep: tuple[str, ...], limit: float) -> list[str]:
    if width(title) <= limit:
        return [title]
    tokens = list(_tokens(title, keep))
    fewest = int(-(-width(title) // limit))
    for count in range(fewest, len(tokens) + 1):
        options = [lines for lines in _partitions(tokens, count) if max(map(width, lines)) <= limit]
        if options:
            return min(options, key=lambda lines: _cost(lines, tokens))
    return [title]


def _tokens(title: str, keep: tuple[str, ...]) -> Iterator[str]:
    words = "|".join(map(re.escape, sorted(filter(None, keep), key=len, reverse=True) + list(WORDS)))
    for match in re.finditer(f"{NUMBER}|{words}|[A-Za-z]+|.", title):
        yield match[0]


def _partitions(tokens: list[str], count: int) -> Iterator[list[str]]:
    for cuts in combinations(range(1, len(tokens)), count - 1):
        yield ["".join(tokens[start:end]) for start, end in pairwise((0, *cuts, len(tokens)))]


def _cost(lines: list[str], tokens: list[str]) -> float:
    """Weigh a break: uneven lines, cuts between single characters (perhaps one word), bad first or last characters."""
    widths = [width(line) for line in lines]
    mean = sum(widths) / len(widths)
    cost = sum((size - mean) ** 2 for size in widths) * 0.5
    for before, after in pairwise(lines):
        if before[-1] in AFTER_BAD or after[0] in BEFORE_BAD:
            cost += 200
        elif before[-1] not in AFTER_GOOD and after[0] not in BEFORE_GOOD:
            cost += 6 if _is_word(before, tokens) or _is_word(after, tokens, first=True) else 16
    return cost


def _is_word(line: str, tokens: list[str], *, first: bool = False) -> bool:
    """Tell whether the line ends (or begins) with a known word of two characters or more."""
    return any(len(token) > 1 and (line.startswith(token) if first else line.endswith(token)) for token in tokens)


def organ_class(organ: str) -> str:
    """Name the class that fits an organ's name into the red head."""
    return f"organ-{min(max(len(organ), 4), 30)}"


def organ_rules() -> str:
    """Return the sizes of red heads: as large as 150 mm allow, never above 42 pt."""
    return "".join(
        f".organ-{count} {{ font-size: {min(42.0, 425 / count):.2f}pt; letter-spacing: 0; }}\n"
        for count in range(4, 31)
    )


def signature_class(organ: str, day: str) -> str:
    """Name the class that centres an organ's name over its date, whose right blank is four characters.

    A name too long for that ends at the right edge.
    """
    overhang = (width(organ) - width(chinese_date(day))) / 2
    return f"blank-{max(0, round((4 - overhang) * 2))}"


def signature_rules() -> str:
    """Return the right blanks of signatures, in half characters."""
    return "".join(f".blank-{count} {{ padding-right: {count / 2:.1f}em; }}\n" for count in range(25))
