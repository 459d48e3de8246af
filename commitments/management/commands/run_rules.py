"""manage.py run_rules: the nightly rules of letters, for a timer shortly after midnight."""

from collections.abc import Mapping
from typing import Any

from commitments.services.exposure import count_exposure
from commitments.services.ladder import run_ladder
from commitments.services.lapsing import run_lapse_rules
from registry.store.clock import ledger_today
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    help = "每日规则：承诺逾期超过宽限的条款失效，按区设置暂停受理；到期的督促和现场检查列入待办；可重复执行"

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        today = ledger_today()
        turned, laid = run_lapse_rules(today), run_ladder(today)
        count_exposure(today)
        words = (
            f"{today}：{turned.changed}份承诺函的条款有变化（失效、恢复或改期），{laid.changed}份有督促或检查列入待办"
        )
        failed = [f"{code}：{why}" for code, why in (*turned.failed, *laid.failed)]
        return {
            "on": today,
            "lapsed": turned.changed,
            "laid": laid.changed,
            "failed": failed,
            "message": words + ("；未办结：" + "；".join(failed) if failed else ""),
        }, int(bool(failed))
