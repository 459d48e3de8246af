"""The store: guarded models, acts, scopes, encrypted columns."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "registry.store"
    label = "store"
