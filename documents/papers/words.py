"""The texts of papers that a district words for itself: plain text with named fields, from a day on, by two persons.

A text goes into the snapshot of a paper, filled, before that is numbered: what was issued stays as it was. The layout
is the template's; a text can fill its place and no more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from documents.papers.kinds import BY_CODE
from documents.papers.kinds.cert_notice import READY
from documents.papers.kinds.extension_reply import AFTER, DURING, UNTOUCHED
from documents.papers.kinds.undertaking import HOMES, LIABILITY
from documents.render import font_roles
from registry.accounts.selectors.settings import settings_on
from registry.kernel.settings import Reach, SettingKind, SettingSpec
from registry.kernel.wording import MOST, filled, require_wording

Snapshot = Mapping[str, Any]
Said = Callable[[Snapshot, Mapping[str, Any]], str]  # of a snapshot and the settings of the office
GROUP: Final = "文书文字"


@dataclass(frozen=True)
class TextBlock:
    """One text of a kind: its place in the snapshot, what it is called, its wording, the fields that it may have.

    `line` is its place in a list of paragraphs; `applies` says of which papers of the kind it is.
    """

    kind: str
    key: str
    label: str
    text: str
    fields: Mapping[str, Said] = field(default_factory=dict)
    line: int | None = None
    applies: Callable[[Snapshot], bool] = lambda snapshot: True

    @property
    def name(self) -> str:
        """The name under which its wording is kept."""
        return f"text.{self.kind}.{self.key}"

    def check(self, text: str) -> None:
        """Refuse a wording that cannot be printed."""
        require_wording(text, self.fields.keys())
        font_roles.require_printable(text)

    def spec(self) -> SettingSpec:
        """Return the setting that its wording is."""
        return SettingSpec(
            self.name, GROUP, f"{BY_CODE[self.kind].label}：{self.label}", SettingKind.TEXT, lambda area: self.text,
            Reach.DISTRICTS, most=MOST, check=self.check, has_page=True,
        )  # fmt: skip


def _of(key: str) -> Said:
    return lambda snapshot, office: str(snapshot[key])


def _office(name: str) -> Said:
    return lambda snapshot, office: str(office[name])


def _again(snapshot: Snapshot, office: Mapping[str, Any]) -> str:
    return "再次" if "再次" in str(snapshot["title"]) else ""


def _is_ready(snapshot: Snapshot) -> bool:
    return bool(snapshot["state"]["code"] == READY)


PLACE: Final[Mapping[str, Said]] = {"坐落": _of("location"), "办理地点": _of("place")}
REGISTRY: Final[Mapping[str, Said]] = {"登记机构": _office("office.registry"), "办理地点": _of("place")}
SIGNING: Final[Mapping[str, Said]] = {"签署地点": _office("office.signing")}
PROMISE: Final[Mapping[str, Said]] = {"项目": _of("project"), "承诺函": _of("letter"), "再次": _again}


def _pressing(kind: str) -> tuple[TextBlock, ...]:
    declared: Any = BY_CODE[kind]
    return (
        TextBlock(kind, "lead", "事由后的引语", declared.lead.replace("{nth}", "{再次}"), PROMISE),
        TextBlock(kind, "closing", "结尾语", declared.closing, PROMISE),
    )


BLOCKS: Final[tuple[TextBlock, ...]] = (
    TextBlock(
        "cert_notice", "opening", "开头（具备条件的户）", "您的房屋已具备申请不动产转移登记的条件，请按下列时间、地点提交材料。", PLACE,
        applies=_is_ready,
    ),
    TextBlock(
        "cert_notice", "proxy", "委托办理",
        "携带双方身份证件原件和授权委托书；委托书须经公证，或由委托人与受托人共同到{签署地点}当面签署。", SIGNING,
    ),
    TextBlock(
        "cert_notice", "late", "未按时办理的", "不影响您的权利，可电话改约；驻场结束后到{登记机构}办理。", REGISTRY, applies=_is_ready
    ),
    TextBlock(
        "claim_notice", "proxy", "委托领取",
        "带双方身份证件原件和授权委托书；委托书须经公证，或由委托人与受托人共同到{签署地点}当面签署。", SIGNING,
    ),
    TextBlock(
        "claim_notice", "check", "领取时核对", "领取时请核对权利人姓名、坐落、面积、用途、附记，无误后在签收表上签字。",
    ),
    TextBlock(
        "claim_notice", "late", "逾期未领", "逾期未领的，证书由驻场服务点或{登记机构}保管，不影响您的权利；可电话改约。", REGISTRY
    ),
    TextBlock("commitment", "closing", "销号条件", "全部承诺事项经核验单位核验，并报工作专班同意后销号。", line=0),
    *(block for kind in ("urging", "supervision", "circular", "summons") for block in _pressing(kind)),
    TextBlock("extension_reply", "during", "延期期间", DURING, {"项目": _of("project")}),
    TextBlock("extension_reply", "after", "届时未完成的", AFTER, {"项目": _of("project")}),
    TextBlock("extension_reply", "untouched", "不受影响的", UNTOUCHED, {"项目": _of("project")}),
    TextBlock("undertaking", "homes", "房屋", HOMES, {"项目": _of("project")}),
    TextBlock("undertaking", "liability", "责任", LIABILITY, {"项目": _of("project")}),
)  # fmt: skip
BY_NAME: Final = {block.name: block for block in BLOCKS}


def texts_of_kind(kind: str, area_code: str, *, on: date) -> dict[str, str]:
    """Return the wording of a kind's texts in a district on a day, by key. One query, none for a kind without."""
    blocks = [block for block in BLOCKS if block.kind == kind]
    if not blocks:
        return {}
    stated = settings_on([block.name for block in blocks], area_code, on=on)
    return {block.key: str(stated[block.name]) for block in blocks}


def worded(kind: str, snapshot: Snapshot, texts: Mapping[str, str], office: Mapping[str, Any]) -> dict[str, Any]:
    """Return a snapshot that says what a district says in the places that are its own."""
    said = dict(snapshot)
    for block in BLOCKS:
        text = texts.get(block.key, block.text)
        if block.kind != kind or text == block.text or not block.applies(snapshot):
            continue
        values = {name: value(snapshot, office) for name, value in block.fields.items()}
        if block.line is None:
            said[block.key] = filled(text, values)
        else:
            lines = list(said[block.key])
            lines[block.line] = filled(text, values)
            said[block.key] = lines
    return said
