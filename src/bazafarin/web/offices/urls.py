"""The addresses of facilitation offices."""

from __future__ import annotations

from django.urls import path

from bazafarin.web.offices import views

app_name = "offices"
urlpatterns = [
    path("", views.offices, name="offices"),
    path("open/", views.open_office, name="open"),
    path("<int:number>/", views.office, name="office"),
    path("<int:number>/done/", views.note_done, name="note_done"),
    path("<int:number>/people/", views.add_worker, name="add_worker"),
    path("<int:number>/close/", views.close_office, name="close"),
    path("<int:number>/months/<int:year>/<int:month>/", views.month, name="month"),
    path("people/<int:number>/end/", views.end_worker, name="end_worker"),
]
