"""Settings of months, and the kinds of bulletins."""

from collections.abc import Callable
from typing import Final

from django.db import models

from registry.kernel.settings import Reach, SettingKind, SettingSpec

GROUP: Final = "月报"
TASK: Final = "month.task"
CAPACITY: Final = "month.capacity"
BANDS: Final = ("month.band_large", "month.band_middle", "month.band_least")
TRUNCATE: Final = "month.truncate"
SIGNED_FIRST: Final = "month.signed_first"
BY_TOWNS: Final = "month.by_towns"
TELLS_FORECAST: Final = "month.bulletin_forecast"
_HANGZHOU: Final = (300, 80, 20)  # the bands that Hangzhou publishes (published_tables.csv P16)
_BAND_LABELS: Final = ("排名第一组下限", "排名第二组下限", "排名最低套数")
_BAND_HINTS: Final = (
    "本月可办（本月发证加期末可办未办）不少于此数的区编为第一组，组内排名",
    "不少于此数的编为第二组，其余为第三组",
    "本月可办少于此数的区列出而不排名；分类排名中少于此数的类并入上一类",
)


class SignatureKind(models.TextChoices):
    """What a unit of report says of its part of a month."""

    REPORT = "report", "填报"
    REVIEW = "review", "审核"


class BulletinKind(models.TextChoices):
    """What is told of a month; the same codes as the kinds of papers."""

    BULLETIN = "month_bulletin", "月度通报（简报）"
    CIRCULAR = "month_circular", "月度通报（公文）"
    FLASH = "progress_flash", "进展快报"


def _always(value: int) -> Callable[[str], int]:
    return lambda area: value


SETTINGS: Final = (
    SettingSpec(
        TASK,
        GROUP,
        "年度发证任务",
        SettingKind.NUMBER,
        lambda area: 0,
        Reach.ORGANS,
        unit="套",
        most=10_000_000,
        hint="各区填本区的任务，市级单位一行填全市的任务；填0为未定。月报按它算年度任务完成率",
    ),
    SettingSpec(
        CAPACITY,
        GROUP,
        "每月办证能力",
        SettingKind.NUMBER,
        lambda area: 0,
        Reach.ORGANS,
        unit="套",
        most=10_000_000,
        hint="窗口和登记机构一个月最多办结的套数；填0为不限。清零预测以它为上限",
    ),
    *(
        SettingSpec(name, GROUP, label, SettingKind.NUMBER, _always(least), unit="套", least=1, hint=hint)
        for name, label, least, hint in zip(BANDS, _BAND_LABELS, _HANGZHOU, _BAND_HINTS, strict=True)
    ),
    SettingSpec(
        TRUNCATE,
        GROUP,
        "百分率两位小数以后舍去",
        SettingKind.YES_NO,
        lambda area: False,
        hint="填是为舍去（89.655%记作89.65%），填否为四舍五入（记作89.66%）",
    ),
    SettingSpec(
        SIGNED_FIRST,
        GROUP,
        "结账前须逐级填报、审核",
        SettingKind.YES_NO,
        lambda area: False,
        hint="填是为各填报单位填报、区审核以后，市级专班才能提请结账；数有变动的须重新填报、审核",
    ),
    SettingSpec(
        BY_TOWNS,
        GROUP,
        "由街道、乡镇填报",
        SettingKind.YES_NO,
        lambda area: True,
        hint="填是为街道、乡镇填报，区审核；填否为区填报，区内另一名人员审核",
    ),
    SettingSpec(
        TELLS_FORECAST,
        GROUP,
        "月度通报写清零预测",
        SettingKind.YES_NO,
        lambda area: False,
        hint="填否时清零预测、能否如期只报领导小组，不写入通报；填是为写入",
    ),
)  # fmt: skip


class ScheduleContent(models.TextChoices):
    """What a schedule makes."""

    CLOSED = "closed", "最近结账月份的月报"
    CURRENT = "current", "当月月报（未结账，截至生成时）"


class ScheduleState(models.TextChoices):
    """Whether a schedule runs."""

    ON = "on", "启用"
    PAUSED = "paused", "暂停"
    OFF = "off", "已自动停用"


class RunOutcome(models.TextChoices):
    """What became of one run."""

    DELIVERED = "delivered", "已送达"
    EMPTY = "empty", "无可列内容"
    FAILED = "failed", "未生成"
