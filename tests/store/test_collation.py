"""Chinese by pinyin: SQLite sorts as ICU does, and a page goes on behind a name."""

import random

import pytest

from registry.accounts.models import Organisation
from registry.lists.orders import by_heads
from registry.store.collation import by_pinyin, pinyin_key
from registry.store.keyset import page_after
from tests.factories.accounts import lay_organisation

# As ICU 72 sorts them: 瀛, 晟 and 垡 are no common characters, GB 2312 would set them behind 周.
SORTED = (
    "（演示）地产", "10号院", "1号院", "2号院", "昌平新村", "晟景园", "大垡头", "管庄西里", "花园新区", "瀛海家园",
    "张家湾", "章台苑", "周庄嘉园", "周庄嘉园二期", "周庄嘉园三期", "a区", "A区", "B区",
)  # fmt: skip
pytestmark = pytest.mark.django_db


def test_names_stand_in_the_order_of_pinyin_on_either_database() -> None:
    names = list(SORTED)
    random.Random(16).shuffle(names)
    for number, name in enumerate(names):
        lay_organisation(code=f"K-{number:02}", name=name, kind="court", area_code="110105")

    courts = Organisation.objects.filter(kind="court").annotate(spoken=by_pinyin("name"))

    assert tuple(courts.order_by("spoken", "code").values_list("name", flat=True)) == SORTED
    assert tuple(sorted(names, key=pinyin_key)) == SORTED


@pytest.mark.parametrize("descending", [False, True])
def test_pages_by_pinyin_follow_each_other(descending: bool) -> None:
    for number, name in enumerate(("周庄", "安贞", "瀛海", "安贞", "管庄")):
        lay_organisation(code=f"K-{number}", name=name, kind="court", area_code="110105")
    order = by_heads({"name": by_pinyin("name")}, tie=("code",))[descending]

    names, after = [], ""
    while True:
        courts = Organisation.objects.filter(kind="court")
        page = page_after(order.applied(courts), order=order.fields, after=after, size=2)
        names += [row.name for row in page.rows]
        if not (after := page.after):
            break

    expected = ["安贞", "安贞", "管庄", "瀛海", "周庄"]
    assert names == (expected[::-1] if descending else expected)
