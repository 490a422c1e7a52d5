"""The addresses of interfaces."""

from __future__ import annotations

from django.urls import include, path

from bazafarin.web.interfaces.api import site
from bazafarin.web.interfaces.api import views as api
from bazafarin.web.interfaces.callers import nowhere
from bazafarin.web.interfaces.ogc import views as ogc

app_name = "interfaces"
urlpatterns = [
    path("ogc/", ogc.landing, name="ogc_landing"),
    path("ogc/api", ogc.description, name="ogc_description"),
    path("ogc/conformance", ogc.conformance, name="ogc_conformance"),
    path("ogc/collections", ogc.collections, name="ogc_collections"),
    path("ogc/collections/<str:name>", ogc.collection, name="ogc_collection"),
    path("ogc/collections/<str:name>/queryables", ogc.queryables, name="ogc_queryables"),
    path("ogc/collections/<str:name>/items", ogc.items, name="ogc_items"),
    path("ogc/collections/<str:name>/items/<path:key>", ogc.item, name="ogc_item"),
    path("api/v1/", api.guide, name="api_guide"),
    path("api/v1/openapi.json", api.description, name="api_description"),
    path("api/v1/", include((site.addresses(), "api"))),
    path("ogc/<path:rest>", nowhere, name="ogc_nowhere"),
    path("api/v1/<path:rest>", nowhere, name="api_nowhere"),
]
