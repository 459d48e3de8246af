"""`manage.py seal_audit`: after an upgrade by hand, once: old acts are sealed, rows kept as they stand."""

from typing import Any

from registry.audit.services import bind_and_anchor, keep_rows_as_they_stand, seal_record, unsealed_acts
from registry.audit.trail import is_before_snapshots
from registry.kernel.authority import system_actor
from registry.store.canary import require_right_keys
from registry.store.commands import RegistryCommand


class Command(RegistryCommand):
    help = "升级后给以前的操作记录加封、登记各表现状，并在库外留锚；make run 启动时会自动做，分开升级的在 migrate 之后执行一次"

    def handle(self, *args: Any, **options: Any) -> None:
        require_right_keys()
        count = seal_record(actor=system_actor("加封操作记录")) if unsealed_acts() else 0
        if is_before_snapshots():
            keep_rows_as_they_stand(actor=system_actor("加封操作记录"))
        bind_and_anchor()
        self.stdout.write(f"加封了{count}条操作记录。" if count else "操作记录都有封印，不必再加。")
