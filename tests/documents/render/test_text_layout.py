"""Title breaks, dates, sizes by length."""

import pytest

from documents.render import text_layout


@pytest.mark.parametrize(
    ("title", "keep", "lines"),
    [
        ("办证通知书", (), ["办证通知书"]),
        ("关于演示家园三期底商整改的承诺函", (), ["关于演示家园三期底商整改的承诺函"]),
        (
            "关于演示家园三期底商夹层整改及无过错住宅先行办理不动产登记的承诺函",
            ("演示家园三期",),
            ["关于演示家园三期底商夹层整改", "及无过错住宅先行办理不动产登记的承诺函"],
        ),
        (
            "演示区“办证难”历史遗留项目化解工作月报（2022年2月）",
            (),
            ["演示区“办证难”历史遗留项目", "化解工作月报（2022年2月）"],
        ),
        ("上行由作者自定\n下行也是", (), ["上行由作者自定", "下行也是"]),
    ],
    ids=["short", "one line", "before 及", "word whole", "author's break"],
)
def test_title_breaks_by_rule(title: str, keep: tuple[str, ...], lines: list[str]) -> None:
    assert text_layout.title_lines(title, keep) == lines


@pytest.mark.parametrize("length", [21, 33, 40, 41, 57, 60])
def test_title_of_any_length_loses_nothing_and_fits_the_line(length: int) -> None:
    title = ("关于进一步加快推进全区历史遗留房地产开发项目不动产登记有关问题化解工作的" * 2)[:length]
    lines = text_layout.title_lines(title)

    assert "".join(lines) == title
    assert max(map(text_layout.width, lines)) <= text_layout.TITLE_WIDTH
    assert all(line[0] not in "的、，）》”" for line in lines)


def test_title_never_cuts_a_name_that_is_to_be_kept() -> None:
    lines = text_layout.title_lines(
        "关于尽快推动甲乙丙丁戊己庚辛花园二期住宅首次登记有关情况的督办函", ("甲乙丙丁戊己庚辛花园二期",)
    )

    assert any("甲乙丙丁戊己庚辛花园二期" in line for line in lines)


@pytest.mark.parametrize(("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")])
def test_ordinal_in_chinese(number: int, word: str) -> None:
    assert text_layout.ordinal(number) == word


@pytest.mark.parametrize("number", [0, 100])
def test_ordinal_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no ordinal"):
        text_layout.ordinal(number)


def test_date_in_papers_has_no_leading_zeros() -> None:
    assert text_layout.chinese_date("2022-02-01") == "2022年2月1日"
    assert text_layout.chinese_date("2022-12-10T16:20:00+08:00") == "2022年12月10日"


@pytest.mark.parametrize(
    ("organ", "blank"),
    [("区专班", "blank-12"), ("十八里乡人民政府", "blank-6"), ("演示市演示区十八里乡人民政府办公室", "blank-0")],
)
def test_organ_stands_over_the_middle_of_its_date_or_ends_at_the_edge(organ: str, blank: str) -> None:
    assert text_layout.signature_class(organ, "2021-06-18") == blank
    assert f".{blank} " in text_layout.signature_rules()


@pytest.mark.parametrize("length", [1, 8, 30, 60])
def test_every_organ_has_a_size(length: int) -> None:
    assert f".{text_layout.organ_class('乡' * length)} " in text_layout.organ_rules()
