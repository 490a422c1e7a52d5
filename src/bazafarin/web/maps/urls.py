"""The addresses of maps."""

from __future__ import annotations

from django.urls import path

from bazafarin.web.maps import views

app_name = "maps"
urlpatterns = [path("", views.map, name="map")]
