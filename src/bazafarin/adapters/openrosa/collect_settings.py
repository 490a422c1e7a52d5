"""The settings of ODK Collect, as the picture that it scans.

The format is Collect's own: https://docs.getodk.org/collect-import-export/.
"""

from __future__ import annotations

import base64
import json
import zlib

import segno


def settings_code(*, server_url: str, user_name: str, password: str, project: str) -> str:
    """Return what the picture says: JSON, deflated, in base 64."""
    settings = {
        "general": {
            "server_url": server_url,
            "username": user_name,
            "password": password,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
            "app_language": "fa",
        },
        "project": {"name": project},
        "admin": {},
    }
    written = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(written.encode())).decode()


def settings_picture(code: str) -> str:
    """Return the code as an SVG, as an address that a page shows without another file."""
    return segno.make_qr(code, error="l").svg_data_uri(scale=4, border=4)
