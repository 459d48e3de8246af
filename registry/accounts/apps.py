"""Accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "registry.accounts"
    label = "accounts"
    verbose_name = "人员和单位"

    def ready(self) -> None:
        from registry.accounts.choices import SIGHT_SETTINGS  # app ready
        from registry.accounts.lists import LISTS  # app ready
        from registry.accounts.messages import EVENT_MESSAGES, INBOX  # app ready
        from registry.accounts.services import ASSIGNMENT, declare_kind  # app ready
        from registry.accounts.services.account_lists import ACCOUNTS  # app ready
        from registry.accounts.services.settings import SETTING  # app ready
        from registry.audit.messages import declare_messages  # app ready
        from registry.kernel.inbox import declare_inbox  # app ready
        from registry.kernel.settings import declare_settings  # app ready
        from registry.lists.kinds import declare_lists  # app ready

        declare_messages(EVENT_MESSAGES)
        declare_inbox(*INBOX)
        declare_kind(ASSIGNMENT)
        declare_kind(ACCOUNTS)
        declare_kind(SETTING)
        declare_lists(*LISTS)
        declare_settings(*SIGHT_SETTINGS)
