"""manage.py expire_imports: destroy what abandoned imports staged. For the scheduler, once a day; safe to repeat."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from documents.intake.selectors.sessions import sessions_to_expire
from documents.intake.services.sessions import KEPT_DAYS, expire_session
from registry.kernel.authority import system_actor
from registry.store.clock import ledger_now
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    help = f"作废上传满{KEPT_DAYS}日没有写入的导入，销毁暂存的个人信息和原文件"

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        actor = system_actor("到期作废")
        sessions = sessions_to_expire(actor, ledger_now() - timedelta(days=KEPT_DAYS))
        for session in sessions:
            expire_session(actor=actor, session=session)
        return {"expired": len(sessions), "message": f"已作废{len(sessions)}次导入"}, 0
