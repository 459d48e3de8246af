"""Roles of type, what they can print, and what doctor says."""

import hashlib
import os
from pathlib import Path

import pytest
from django.conf import settings

from documents.render import checks, font_roles
from documents.render.font_files import fold, scan

LXGW = Path("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Light.ttf")


@pytest.fixture
def own_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a fonts folder and no system fonts beside it."""
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path, raising=False)
    monkeypatch.setattr(font_roles, "SYSTEM_DIRS", ())
    (tmp_path / "fonts").mkdir()
    return tmp_path / "fonts"


@pytest.mark.parametrize("role", font_roles.Role)
def test_every_role_prints_the_common_characters_and_the_rare_ones_of_names(role: font_roles.Role) -> None:
    assert font_roles.missing("关于不动产登记的承诺函〔2021〕36号，“办证难”……—《》（一）0123456789", role) == ()
    assert font_roles.missing("䶮龑㛃玥喆堃赟", role) == ()


def test_face_for_a_character_is_the_first_of_the_stack_that_has_it() -> None:
    common, rare = font_roles.face_for("登"), font_roles.face_for("䶮")

    assert common == font_roles.faces(font_roles.Role.BODY)[0]
    assert rare in font_roles.faces(font_roles.Role.BODY)


def test_missing_names_each_lost_character_once() -> None:
    assert font_roles.missing("甲\U000f0001乙\ue123丙\ue123") == ("\ue123", "\U000f0001")


def test_private_characters_are_refused_though_a_font_draws_something_for_them() -> None:
    with pytest.raises(font_roles.UnprintableText, match=r"“\ue123”（U\+E123）.*fonts 文件夹") as refused:
        font_roles.require_printable("徐\ue123忠")

    assert refused.value.code == "font_missing"


def test_marks_without_a_glyph_of_their_own_are_not_missed() -> None:
    assert font_roles.missing("葛\U000e0100城\u200b第一行\n第二行") == ()


def test_nothing_can_be_printed_without_fonts(own_fonts: Path) -> None:
    assert font_roles.missing("登记") == ("登", "记")
    assert [checks.check_role(role).ok for role in font_roles.Role] == [False] * len(font_roles.Role)
    assert checks.check_rare_names().ok is False


def test_font_put_into_the_data_folder_is_found_and_comes_first(
    own_fonts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_fonts / "own.ttf").write_bytes(LXGW.read_bytes())
    monkeypatch.setattr(settings, "PAPER_FONTS", {"fang": ["霞鹜文楷 Light"]}, raising=False)

    assert font_roles.stack(font_roles.Role.BODY)[0] == "霞鹜文楷 Light"
    assert [face.path for face in font_roles.faces(font_roles.Role.BODY)] == [own_fonts / "own.ttf"]
    assert font_roles.missing("登记") == ()


def test_broken_font_file_is_left_out(own_fonts: Path) -> None:
    (own_fonts / "broken.ttf").write_bytes(b"not a font at all")
    (own_fonts / "cut.ttf").write_bytes(LXGW.read_bytes()[:4000])

    assert scan((own_fonts,)) == ()


def test_hash_of_a_face_is_that_of_its_file() -> None:
    face = scan((LXGW.parent,))[0]

    assert face.sha256 == hashlib.sha256(face.path.read_bytes()).hexdigest()


def test_families_are_compared_as_fontconfig_does() -> None:
    assert fold("Noto Serif CJK SC") == fold("notoserifcjksc")


def test_fontconfig_file_names_the_data_folder_first_and_is_written_once(own_fonts: Path) -> None:
    path = font_roles.fontconfig_file()
    written = path.stat().st_mtime_ns
    text = path.read_text(encoding="utf-8")

    assert f"<dir>{own_fonts}</dir>" in text
    assert font_roles.fontconfig_file().stat().st_mtime_ns == written


def test_typesetter_sees_our_fontconfig_file() -> None:
    font_roles.weasyprint()

    assert Path(os.environ["FONTCONFIG_FILE"]).name == "fonts.conf"
    assert str(Path(settings.DATA_DIR) / "cache") in os.environ["FONTCONFIG_FILE"]


def test_doctor_says_what_is_there_and_what_to_do(own_fonts: Path) -> None:
    (own_fonts / "own.ttf").write_bytes(LXGW.read_bytes())
    body, title = checks.check_role(font_roles.Role.BODY), checks.check_role(font_roles.Role.TITLE)

    assert (body.ok, body.found) == (False, "LXGW WenKai Light（own.ttf）")
    assert "暂以LXGW WenKai Light代替" in body.advice
    assert (title.ok, title.found) == (False, "")
    assert title.advice.startswith("没有可用于小标宋的字体，请安装 fonts-noto-cjk")


def test_doctor_finds_the_typesetter_in_order() -> None:
    found = {check.label: check.ok for check in checks.check_paper()}

    assert [found[label] for label in ("排版组件", "两端对齐", "字体裁剪", "字体·生僻字")] == [True] * 4


def test_css_names_every_role_and_no_quote_escapes_from_a_family(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PAPER_FONTS", {"kai": ['My"; } body { x']}, raising=False)
    css = font_roles.css_variables()

    assert [f"--{role}:" in css for role in font_roles.Role] == [True] * len(font_roles.Role)
    assert '--kai: "My; } body { x", ' in css
