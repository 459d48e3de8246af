"""App configuration. What stood here has apps of its own; the label stays for the migrations of the tables."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    label = "documents"
    verbose_name = "文件进出"
