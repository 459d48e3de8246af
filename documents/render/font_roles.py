"""Roles of type on paper (仿宋, 楷体, 黑体, 小标宋, 宋体), the fonts that fill them, and what they can print.

WeasyPrint sees exactly the fonts listed here: `fontconfig_file` names DATA_DIR/fonts (the customer's licensed fonts)
and the system directories, nothing else, so that the same machine makes the same paper for every user.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings

from documents.render.font_files import SYSTEM_DIRS, Face, fold, scan
from registry.kernel.errors import DomainError

REGULAR, BOLD = 400, 700


class Role(StrEnum):
    """What a piece of type is for; the value is the name of its CSS custom property."""

    BODY = "fang"
    KAI = "kai"
    HEI = "hei"
    TITLE = "biaosong"
    PLAIN = "song"


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """A role's name, its weight, its own families (licensed ones first) and the open fonts that stand in for it."""

    label: str
    weight: int
    own: tuple[str, ...]
    substitutes: tuple[str, ...]


# Every stack ends with fonts that hold the rare characters of names; LXGW WenKai Light matches 仿宋 in weight.
RARE = ("LXGW WenKai Light", "Noto Serif CJK SC", "BabelStone Han")
ROLES: Mapping[Role, RoleSpec] = {
    Role.BODY: RoleSpec("仿宋", REGULAR, ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "FandolFang R"), RARE),
    Role.KAI: RoleSpec("楷体", REGULAR, ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "FandolKai"), ("LXGW WenKai", *RARE)),
    Role.HEI: RoleSpec("黑体", BOLD, ("SimHei", "Noto Sans CJK SC"), ("Noto Serif CJK SC", "BabelStone Han")),
    Role.TITLE: RoleSpec(
        "小标宋", BOLD, ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "Noto Serif CJK SC"), ("BabelStone Han",)
    ),
    Role.PLAIN: RoleSpec("宋体", REGULAR, ("SimSun", "宋体", "Noto Serif CJK SC"), ("BabelStone Han",)),
}
UNPRINTED = frozenset(map(ord, "\u200b\u200c\u200d\ufeff\n\r\t"))
VARIATION_SELECTORS = frozenset([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
# Private code points mean what each font likes them to mean: a glyph from BabelStone Han would be another character.
PRIVATE = ((0xE000, 0xF8FF), (0xF0000, 0x10FFFF))
CONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
{directories}
<cachedir>{cache}</cachedir>
</fontconfig>
"""


class UnprintableText(DomainError):
    """Some character is in no font of this machine; the paper would show a blank box."""


def stack(role: Role) -> tuple[str, ...]:
    """Return the families of a role in order; `settings.PAPER_FONTS` may put the customer's first."""
    preferred: Iterable[str] = getattr(settings, "PAPER_FONTS", {}).get(role.value, ())
    spec = ROLES[role]
    return tuple(dict.fromkeys((*preferred, *spec.own, *spec.substitutes)))


def directories() -> tuple[Path, ...]:
    """Return the places where fonts are looked for, the customer's first."""
    return (Path(settings.DATA_DIR) / "fonts", *SYSTEM_DIRS)


def generation() -> int:
    """Return a number that changes when a font is put into or taken from the data folder."""
    own = directories()[0]
    return own.stat().st_mtime_ns if own.is_dir() else 0


def faces(role: Role) -> tuple[Face, ...]:
    """Return the installed faces of a role in the order in which they are asked for a character."""
    return _faces(directories(), stack(role), ROLES[role].weight, generation())


@lru_cache(maxsize=32)
def _faces(places: tuple[Path, ...], families: tuple[str, ...], weight: int, at: int) -> tuple[Face, ...]:
    installed = scan(places)
    nearest = (_nearest(installed, family, weight) for family in families)
    return tuple(dict.fromkeys(face for face in nearest if face is not None))


def _nearest(installed: Iterable[Face], family: str, weight: int) -> Face | None:
    candidates = [face for face in installed if fold(family) in face.families]
    return min(candidates, key=lambda face: abs(face.weight - weight), default=None)


def face_named(family: str, weight: int) -> Face | None:
    """Find the installed face that WeasyPrint embedded under this family and weight."""
    return next(iter(_faces(directories(), (family,), weight, generation())), None)


def face_for(character: str, role: Role = Role.BODY) -> Face | None:
    """Return the face that prints a character in a role; None if there is none."""
    return next((face for face in faces(role) if ord(character) in face.characters), None)


def missing(text: str, role: Role = Role.BODY) -> tuple[str, ...]:
    """List the characters of a text that no font of the role can print, each once."""
    wanted = set(map(ord, text)) - UNPRINTED - VARIATION_SELECTORS
    private = {code for code in wanted if any(first <= code <= last for first, last in PRIVATE)}
    for face in faces(role):
        wanted -= face.characters
    return tuple(map(chr, sorted(wanted | private)))


def require_printable(text: str, role: Role = Role.BODY) -> None:
    """Refuse a text with a character that would come out as a blank box."""
    lost = missing(text, role)
    if lost:
        listed = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in lost[:8])
        raise UnprintableText(
            f"字库里没有{listed}，打印出来会是空框，文书未生成。"
            "请核对是否录入有误；确系姓名用字的，请把含有该字的字体文件放入数据目录的 fonts 文件夹后重试。",
            code="font_missing",
        )


def css_variables() -> str:
    """Return the CSS rule that binds each role to its stack."""
    rows = (f"--{role.value}: {', '.join(map(_quoted, stack(role)))};" for role in Role)
    return f":root {{ {' '.join(rows)} }}\n"


def _quoted(family: str) -> str:
    return '"' + family.replace("\\", "").replace('"', "") + '"'


def fontconfig_file() -> Path:
    """Write the font configuration of this process beside the data and return its path."""
    folder = Path(settings.DATA_DIR) / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    listed = "\n".join(f"<dir>{escape(str(place))}</dir>" for place in directories())
    text = CONFIG.format(directories=listed, cache=escape(str(folder / "fontconfig")))
    path = folder / "fonts.conf"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        draft = folder / f"fonts.conf.{os.getpid()}"
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    return path


def use_our_fonts() -> None:
    """Point fontconfig of this process to our fonts; it looks when fonts are first asked for."""
    os.environ["FONTCONFIG_FILE"] = str(fontconfig_file())


@lru_cache(maxsize=1)
def weasyprint() -> Any:
    """Load WeasyPrint on first use, with our fonts; a machine without pango keeps all other pages alive."""
    use_our_fonts()
    try:
        import weasyprint as library  # noqa: PLC0415  # loads pango; must see FONTCONFIG_FILE and must not load at start
    except OSError as error:
        raise DomainError(
            "这台机器没有安装排版组件 pango，不能生成 PDF。请安装 libpango-1.0-0、libpangoft2-1.0-0 后重试。",
            code="pango_missing",
        ) from error
    return library
