"""Text with named fields: what is filled is never read as a field; what its place does not have is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.wording import MOST, WordingRefused, fields_of, filled, require_wording

NAMES = st.sampled_from(["项目", "坐落", "登记机构"])
PLAIN = st.text(st.characters(exclude_characters="{}\n", codec="utf-8"), max_size=20)


@given(st.lists(st.tuples(PLAIN, NAMES), min_size=1, max_size=6), st.text(max_size=12))
def test_a_text_is_filled_once(parts: list[tuple[str, str]], value: str) -> None:
    text = "".join(f"{plain}{{{name}}}" for plain, name in parts)

    assert set(fields_of(text)) == {name for _, name in parts}
    expected = "".join(f"{plain}{value}" for plain, _ in parts)
    assert filled(text, dict.fromkeys(fields_of(text), value)) == (
        expected if text == text.strip() else expected.lstrip()
    )


def test_a_value_that_looks_like_a_field_stays_as_it_is() -> None:
    assert filled("见{项目}。", {"项目": "{坐落}"}) == "见{坐落}。"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "未填写文字"),
        ("由{登记处}办理", "没有“{登记处}”这个字段，可用的字段是{项目}、{坐落}"),
        ("由{项目办理", "花括号没有成对"),
        ("由项目}办理", "花括号没有成对"),
        ("由{{项目}}办理", "花括号没有成对"),
        ("第一段\n第二段", "不能换行"),
        ("字" * (MOST + 1), f"最多{MOST}个"),
    ],
)
def test_what_cannot_be_printed_is_refused_at_its_field(text: str, said: str) -> None:
    with pytest.raises(WordingRefused, match=said.replace("{", r"\{").replace("}", r"\}")) as refusal:
        require_wording(text, ("项目", "坐落"))
    assert refusal.value.field == "value"


def test_a_place_without_fields_says_so() -> None:
    with pytest.raises(WordingRefused, match="这段文字没有可用的字段"):
        require_wording("由{项目}", ())
    require_wording("照此办理。", ())
