"""The addresses of phones; their names are OpenRosa's own, without a stroke at the end."""

from __future__ import annotations

from django.urls import path

from bazafarin.web.surveys import openrosa

app_name = "openrosa"
urlpatterns = [
    path("formList", openrosa.form_list, name="forms"),
    path("submission", openrosa.submission, name="submission"),
    path("forms/<int:number>/form.xml", openrosa.form, name="form"),
    path("forms/<int:number>/manifest", openrosa.manifest, name="manifest"),
    path("forms/<int:number>/media/<str:name>", openrosa.media, name="media"),
    path("forms/<int:number>/parcels.csv", openrosa.parcels, name="parcels"),
    path("forms/<int:number>/integrity", openrosa.integrity, name="integrity"),
]
