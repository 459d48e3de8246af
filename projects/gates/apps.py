"""App configuration."""

from django.apps import AppConfig


class GatesConfig(AppConfig):
    name = "projects.gates"
    label = "gates"
    verbose_name = "环节和堵点"

    def ready(self) -> None:
        from projects.gates import jobs  # noqa: F401  app ready: its jobs are declared
        from projects.gates.approvals import KIND  # app ready
        from projects.gates.choices import ORGAN_SETTINGS, REGISTER_SETTINGS  # app ready
        from projects.gates.exports import EXPORTS  # app ready
        from projects.gates.invariants import INVARIANTS  # app ready
        from projects.gates.lists import LISTS  # app ready
        from projects.gates.messages import EVENT_MESSAGES  # app ready
        from projects.gates.models import BasisDocument, Blocker  # app ready
        from projects.gates.navigation import ACTIONS, FIRST_STEPS, NAVIGATION  # app ready
        from projects.gates.panels import NEWS, PANELS  # app ready
        from projects.gates.project_exports import EXPORTS as PROJECT_EXPORTS  # app ready
        from projects.gates.search import SEARCH  # app ready
        from projects.gates.selectors.assessed import assessed_projects, issue_types  # app ready
        from projects.gates.selectors.work import WORK  # app ready
        from projects.gates.services.readiness import part_with_building, refresh_readiness  # app ready
        from projects.gates.services.settings import follow_register_setting  # app ready
        from projects.ledger.selectors.work import declare_work  # app ready
        from projects.ports import answer_port  # app ready
        from registry.accounts.services.approvals import declare_kind  # app ready
        from registry.accounts.services.settings import follow_settings  # app ready
        from registry.audit.invariants import declare_invariants  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.kernel.authority import Permission  # app ready
        from registry.kernel.settings import declare_settings  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.lists.kinds import declare_lists  # app ready
        from registry.web.actions import declare_actions  # app ready
        from registry.web.attachments.subjects import Subject, declare_subjects  # app ready
        from registry.web.changes import declare_news  # app ready
        from registry.web.first_day import declare_first_steps  # app ready
        from registry.web.navigation import declare_navigation  # app ready
        from registry.web.panels import declare_panel  # app ready
        from registry.web.search import declare_search  # app ready

        declare_messages(EVENT_MESSAGES)
        declare_work(*WORK)
        declare_lists(*LISTS)
        declare_exports(*PROJECT_EXPORTS, *EXPORTS)
        declare_kind(KIND)
        declare_settings(*REGISTER_SETTINGS, *ORGAN_SETTINGS)
        follow_settings([spec.name for spec in REGISTER_SETTINGS], follow_register_setting)
        answer_port("assessed_projects", assessed_projects)
        answer_port("issue_types", issue_types)
        answer_port("building_leaves", part_with_building)
        answer_port("plan_changed", refresh_readiness)
        for panel in PANELS:
            declare_panel(panel)
        declare_news(*NEWS)
        declare_invariants(*INVARIANTS)
        declare_subjects(
            Subject(Blocker, "堵点", Permission.BLOCKER_READ), Subject(BasisDocument, "依据文件", Permission.STEP_READ)
        )
        declare_navigation(*NAVIGATION)
        declare_first_steps(*FIRST_STEPS)
        declare_actions(*ACTIONS)
        declare_search(*SEARCH)
