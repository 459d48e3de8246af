"""Refusals carry what the page and the program need."""

import pytest

from registry.kernel.errors import DomainError, NotFound, PermissionRefused, Refused


def test_refusal_says_its_message_and_where_it_belongs():
    refusal = DomainError("未填写文号。请按文件填写。", code="missing", field="document_no", rows=["甲", "乙"])
    assert str(refusal) == refusal.message == "未填写文号。请按文件填写。"
    assert (refusal.code, refusal.field, refusal.rows) == ("missing", "document_no", ("甲", "乙"))


@pytest.mark.parametrize("kind", [PermissionRefused, NotFound, Refused])
def test_each_kind_of_refusal_is_caught_as_a_refusal(kind):
    with pytest.raises(DomainError) as refusal:
        raise kind("不行。")
    assert (refusal.value.code, refusal.value.field, refusal.value.rows) == ("refused", None, ())
