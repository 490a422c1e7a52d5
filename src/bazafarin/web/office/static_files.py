"""Static files under names that change with their content, packed once when a site is set up."""

from __future__ import annotations

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # it ships no types
    """Looks for other files in style sheets alone: vendored scripts name maps that do not ship."""

    patterns = tuple(
        entry for entry in CompressedManifestStaticFilesStorage.patterns if entry[0] == "*.css"
    )

    def create_compressor(self, **options: Any) -> Compressor:  # noqa: ANN401 - the packer's own
        """Pack by gzip alone: a few kilobytes more, and the first start takes no half a minute."""
        return Compressor(use_brotli=False, **options)
