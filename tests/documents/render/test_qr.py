"""QR codes, read back from what is drawn."""

import re

import segno

from documents.render.qr import MASK, QUIET_ZONE, qr_svg


def test_drawn_modules_are_those_of_the_code() -> None:
    text = "https://registry.example/v/7KQ2-9M3F-XB41"
    expected = [list(map(bool, row)) for row in segno.make(text, error="m", micro=False, mask=MASK).matrix]
    drawn = [[False] * len(expected) for _ in expected]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", qr_svg(text)):
        for step in range(int(length)):
            drawn[int(y) - QUIET_ZONE][int(x) - QUIET_ZONE + step] = True

    assert drawn == expected


def test_code_asks_for_nothing_from_outside() -> None:
    assert re.findall(r"href|data:|url\(", qr_svg("<script>")) == []
    assert "<script>" not in qr_svg("<script>")
