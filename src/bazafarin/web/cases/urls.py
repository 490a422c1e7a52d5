"""The addresses of cases."""

from __future__ import annotations

from django.urls import path

from bazafarin.web.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.cases, name="cases"),
    path("cities/<int:number>/open/", views.open_case, name="open"),
    path("<int:number>/", views.case, name="case"),
    path("<int:number>/tell/", views.tell, name="tell"),
]
