"""The app of places."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PlacesConfig(AppConfig):
    """Keeps the spatial index in place."""

    name = "bazafarin.web.places"

    def ready(self) -> None:
        """Make the spatial index after each migration, and know the work of an import."""
        from bazafarin.web.places import work  # noqa: F401, PLC0415 - registers itself
        from bazafarin.web.places.spatial_index import (  # noqa: PLC0415 - needs models
            make_all_after_migration,
        )

        post_migrate.connect(make_all_after_migration, sender=self)
