"""The addresses of people."""

from __future__ import annotations

from django.urls import path

from bazafarin.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("password/", views.password, name="password"),
    path("me/", views.account, name="account"),
    path("me/second-factor/", views.second_factor, name="second_factor"),
    path("me/second-factor/off/", views.second_factor_off, name="second_factor_off"),
    path("me/tokens/", views.make_token, name="make_token"),
    path("me/tokens/<int:number>/end/", views.end_token, name="end_token"),
    path("people/", views.people, name="people"),
    path("people/add/", views.add_person, name="add_person"),
    path("people/<int:number>/", views.person, name="person"),
    path("people/<int:number>/roles/", views.give_role, name="give_role"),
    path("people/<int:number>/active/", views.set_active, name="set_active"),
    path("people/<int:number>/password/", views.reset_password, name="reset_password"),
    path(
        "people/<int:number>/second-factor/off/",
        views.help_with_second_factor,
        name="help_with_second_factor",
    ),
    path("roles/<int:number>/take/", views.take_role, name="take_role"),
]
