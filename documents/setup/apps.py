"""App configuration. No models: an app for its commands."""

from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "documents.setup"
    label = "setup"
    verbose_name = "初始数据和演示"
