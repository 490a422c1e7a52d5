"""The addresses of plans."""

from __future__ import annotations

from django.urls import path

from bazafarin.web.plans import views, views_of_a_plan

app_name = "plans"
urlpatterns = [
    path("", views.plans, name="plans"),
    path("new/", views.new, name="new"),
    path("compare/", views.compare, name="compare"),
    path("<int:number>/", views_of_a_plan.plan, name="plan"),
    path("<int:number>/blocks/", views_of_a_plan.blocks, name="blocks"),
    path("<int:number>/areas/<int:area>/", views_of_a_plan.area, name="area"),
    path("<int:number>/files/<str:name>", views_of_a_plan.download, name="download"),
]
