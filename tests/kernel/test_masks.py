"""What is shown of a masked name or number, and whom it fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.identifiers import synthetic_identity, synthetic_phone
from registry.kernel.masking import mask_identity, mask_name, mask_phone
from registry.kernel.masks import fits_mask, masked_number


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("199****0001", "199*0001"), ("199xxxx0001", "199*0001"), ("＊＊＊0001", "*0001"), ("110105××××1239", "110105*1239"),
        ("xxxx0001", "*0001"), ("1101051901XXXX", "1101051901*"), ("19900000001", None), ("11010519010101123X", None),
        ("11010519010101123x", None), ("", None), ("●●●1239", "*1239"),
    ],
)  # fmt: skip
def test_a_masked_number_is_told_from_a_whole_one(written: str, kept: str | None) -> None:
    assert masked_number(written) == kept


@given(st.integers(1, 9000))
def test_our_own_masks_fit_what_they_hide(n: int) -> None:
    identity, phone = synthetic_identity(n), synthetic_phone(n)

    for mask, whole in ((mask_identity(identity), identity), (mask_phone(phone), phone)):
        assert fits_mask(masked_number(mask) or "", whole)
        assert not fits_mask(masked_number(mask) or "", whole[::-1] + "1")


@given(st.text("张三李四欧阳修文·", min_size=2, max_size=6))
def test_the_mask_of_a_name_fits_it_and_no_name_of_other_ends(name: str) -> None:
    assert fits_mask(mask_name(name), name)
    assert not fits_mask(mask_name(name), "赵" + name)
