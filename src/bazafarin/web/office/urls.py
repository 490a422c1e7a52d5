"""The addresses of the shell."""

from __future__ import annotations

from django.urls import path

from bazafarin.web.office import views

app_name = "office"
urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.change_language, name="language"),
    path("help/", views.help_page, name="help"),
    path("tokens.css", views.tokens, name="tokens"),
    path("robots.txt", views.robots, name="robots"),
    path("health/", views.health, name="health"),
]
