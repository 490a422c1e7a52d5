"""Static files under names that change with their content, packed once when a site is set up."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # it ships no types
    """Looks for other files in style sheets alone: vendored scripts name maps that do not ship."""

    patterns = tuple(
        entry for entry in CompressedManifestStaticFilesStorage.patterns if entry[0] == "*.css"
    )
