"""The marks: one character, one shape, one meaning. Strongest first, at most one in a cell."""

from typing import Final

MARKS: Final[dict[str, tuple[str, str, str]]] = {
    "fault": ("错", "cuo", "在过错范围内，不适用任何承诺"),
    "paused": ("停", "ting", "机关决定暂停受理"),
    "blocked": ("堵", "du", "堵点未解除"),
    "held": ("缓", "huan", "暂缓"),
    "carried": ("账", "zhang", "挂账：留在总数内"),
    "excluded": ("减", "he", "核减"),
    "commitment": ("诺", "nuo", "凭承诺办理"),
    "opinion": ("意", "yi", "凭部门意见办理"),
}
STRONGEST: Final = ("fault", "paused", "blocked", "held", "carried", "excluded")
