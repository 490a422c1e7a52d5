"""The site's settings on a data folder of the test run's own.

The database is SQLite, or the one that ``BAZAFARIN_TEST_DATABASE_URL`` names.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = tempfile.mkdtemp(prefix="bazafarin-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
(Path(_folder) / "static").mkdir()
os.environ["BAZAFARIN_DATA"] = _folder
if url := os.environ.get("BAZAFARIN_TEST_DATABASE_URL"):
    os.environ["BAZAFARIN_DATABASE_URL"] = url
else:
    os.environ.pop("BAZAFARIN_DATABASE_URL", None)

from bazafarin.web.settings import *  # noqa: E402, F403 - once the folder is named

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""A test signs in very often; how hard a password is to guess is no matter of theirs."""
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
