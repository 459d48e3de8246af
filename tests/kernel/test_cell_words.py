"""Words of cells that say no value."""

import pytest

from registry.kernel.cell_words import fold_signs, is_ditto, is_not_stated, is_truth_word


@pytest.mark.parametrize(
    "text",
    [
        "同上",
        "〃",
        "″",
        '"',
        "“",
        "同前",
        "如上",
        "同上行",
        "(同上)".replace("(", "（").replace(")", "）"),
        "々",
        "''",
        "Ditto",
        " 同 上 ",
    ],
)
def test_ditto_points_above(text: str) -> None:
    assert is_ditto(text)


@pytest.mark.parametrize("text", ["", "同上村", "上", "1号楼", "同"])
def test_other_words_do_not(text: str) -> None:
    assert not is_ditto(text)


@pytest.mark.parametrize("text", ["", "/", "0", "待补", "未售", "尚未出售", "开发商未售", "公司", "N/A", "未分配房源"])
def test_word_says_that_nothing_is_known(text: str) -> None:
    assert is_not_stated(text)


@pytest.mark.parametrize("text", ["张三", "开发商张三", "未央", "北京公司", "1", "空军", "无锡甲公司"])
def test_word_says_something(text: str) -> None:
    assert not is_not_stated(text)


def test_answers_of_yes_and_no() -> None:
    assert all(map(is_truth_word, ("TRUE", "false", "是", "Ｙ", "√")))
    assert not any(map(is_truth_word, ("1", "张是", "")))


def test_signs_are_folded_and_characters_are_not() -> None:
    assert fold_signs("张三（１／２），李四\u200b") == "张三（1/2）,李四"
    assert fold_signs("\uf9d1") == "\uf9d1"
