"""App configuration."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "registry.jobs"
    label = "jobs"
    verbose_name = "后台任务"

    def ready(self) -> None:
        from registry.audit.invariants import declare_invariants  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.jobs.invariants import INVARIANTS  # app ready
        from registry.jobs.messages import EVENT_MESSAGES, INBOX  # app ready
        from registry.kernel.inbox import declare_inbox  # app ready

        declare_messages(EVENT_MESSAGES)
        declare_inbox(*INBOX)
        declare_invariants(*INVARIANTS)
