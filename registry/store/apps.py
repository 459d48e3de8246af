"""The store: guarded models, acts, scopes, encrypted columns."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from registry.store.collation import teach_sqlite


class StoreConfig(AppConfig):
    name = "registry.store"
    label = "store"

    def ready(self) -> None:
        """Teach each connection how Chinese is sorted."""
        connection_created.connect(teach_sqlite, dispatch_uid="store.collation")
