"""The addresses of maps."""

from __future__ import annotations

from django.urls import path

from bazafarin.web.maps import correction_views, views

app_name = "maps"
urlpatterns = [
    path("", views.map, name="map"),
    path("<int:number>/", views.city, name="city"),
    path("<int:number>/tiles/<int:edition>/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile"),
    path("<int:number>/<int:edition>/find/", views.find, name="find"),
    path(
        "<int:number>/<int:edition>/features/<slug:layer>/<int:row>/", views.feature, name="feature"
    ),
    path("<int:number>/<int:edition>/print.pdf", views.print_map, name="print"),
    path("<int:number>/about/", correction_views.shapes_about, name="about"),
    path("<int:number>/correct/<slug:layer>/", correction_views.correct, name="correct"),
]
