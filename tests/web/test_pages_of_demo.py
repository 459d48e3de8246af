"""What the comparison of two dumps of the demo takes for equal, and what it tells."""

from pathlib import Path

import pytest

from tests.pages_of_demo import compare, lines_of, words_of


@pytest.mark.parametrize(
    ("one", "other", "is_equal"),
    [
        ("<ul><li>甲</li><li>乙</li></ul>", "<ul>\n  <li>甲</li>\n  <li>\n    乙\n  </li>\n</ul>", True),
        ("<p><b>甲</b>乙</p>", "<p>\n  <b>甲</b>乙\n</p>", True),
        ("<p><b>甲</b>乙</p>", "<p><b>甲</b>\n  乙</p>", False),
        ("<p>甲 <a>乙</a></p>", "<p>甲\n  <a>\n    乙</a></p>", True),
        ("<p><a>甲</a><a>乙</a></p>", "<p><a>甲</a>\n<a>乙</a></p>", False),
        ('<p class="acts"><a>甲</a><a>乙</a></p>', '<p class="acts"><a>甲</a>\n<a>乙</a></p>', True),
        ("<p><button>甲</button></p>", "<p><button>\n甲\n</button></p>", True),
        ("<p>甲<button>乙</button></p>", "<p>甲\n<button>乙</button></p>", False),
        ('<a class="x" href="/">甲</a>', '<a\n  href="/"\n  class="x"\n>甲</a>', True),
        ('<a class="x">甲</a>', '<a class="y">甲</a>', False),
        ("<summary>甲</summary><ul></ul>", "<summary>\n  甲\n</summary><ul></ul>", False),
        ("<p>甲　乙</p>", "<p>甲乙</p>", False),
    ],
)
def test_only_blanks_that_are_drawn_count(one: str, other: str, is_equal: bool) -> None:
    assert (lines_of(one)[0] == lines_of(other)[0]) is is_equal


def test_words_leave_the_tags_out() -> None:
    assert words_of(lines_of('<p class="x">甲<b> 乙</b></p>')[0]) == ["甲", "乙"]


@pytest.mark.parametrize(
    ("name", "one", "other", "with_markup", "differ"),
    [
        ("a.html", "<!-- 200 --><p>甲</p>", "<!-- 200 --><p>甲</p>", True, 0),
        ("a.html", "<!-- 200 --><p>甲</p>", "<!-- 403 --><p>甲</p>", False, 1),
        ("a.html", "<p>甲</p>", "<p>乙</p>", False, 1),
        ("a.html", "<p>甲</p>", '<p class="x">甲</p>', False, 0),
        ("a.html", "<p>甲</p>", '<p class="x">甲</p>', True, 1),
        ("a.html", *(f'<input name="csrfmiddlewaretoken" value="{token}">' for token in "xy"), True, 0),
        ("a.cells.txt", "表!A1 '2026-11-30 10:04 导出，编号DC1'", "表!A1 '2026-12-01 10:04 导出，编号DC2'", False, 0),
        ("a.cells.txt", "表!A1 3", "表!A1 4", False, 1),
        ("a.cells.txt", "表!A1 3", None, False, 1),
    ],
)
def test_what_differs_is_told_file_by_file(
    tmp_path: Path, name: str, one: str, other: str | None, with_markup: bool, differ: int
) -> None:
    for folder, text in (("before", one), ("after", other)):
        (tmp_path / folder).mkdir()
        if text is not None:
            (tmp_path / folder / name).write_text(text, encoding="utf-8")

    assert compare(tmp_path / "before", tmp_path / "after", with_markup) == differ
