"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")
application = get_wsgi_application()

from registry.store.start import require_right_keys_at_start  # noqa: E402  app ready

require_right_keys_at_start()

gc.collect()
gc.freeze()  # what was loaded stays for good: a full collection would walk it for a tenth of a second amid a request
