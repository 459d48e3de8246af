"""App configuration."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "projects.leads"
    label = "leads"
    verbose_name = "12345线索"

    def ready(self) -> None:
        from projects.leads import jobs  # noqa: F401  app ready: its jobs are declared
        from projects.leads.approvals import KIND  # app ready
        from projects.leads.choices import RATE_SETTINGS, SETTINGS, SIGNAL_SETTINGS  # app ready
        from projects.leads.exports import EXPORTS  # app ready
        from projects.leads.invariants import INVARIANTS  # app ready
        from projects.leads.lists import LISTS  # app ready
        from projects.leads.messages import EVENT_MESSAGES, INBOX  # app ready
        from projects.leads.navigation import ACTIONS, NAVIGATION  # app ready
        from projects.leads.panels import PANELS  # app ready
        from projects.leads.search import SEARCH  # app ready
        from projects.leads.selectors.call_order import call_order  # app ready
        from projects.leads.selectors.work import WORK  # app ready
        from projects.leads.services.parting import tickets_join, tickets_part  # app ready
        from projects.leads.services.proposals import ask_to_match  # app ready
        from projects.ledger.selectors.work import declare_work  # app ready
        from projects.ports import answer_port  # app ready
        from registry.accounts.services import declare_kind  # app ready
        from registry.audit.invariants import declare_invariants  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.kernel.inbox import declare_inbox  # app ready
        from registry.kernel.settings import declare_settings  # app ready
        from registry.lists.exports import declare_exports  # app ready
        from registry.lists.kinds import declare_lists  # app ready
        from registry.web.actions import declare_actions  # app ready
        from registry.web.navigation import declare_navigation  # app ready
        from registry.web.panels import declare_panel  # app ready
        from registry.web.search import declare_search  # app ready

        declare_messages(EVENT_MESSAGES)
        declare_inbox(*INBOX)
        declare_settings(*SETTINGS, *SIGNAL_SETTINGS, *RATE_SETTINGS)
        declare_work(*WORK)
        declare_kind(KIND)
        declare_lists(*LISTS)
        declare_exports(*EXPORTS)
        declare_invariants(*INVARIANTS)
        answer_port("call_order", call_order)
        answer_port("names_changed", ask_to_match)
        answer_port("tickets_part", tickets_part)
        answer_port("tickets_join", tickets_join)
        for panel in PANELS:
            declare_panel(panel)
        declare_search(*SEARCH)
        declare_actions(*ACTIONS)
        declare_navigation(*NAVIGATION)
