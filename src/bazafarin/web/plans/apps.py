"""The app of plans."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Knows the work of a plan."""

    name = "bazafarin.web.plans"

    def ready(self) -> None:
        """Let plans be asked for."""
        from bazafarin.web.plans import work  # noqa: F401, PLC0415 - registers itself
