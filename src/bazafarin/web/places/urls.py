"""The addresses of places."""

from __future__ import annotations

from django.urls import path

from bazafarin.web.places import area_views, edition_views, tree_views, views

app_name = "places"
urlpatterns = [
    path("", tree_views.places, name="places"),
    path("<int:number>/", tree_views.place, name="place"),
    path("<int:number>/add/", tree_views.add_place, name="add_place"),
    path("<int:number>/target-areas/", area_views.areas, name="areas"),
    path("<int:number>/target-areas/add/", area_views.add_area, name="add_area"),
    path("target-areas/<int:number>/end/", area_views.end_area, name="end_area"),
    path("cities/<int:number>/boundary/", area_views.boundary, name="boundary"),
    path("cities/<int:number>/", views.city, name="city"),
    path("cities/<int:number>/deliver/", views.deliver, name="deliver"),
    path("editions/<int:number>/", edition_views.edition, name="edition"),
    path("editions/<int:number>/changes/<slug:layer>/", edition_views.changes, name="changes"),
    path("editions/<int:number>/successions/", edition_views.successions, name="successions"),
    path("editions/<int:number>/report/", edition_views.report, name="report"),
    path("editions/<int:number>/accept/", edition_views.accept, name="accept"),
    path("editions/<int:number>/refuse/", edition_views.refuse, name="refuse"),
    path("cities/<int:number>/parcels/", views.parcels, name="parcels"),
    path("cities/<int:number>/parcels/<path:key>/", views.parcel, name="parcel"),
]
