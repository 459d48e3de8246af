"""What `doctor` says about paper: is the typesetter there, does it justify, which font fills each role."""

from dataclasses import dataclass

from documents.render import font_roles, justification
from documents.render.font_files import fold
from registry.kernel.errors import DomainError

SET_UP = "请运行 make setup 取得，或把自有字体放入数据目录的 fonts 文件夹。"
RARE_NAMES = "䶮龑㛃㺿𫖯𬱖"
CUTTING = "字体裁剪"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report: what was looked at, what was found, and what to do if it is not as it should be."""

    label: str
    ok: bool
    found: str
    advice: str = ""


def check_paper() -> tuple[Check, ...]:
    """Look at the typesetter and at the font of every role."""
    return (*_typesetter(), *(check_role(role) for role in font_roles.Role), check_rare_names())


class NotReady(DomainError):
    """The machine lacks what papers are made with."""


def require_ready() -> None:
    """Refuse to begin many papers on a machine that would print them wrongly or thirty times as slowly."""
    lacking = [check for check in check_paper() if not check.ok and (not check.found or check.label == CUTTING)]
    if lacking:
        said = "".join(f"{check.label}：{check.advice or check.found}" for check in lacking)
        raise NotReady(f"这台机器不具备批量出具文书的条件，没有编号。{said}", code="not_ready")


def check_role(role: font_roles.Role) -> Check:
    """Say which font fills a role, and how to get one if a substitute stands in."""
    spec, faces = font_roles.ROLES[role], font_roles.faces(role)
    label = f"字体·{spec.label}"
    if not faces:
        return Check(label, False, "", f"没有可用于{spec.label}的字体，请安装 fonts-noto-cjk、fonts-lxgw-wenkai。")
    family = next(name for name in font_roles.stack(role) if fold(name) in faces[0].families)
    installed = f"{family}（{faces[0].path.name}）"
    if family in spec.substitutes and family not in spec.own:
        return Check(label, False, installed, f"没有{spec.label}字体，暂以{family}代替，版式不受影响。{SET_UP}")
    return Check(label, True, installed)


def check_rare_names() -> Check:
    """Say whether the rare characters of names can be printed."""
    lost = font_roles.missing(RARE_NAMES)
    if lost:
        return Check(
            "字体·生僻字", False, "", f"印不出{'、'.join(lost)}，请安装 fonts-lxgw-wenkai、fonts-babelstone-han。"
        )
    return Check("字体·生僻字", True, RARE_NAMES)


def _typesetter() -> tuple[Check, ...]:
    try:
        library = font_roles.weasyprint()
    except DomainError as refused:
        return (Check("排版组件", False, "", refused.message),)
    version = f"WeasyPrint {library.VERSION}"
    edge = justification.install()
    from weasyprint.text import ffi  # noqa: PLC0415  # pango: see font_roles.weasyprint

    subsets = ffi.harfbuzz_subset is not None
    return (
        Check("排版组件", True, version),
        Check(
            "两端对齐",
            edge,
            version,
            "" if edge else "此版本的排版组件不支持中文两端对齐，文书右缘不齐；请用锁定的版本。",
        ),
        Check(
            CUTTING,
            subsets,
            "harfbuzz",
            "" if subsets else "缺少 libharfbuzz-subset0，文书生成会慢三十多倍，请安装。",
        ),
    )
