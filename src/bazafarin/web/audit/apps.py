"""The app of the audit."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    """Keeps the database's guard of the audit in place."""

    name = "bazafarin.web.audit"

    def ready(self) -> None:
        """Guard the audit after each migration."""
        from bazafarin.web.audit.guards import guard_after_migration  # noqa: PLC0415 - needs models

        post_migrate.connect(guard_after_migration, sender=self)
