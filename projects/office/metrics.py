"""The figures of trips (F13), declared once: the board takes label and definition from here."""

from typing import Any, Final

from registry.kernel.figures import Figure

FIGURES: Final = (
    Figure("trip_homes", "发证", "户", "当月发证、来过窗口的户；设窗口前发证的没有来访记录，不计", lambda month: month.homes),
    Figure("trips", "来访", "次", "这些户发证前后的来访，一家一次来访涉及几户的各计一次", lambda month: month.trips),
    Figure("extra_trips", "多跑", "次", "当月来访中，领取证书以外的再次来访", lambda month: month.extra),
    Figure(
        "own_fault_trips", "本可一次告知", "次", "多跑中，所补材料在首次来访时即应告知，或因系统、未告知而再来的",
        lambda month: month.own_fault,
    ),
)  # fmt: skip


def figures_of(month: Any) -> list[int]:
    """Return the figures of a month in their order."""
    return [figure.value(month) for figure in FIGURES]
