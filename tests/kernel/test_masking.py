"""Masking: what stays readable, and that nothing leaks by printing, formatting, copying or serialising."""

import copy
import dataclasses
import json
import logging
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.masking import Masked, Reveal, mask_identity, mask_name, mask_phone, scrub

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
CLEAR = "110105190101010019"


@pytest.mark.parametrize(
    ("name", "masked", "strict"),
    [
        ("张三", "张*", "张*"),
        ("张三丰", "张*丰", "张**"),
        ("徐振忠", "徐*忠", "徐**"),
        ("欧阳修", "欧阳*", "欧阳*"),
        ("欧阳建华", "欧阳*华", "欧阳**"),
        ("欧阳", "欧*", "欧*"),
        ("张王建国", "张**国", "张***"),
        ("买买提·吐尔逊", "买**·***", "买**·***"),
        ("John Smith", "J*** *****", "J*** *****"),
        ("龑", "*", "*"),
        ("李\U00020bb7", "李*", "李*"),
        ("  张三 ", "张*", "张*"),
        ("", "", ""),
    ],
)
def test_mask_name_keeps_the_surname(name: str, masked: str, strict: str) -> None:
    assert (mask_name(name), mask_name(name, strict=True)) == (masked, strict)


@given(st.text(HAN, min_size=1, max_size=8))
def test_mask_name_hides_at_least_one_character_and_keeps_the_length(name: str) -> None:
    for strict in (False, True):
        masked = mask_name(name, strict=strict)
        assert len(masked) == len(name)
        assert "*" in masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("110105190101010019", "110***********0019"),
        ("11010519491231002X", "110***********002X"),
        ("110105491231002", "110********1002"),
        ("E12345678", "E******78"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_mask_identity_keeps_three_and_four(number: str, masked: str) -> None:
    assert mask_identity(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("19900012345", "199****2345"), ("010-65001234", "010*****1234"), ("65001234", "******34"), ("110", "***")],
)
def test_mask_phone_keeps_three_and_four(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


def test_scrub_masks_numbers_in_free_text() -> None:
    text = "张三，身份证110105190101010019，旧号110105010101001，电话19900012345，房号9-3-502，面积117536.15"
    assert scrub(text) == (
        "张三，身份证110***********0019，旧号110********1001，电话199****2345，房号9-3-502，面积117536.15"
    )
    assert scrub("110105 19010101 0019") == "110*************0019"


def test_scrub_masks_numbers_of_full_width_too() -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in "11010519010101001X")

    assert (
        scrub(f"身份证{wide}，电话１９９０００１２３４５") == "身份证１１０***********００１Ｘ，电话１９９****２３４５"
    )


def test_scrub_leaves_the_unit_code_alone() -> None:
    assert scrub("110105012038GB00005F00120304") == "110105012038GB00005F00120304"


def test_masked_opens_to_a_ticket_only() -> None:
    value = Masked.identity(CLEAR)
    assert value.reveal_with(Reveal(act_id=1, person_id=2, reason="窗口核对")) == CLEAR
    with pytest.raises(TypeError):
        value.reveal_with("please")  # type: ignore[arg-type]


@pytest.mark.parametrize(("act_id", "reason"), [(0, "核对"), (1, "  ")])
def test_reveal_without_its_record_or_reason_cannot_be_made(act_id: int, reason: str) -> None:
    with pytest.raises(ValueError, match="recorded act"):
        Reveal(act_id=act_id, person_id=2, reason=reason)


def test_masked_does_not_decrypt_until_opened() -> None:
    opened: list[int] = []

    def decrypt() -> str:
        opened.append(1)
        return CLEAR

    value = Masked("110***********0019", decrypt)
    assert f"{value} {value!r}" == "110***********0019 <Masked 110***********0019>"
    assert opened == []
    assert value.reveal_with(Reveal(act_id=1, person_id=2, reason="核对")) == CLEAR
    assert opened == [1]


def test_masked_leaks_through_no_way_of_printing() -> None:
    value = Masked.identity(CLEAR)

    @dataclasses.dataclass
    class Row:
        number: Masked

    printed = [
        str(value),
        repr(value),
        f"{value}",
        f"{value:>30}",
        "%s %r" % (value, value),  # noqa: UP031  the old operator is what logging uses
        "{}".format(value),  # noqa: UP032
        json.dumps({"number": value}, default=str),
        repr([value]),
        repr({"number": value}),
        repr(Row(value)),
        str(dataclasses.asdict(Row(value))),
        logging.LogRecord("a", 20, "p", 1, "number %s", (value,), None).getMessage(),
        " ".join(str(getattr(value, name)) for name in dir(value) if name != "__dict__"),
    ]
    for text in printed:
        assert CLEAR not in text
        assert "19010101" not in text
    assert "110***********0019" in printed[0]


def test_masked_is_never_serialised() -> None:
    value = Masked.name("徐振忠")
    with pytest.raises(TypeError):
        json.dumps({"name": value})
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(value)
    assert copy.copy(value) is value
    assert copy.deepcopy([value])[0] is value


def test_masked_is_equal_to_itself_only() -> None:
    assert Masked.name("徐振忠") != Masked.name("徐振忠")
    assert not Masked.name("")
    assert Masked.phone("19900012345").masked == "199****2345"


def test_masked_is_not_called_by_templates() -> None:
    assert getattr(Masked.name("徐振忠").reveal_with, "alters_data", False) is True
