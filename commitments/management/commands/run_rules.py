"""manage.py run_rules: the nightly rules of letters, for a timer shortly after midnight."""

from collections.abc import Mapping
from typing import Any

from commitments.services.lapsing import run_lapse_rules
from registry.store.clock import shanghai_day, true_now
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    help = "每日规则：承诺逾期超过宽限的条款失效，按区设置暂停受理；可重复执行"

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        today = shanghai_day(true_now())
        lapsed = run_lapse_rules(today)
        return {"on": today, "lapsed": lapsed, "message": f"{today}：{lapsed}份承诺函有条款逾期失效"}, 0
