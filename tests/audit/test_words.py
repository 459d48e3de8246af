"""One act in words: no name of a column, no code, no bracket of Python."""

from registry.audit.models import ActRow
from registry.audit.words import Change, change_in_words, facts_in_words


def test_a_change_is_told_from_what_to_what() -> None:
    row = ActRow(
        table="ledger_unit", key=7, before={"certificate": "waiting", "tax": None}, after={"certificate": "accepted"}
    )

    told = change_in_words(row)

    assert (told.thing, told.key) == ("户", 7)
    assert [(before, after) for _, before, after in told.columns] == [("待办", "已受理"), ("空", "—")]


def test_a_row_of_an_unknown_table_is_told_without_its_code() -> None:
    assert change_in_words(ActRow(table="old_table", key=1, before=None, after={"secret_code": [1, 2]})) == Change(
        "其他记录", 1, [("其他", "—", "1、2")]
    )


def test_facts_stand_in_words() -> None:
    told = list(
        facts_in_words(
            {"units": [1, 2], "why": ["ID_CHECKSUM"], "good": True, "file": "", "zzz": {"on": "2021-01-01", "x": None}}
        )
    )

    assert told == [
        ("文件", "空"),
        ("可写入", "是"),
        ("户", "1、2"),
        ("原因", "证件号校验不符"),
        ("其他", "日期：2021-01-01；其他：空"),
    ]
