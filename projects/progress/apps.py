"""App configuration."""

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "projects.progress"
    label = "progress"
    verbose_name = "办证进度"

    def ready(self) -> None:
        from projects.ledger.choices import FUND_SETTINGS  # app ready
        from projects.progress import jobs  # noqa: F401  app ready: its jobs are declared
        from projects.progress.approvals import KINDS  # app ready
        from projects.progress.duplicate_exports import EXPORTS as DUPLICATE_EXPORTS  # app ready
        from projects.progress.exports import EXPORTS  # app ready
        from projects.progress.invariants import INVARIANTS  # app ready
        from projects.progress.lists import LISTS  # app ready
        from projects.progress.messages import EVENT_MESSAGES  # app ready
        from projects.progress.models import Residual  # app ready
        from projects.progress.navigation import ACTIONS, NAVIGATION, PAGES  # app ready
        from projects.progress.panels import NEWS, PANELS  # app ready
        from projects.progress.sample_exports import EXPORTS as SAMPLE_EXPORTS  # app ready
        from projects.progress.selectors.queue_table import homes_waiting  # app ready
        from projects.progress.services.fund import follow_fund_setting  # app ready
        from registry.accounts.services.approvals import declare_kind  # app ready
        from registry.accounts.services.settings import follow_settings  # app ready
        from registry.audit.invariants import declare_invariants  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.kernel.authority import Permission  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.lists.kinds import declare_lists  # app ready
        from registry.web.actions import declare_actions  # app ready
        from registry.web.attachments.subjects import Subject, declare_subjects  # app ready
        from registry.web.changes import declare_news  # app ready
        from registry.web.navigation import declare_navigation, declare_standing  # app ready
        from registry.web.panels import declare_panel  # app ready
        from registry.web.subject_pages import declare_pages  # app ready

        declare_messages(EVENT_MESSAGES)
        follow_settings([spec.name for spec in FUND_SETTINGS], follow_fund_setting)
        declare_lists(*LISTS)
        declare_invariants(*INVARIANTS)
        declare_exports(*EXPORTS, *DUPLICATE_EXPORTS, *SAMPLE_EXPORTS)
        for kind in KINDS:
            declare_kind(kind)
        declare_subjects(Subject(Residual, "余户", Permission.UNIT_READ))
        for panel in PANELS:
            declare_panel(panel)
        declare_news(*NEWS)
        declare_navigation(*NAVIGATION)
        declare_standing(homes_waiting)
        declare_actions(*ACTIONS)
        declare_pages(**PAGES)
