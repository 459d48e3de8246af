"""App configuration."""

from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "commitments"
    label = "commitments"
    verbose_name = "承诺和决定"

    def ready(self) -> None:
        from commitments import jobs  # noqa: F401  app ready: its jobs are declared
        from commitments.approvals import KINDS  # app ready
        from commitments.exports import EXPORTS  # app ready
        from commitments.exposure_exports import EXPORTS as EXPOSURE_EXPORTS  # app ready
        from commitments.invariants import INVARIANTS  # app ready
        from commitments.lists import LISTS  # app ready
        from commitments.messages import EVENT_MESSAGES, INBOX  # app ready
        from commitments.models import Instrument, Obligation  # app ready
        from commitments.navigation import ACTIONS, NAVIGATION, PAGES  # app ready
        from commitments.panels import NEWS, PANELS  # app ready
        from commitments.search import SEARCH  # app ready
        from commitments.selectors import reliefs  # app ready
        from commitments.selectors.promises import promises_due  # app ready
        from commitments.selectors.work import WORK  # app ready
        from projects.ledger.selectors.work import declare_work  # app ready
        from projects.ports import answer_port  # app ready
        from registry.accounts.services.approvals import declare_kind  # app ready
        from registry.audit.invariants import declare_invariants  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.kernel.authority import Permission  # app ready
        from registry.kernel.inbox import declare_inbox  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.lists.kinds import declare_lists  # app ready
        from registry.web.actions import declare_actions  # app ready
        from registry.web.attachments.subjects import Subject, declare_subjects  # app ready
        from registry.web.changes import declare_news  # app ready
        from registry.web.navigation import declare_navigation  # app ready
        from registry.web.panels import declare_panel  # app ready
        from registry.web.search import declare_search  # app ready
        from registry.web.subject_pages import declare_pages  # app ready

        declare_messages(EVENT_MESSAGES)
        declare_invariants(*INVARIANTS)
        declare_inbox(*INBOX)
        declare_work(*WORK)
        declare_lists(*LISTS)
        declare_exports(*EXPORTS, *EXPOSURE_EXPORTS)
        for kind in KINDS:
            declare_kind(kind)
        answer_port("promises_due", promises_due)
        answer_port("reliefs", reliefs)
        for panel in PANELS:
            declare_panel(panel)
        declare_news(*NEWS)
        declare_subjects(
            Subject(Instrument, "承诺或决定", Permission.INSTRUMENT_READ),
            Subject(Obligation, "承诺事项", Permission.INSTRUMENT_READ),
        )
        declare_navigation(*NAVIGATION)
        declare_actions(*ACTIONS)
        declare_pages(**PAGES)
        declare_search(*SEARCH)
