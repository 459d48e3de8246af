"""The specimen of 我的工作台. Places and events are invented."""

from datetime import date
from types import SimpleNamespace as Thing
from typing import Any

from registry.web.desk import TABS, kinds_of, lit_groups
from registry.web.lamps import LEGEND
from tests.web.specimen_frame import shell, shown

WEEK = (
    ("周二 03-08", ("通报：十八里店乡", "定核税不符12户", "复核导入，已过1日")), ("周三 03-09", ("督办：区住建委", "督办：区国动办")),
    ("周四 03-10", ("会签证缴分离",)), ("周五 03-11", ("确认更正2套", "定主要问题", "约谈：演示公司")), ("下周一 03-14", ("批暂缓4套",)),
)  # fmt: skip
OVERDUE = (
    ("承诺第2项：恢复规划用途16间", "/", "周庄嘉园三期", "十八里店乡", 6, "03-01 督办", "今日通报"),
    ("D04 面积差未结29套", "/", "周庄嘉园三期", "演示开发公司", 13, "03-01 催办", "03-11 约谈"),
    ("A03 消防评估", "", "北豆各庄安置房", "区住建委", 4, "03-04 催办", "03-09 督办"),
    ("吹哨 W-0091：现场核对地库", "", "东柳家园一期", "区国动办", 2, "未报到", ""),
)
WORTH = (
    ("竣工备案 + 实测审核，一起办", "1,284套", "北豆各庄安置房，A02 与 D01",
     "单独办 A02：0套；单独办 D01：0套。由区住建委，已用96个部门工作日。"),
    ("消防评估通过后出具意见", "640套", "东柳家园一期，A03", "由区住建委（消防），已用21个部门工作日。"),
    ("补齐安置协议", "62套", "周庄嘉园三期，U06", ""),
)  # fmt: skip


def months(*counts: int) -> list[tuple[str, int]]:
    """The last twelve months with their counts."""
    names = [*(f"21-{n:02}" for n in range(4, 13)), *(f"22-{n:02}" for n in range(1, 4))]
    return list(zip(names, counts, strict=True))


def desk() -> dict[str, Any]:
    """我的工作台."""
    item = lambda verb, title, name, sender, waited, due, late: Thing(  # noqa: E731
        verb=verb, title=title, link="/", project=name, sender=sender, days_waited=waited, due_on=due, days_late=late,
        is_late=late > 0,
    )  # fmt: skip
    items = [
        item("复核导入", "9—12号楼清册649行，退回21行", "周庄嘉园三期", "开发建设单位 刘*", 3, date(2022, 3, 7), 1),
        item("批延期", "承诺第3项申请由 02-28 展到 04-30，第二次", "金盏嘉苑B区", "金盏乡", 4, date(2022, 3, 7), 1),
        item("定处理", "核税清单与台账12户不符，等你定以谁为准", "周庄嘉园三期", "区税务局", 1, date(2022, 3, 8), 0),
        item("会签", "证缴分离意见，涉212套，欠缴 3,180 万元", "管庄西里53号楼", "规自分局", 2, date(2022, 3, 10), 0),
        item("批暂缓", "失联4套，公告证明已附", "东柳家园一期", "来广营乡", 0, None, 0),
    ]
    return {
        **shell(0),
        "title": "我的工作台",
        "today": date(2022, 3, 8),
        "desk": (waiting := Thing(items=items, late=2, due_today=1, due_this_week=2)),
        "tab": "",
        "tabs": TABS,
        "kinds": kinds_of(waiting, on=date(2022, 3, 8), chosen=""),
        "groups": lit_groups(waiting, on=date(2022, 3, 8)),
        "legend": LEGEND,
        "has_changes": False,
        "has_side": True,
        "week": [
            {"label": label, "is_today": n == 0, "count": len(lines), "lines": [(text, "已过" in text) for text in lines]}
            for n, (label, lines) in enumerate(WEEK)
        ],
        "top": [
            shown("web/panels/figures.html", heading="在办的户", note="各环节等着办的户，按到达日期算", figures=[
                {"label": label, "value": value, "unit": "户", "url": "/", "notes": note.split("，")}
                for label, value, note in (
                    ("待受理", "2,334", "由登记中心办，最久已等46日"), ("待登簿", "181", "由登记中心办，最久已等12日"),
                    ("待缮证", "64", "由登记中心办，最久已等3日"), ("待发证", "27", "由办证中心办，最久已等19日"),
                )
            ]),
        ],
        "panels": [
            shown("web/panels/overdue.html", is_wide=True, heading="别人逾期，我来催", unit="工作日", rows=OVERDUE),
            shown("web/panels/two.html", heading="两个数", note="住宅，套；截至今日 16:20", figures=[
                ("本月已发证", 312, "套", months(38, 34, 30, 42, 58, 76, 88, 84, 97, 72, 49, 20), "月任务 1,100，完成 28.36%"),
                ("已打通、未发证", 38412, "套", months(50, 53, 54, 55, 58, 61, 66, 70, 73, 77, 79, 88), "平均已等143日，比上月多 1,420"),
            ]),
            shown("web/panels/rank.html", heading="下一步办哪件最值", note="按解开的住宅套数", rows=WORTH, more=("全部58步", "/")),
        ],
    }  # fmt: skip
