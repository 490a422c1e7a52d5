"""The door that a WSGI server opens."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bazafarin.web.settings")
application = get_wsgi_application()
# Every view is imported now, and what was imported stays: a collection that looked through it
# all again would stop a tile for a tenth of a second.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
