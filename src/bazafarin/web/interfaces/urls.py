"""The addresses of interfaces."""

from __future__ import annotations

app_name = "interfaces"
urlpatterns: list[object] = []
