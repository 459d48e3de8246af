"""Accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "registry.accounts"
    label = "accounts"
    verbose_name = "人员和单位"

    def ready(self) -> None:
        from registry.accounts.sentences import SENTENCES  # app ready
        from registry.accounts.services import ASSIGNMENT, declare_kind  # app ready
        from registry.audit.sentences import declare  # app ready

        declare(SENTENCES)
        declare_kind(ASSIGNMENT)
