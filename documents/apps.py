"""App configuration."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    label = "documents"
    verbose_name = "文书、报表和导入"

    def ready(self) -> None:
        from documents.sentences import SENTENCES  # app ready
        from registry.audit.sentences import declare  # app ready

        declare(SENTENCES)
