"""The addresses of plans."""

from __future__ import annotations

from django.urls import path

from bazafarin.web.plans import views

app_name = "plans"
urlpatterns = [path("", views.plans, name="plans")]
