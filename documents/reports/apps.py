"""App configuration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "documents.reports"
    label = "reports"
    verbose_name = "报表"

    def ready(self) -> None:
        from documents.reports import jobs  # noqa: F401  app ready: its jobs are declared
        from documents.reports.approvals import KIND, RESTATING  # app ready
        from documents.reports.choices import SETTINGS  # app ready
        from documents.reports.exports import EXPORTS  # app ready
        from documents.reports.invariants import INVARIANTS  # app ready
        from documents.reports.messages import EVENT_MESSAGES, INBOX  # app ready
        from documents.reports.navigation import FIRST_STEPS, NAVIGATION  # app ready
        from documents.reports.services import let_project_leave  # app ready
        from projects.ports import answer_port  # app ready
        from registry.accounts.services.approvals import declare_kind  # app ready
        from registry.audit.invariants import declare_invariants  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.kernel.inbox import declare_inbox  # app ready
        from registry.kernel.settings import declare_settings  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.web.first_day import declare_first_steps  # app ready
        from registry.web.navigation import declare_navigation  # app ready

        declare_messages(EVENT_MESSAGES)
        declare_inbox(*INBOX)
        declare_kind(KIND)
        declare_kind(RESTATING)
        declare_settings(*SETTINGS)
        declare_exports(*EXPORTS)
        answer_port("project_leaves", let_project_leave)
        declare_invariants(*INVARIANTS)
        declare_navigation(*NAVIGATION)
        declare_first_steps(*FIRST_STEPS)
