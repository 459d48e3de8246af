"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")
application = get_wsgi_application()

from registry.store.start import require_right_keys_at_start, settle_memory  # noqa: E402  app ready

require_right_keys_at_start()
settle_memory()
