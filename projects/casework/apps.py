"""App configuration."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "projects.casework"
    label = "casework"
    verbose_name = "推进工作"

    def ready(self) -> None:
        from projects.casework import jobs  # noqa: F401  app ready: its jobs are declared
        from projects.casework.approvals import KIND  # app ready
        from projects.casework.choices import SETTINGS  # app ready
        from projects.casework.exports import EXPORTS  # app ready
        from projects.casework.invariants import INVARIANTS  # app ready
        from projects.casework.messages import EVENT_MESSAGES, INBOX  # app ready
        from projects.casework.models import Whistle  # app ready
        from projects.casework.navigation import ACTIONS, NAVIGATION  # app ready
        from projects.casework.panels import PANELS  # app ready
        from projects.casework.search import SEARCH  # app ready
        from projects.casework.selectors.work import WORK  # app ready
        from projects.casework.services.turns import (  # app ready
            copy_turns,
            reopen_turns,
            settle_turns,
        )
        from projects.ledger.selectors.work import declare_work  # app ready
        from projects.ports import answer_port  # app ready
        from registry.accounts.services import declare_kind  # app ready
        from registry.audit.invariants import declare_invariants  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.kernel.authority import Permission  # app ready
        from registry.kernel.inbox import declare_inbox  # app ready
        from registry.kernel.settings import declare_settings  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.web.actions import declare_actions  # app ready
        from registry.web.attachments.subjects import Subject, declare_subjects  # app ready
        from registry.web.navigation import declare_navigation  # app ready
        from registry.web.panels import declare_panel  # app ready
        from registry.web.search import declare_search  # app ready

        declare_messages(EVENT_MESSAGES)
        declare_inbox(*INBOX)
        declare_settings(*SETTINGS)
        declare_work(*WORK)
        declare_exports(*EXPORTS)
        declare_kind(KIND)
        declare_invariants(*INVARIANTS)
        answer_port("blocker_copied", copy_turns)
        answer_port("blocker_ended", settle_turns)
        answer_port("blocker_reopened", reopen_turns)
        for panel in PANELS:
            declare_panel(panel)
        declare_subjects(Subject(Whistle, "吹哨", Permission.BLOCKER_READ))
        declare_navigation(*NAVIGATION)
        declare_actions(*ACTIONS)
        declare_search(*SEARCH)
