"""Settings of months."""

from typing import Final

from registry.kernel.settings import Reach, SettingKind, SettingSpec

TASK: Final = "month.task"
SETTINGS: Final = (
    SettingSpec(
        TASK,
        "月报",
        "年度发证任务",
        SettingKind.NUMBER,
        lambda area: 0,
        Reach.ORGANS,
        unit="套",
        most=10_000_000,
        hint="各区填本区的任务，市级单位一行填全市的任务；填0为未定。月报按它算年度任务完成率",
    ),
)
