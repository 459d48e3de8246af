"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")
application = get_wsgi_application()

gc.collect()
gc.freeze()  # what was loaded stays for good: a full collection would walk it for a tenth of a second amid a request
