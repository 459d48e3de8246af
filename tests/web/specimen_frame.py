"""What the specimen pages share: the day, the officer, the project, the frame of a page."""

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace as Thing
from typing import Any

from registry.kernel.authority import Actor, Role

NOW = datetime(2022, 3, 8, 16, 20, tzinfo=timezone(timedelta(hours=8)))
WORDS = ("我的工作台", "项目", "堵点", "承诺", "进度", "报表", "文书", "人员", "操作记录")
OFFICER = Actor(1, "周敏", Role.DISTRICT, 1, "区专班", "110105", frozenset())
PROJECT = Thing(
    code="CY-0137", name="周庄嘉园三期", district_name="朝阳区", township_name="十八里店乡", programme="无错优先",
    get_status_display="办证", get_housing_type_display="安置房", status="issuing",
)  # fmt: skip


def shell(current: int, count: int = 14) -> dict[str, Any]:
    """What registry.web.context.shell gives."""
    return {
        "nav": [
            Thing(label=w, url="/", is_current=n == current, count=count if n == 0 else None)
            for n, w in enumerate(WORDS)
        ],
        "actor": OFFICER,
        "as_of": NOW,
    }


def shown(name: str, **content: Any) -> Thing:
    """A panel with its content, as registry.web.panels gives it."""
    return Thing(name=name, template=name, content=content)
