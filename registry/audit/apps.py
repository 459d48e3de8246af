"""The audit trail: acts, their rows, hash chains."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "registry.audit"
    label = "audit"
    verbose_name = "操作记录"

    def ready(self) -> None:
        from registry.audit import services  # noqa: F401  app ready: its services stand in the table of writes
        from registry.audit.invariants import OWN, declare_invariants  # app ready
        from registry.audit.recording import find_once, keep_laid, store_act  # app ready
        from registry.store.acts import set_recorder  # app ready
        from registry.store.once import set_finder  # app ready
        from registry.store.touched import set_keeper  # app ready

        set_recorder(store_act)
        set_finder(find_once)
        set_keeper(keep_laid)
        declare_invariants(*OWN)
