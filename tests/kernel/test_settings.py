"""Settings: what a value may be, how it is stored and said."""

from datetime import date
from typing import Any

import pytest

from registry.kernel.registries import DeclaredTwice
from registry.kernel.settings import SETTINGS, SettingKind, SettingRefused, SettingSpec, declare_settings


def spec(kind: SettingKind, **more: Any) -> SettingSpec:
    return SettingSpec("x", "组", "某项", kind, lambda area: None, **more)


CASES = (
    (SettingKind.YES_NO, "yes", True, "是"),
    (SettingKind.YES_NO, "no", False, "否"),
    (SettingKind.NUMBER, " 30 ", 30, "30天"),
    (SettingKind.DAY, "2024-12-31", "2024-12-31", "2024-12-31天"),
    (SettingKind.TEXT, " 京 ", "京", "京天"),
)


@pytest.mark.parametrize(("kind", "text", "stored", "said"), CASES)
def test_a_value_is_stored_and_said(kind: SettingKind, text: str, stored: object, said: str) -> None:
    setting = spec(kind, unit="天")

    assert setting.parse(text) == stored
    assert setting.parse(setting.text(stored)) == stored
    assert setting.say(setting.read(stored)) == said
    assert isinstance(setting.read(stored), date) == (kind is SettingKind.DAY)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (SettingKind.YES_NO, "maybe"), (SettingKind.NUMBER, "-1"), (SettingKind.NUMBER, "366"), (SettingKind.NUMBER, "²"),
        (SettingKind.DAY, "2024-13-01"), (SettingKind.TEXT, " "), (SettingKind.TEXT, "字" * 366),
    ],
)  # fmt: skip
def test_what_a_setting_cannot_be_is_refused_at_its_field(kind: SettingKind, text: str) -> None:
    with pytest.raises(SettingRefused, match="某项") as refusal:
        spec(kind, most=365).parse(text)

    assert refusal.value.field == "value"


def test_a_setting_is_declared_once() -> None:
    with pytest.raises(DeclaredTwice, match=r"sight\.tax"):
        declare_settings(SettingSpec("sight.tax", "组", "另一项", SettingKind.TEXT, lambda area: ""))
    assert SETTINGS["sight.tax"].label == "税务机关默认参与本辖区全部项目"
