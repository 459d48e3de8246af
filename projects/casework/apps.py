"""App configuration."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "projects.casework"
    label = "casework"
    verbose_name = "推进工作"
