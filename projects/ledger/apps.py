"""App configuration."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "projects.ledger"
    label = "ledger"
    verbose_name = "台账"

    def ready(self) -> None:
        from projects.ledger.choices import FUND_SETTINGS, SETTINGS  # app ready
        from projects.ledger.invariants import INVARIANTS  # app ready
        from projects.ledger.lists import LISTS  # app ready
        from projects.ledger.messages import EVENT_MESSAGES, INBOX  # app ready
        from projects.ledger.models import Holder, Project  # app ready
        from projects.ledger.navigation import ACTIONS, FIRST_STEPS, NAVIGATION, PAGES  # app ready
        from projects.ledger.panels import PANELS  # app ready
        from projects.ledger.search import SEARCH  # app ready
        from projects.ledger.selectors.participation import open_items, stated_projects  # app ready
        from projects.ledger.selectors.projects import project_search  # app ready
        from projects.ledger.selectors.work import Work, declare_work  # app ready
        from projects.ledger.services.participation import give_sight  # app ready
        from registry.accounts.services.inbox import declare_sight  # app ready
        from registry.audit.invariants import declare_invariants  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.kernel.authority import Permission  # app ready
        from registry.kernel.inbox import declare_inbox  # app ready
        from registry.kernel.settings import declare_settings  # app ready
        from registry.lists.kinds import declare_lists  # app ready
        from registry.store.canary import declare_sealed_column  # app ready
        from registry.store.project_field import declare_project_search  # app ready
        from registry.store.scoping import declare_participation  # app ready
        from registry.web.actions import declare_actions  # app ready
        from registry.web.attachments.subjects import Subject, declare_subjects  # app ready
        from registry.web.first_day import declare_first_steps  # app ready
        from registry.web.navigation import declare_navigation  # app ready
        from registry.web.panels import declare_panel  # app ready
        from registry.web.search import declare_search  # app ready
        from registry.web.subject_pages import declare_pages  # app ready

        declare_messages(EVENT_MESSAGES)
        declare_inbox(*INBOX)
        declare_sight(give_sight)
        declare_settings(*SETTINGS, *FUND_SETTINGS)
        declare_participation(stated_projects)
        declare_project_search(project_search)
        declare_work(Work("inbox", "待办事项", open_items))
        declare_lists(*LISTS)
        declare_sealed_column(Holder, "name", "holder.name")
        for panel in PANELS:
            declare_panel(panel)
        declare_invariants(*INVARIANTS)
        declare_subjects(Subject(Project, "项目", Permission.PROJECT_READ))
        declare_navigation(*NAVIGATION)
        declare_first_steps(*FIRST_STEPS)
        declare_actions(*ACTIONS)
        declare_search(*SEARCH)
        declare_pages(**PAGES)
