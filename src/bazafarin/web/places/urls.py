"""The addresses of places."""

from __future__ import annotations

from django.urls import path

from bazafarin.web.places import views

app_name = "places"
urlpatterns = [
    path("", views.places, name="places"),
    path("cities/<int:number>/", views.city, name="city"),
    path("cities/<int:number>/deliver/", views.deliver, name="deliver"),
    path("editions/<int:number>/", views.edition, name="edition"),
    path("editions/<int:number>/changes/<slug:layer>/", views.changes, name="changes"),
    path("editions/<int:number>/report/", views.report, name="report"),
    path("editions/<int:number>/accept/", views.accept, name="accept"),
    path("editions/<int:number>/refuse/", views.refuse, name="refuse"),
    path("cities/<int:number>/parcels/", views.parcels, name="parcels"),
    path("cities/<int:number>/parcels/<path:key>/", views.parcel, name="parcel"),
]
