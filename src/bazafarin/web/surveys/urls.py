"""The addresses of surveys."""

from __future__ import annotations

from django.urls import path

from bazafarin.web.surveys import answer_views, desk_views, form_views, own_views, views

app_name = "surveys"
urlpatterns = [
    path("", views.surveys, name="surveys"),
    path("cities/<int:number>/begin/", views.begin, name="begin"),
    path("forms/", form_views.forms, name="forms"),
    path("forms/<int:number>/", form_views.form, name="form"),
    path("forms/<int:number>/mapping/", form_views.mapping, name="mapping"),
    path("forms/<int:number>/publish/", form_views.publish, name="publish"),
    path("forms/<int:number>/withdraw/", form_views.withdraw, name="withdraw"),
    path("forms/<int:number>/media/", form_views.media, name="media"),
    path("forms/<int:number>/source/", form_views.source, name="source"),
    path("forms/<int:number>/answers/", form_views.answers, name="form_answers"),
    path("mine/", own_views.mine, name="mine"),
    path("mine/phone/", own_views.own_phone, name="own_phone"),
    path("mine/phone/off/", own_views.own_phone_off, name="own_phone_off"),
    path("desk/begin/", desk_views.begin, name="desk_begin"),
    path("desk/<int:number>/", desk_views.fill, name="desk"),
    path("desk/<int:number>/drop/", desk_views.drop, name="desk_drop"),
    path("answers/<int:number>/anew/", desk_views.anew, name="desk_anew"),
    path("<int:number>/desk/<path:key>/", desk_views.block, name="desk_block"),
    path("<int:number>/", views.survey, name="survey"),
    path("<int:number>/effect/", views.effect, name="effect"),
    path("<int:number>/second-looks/", views.second_looks, name="second_looks"),
    path("<int:number>/blocks/<path:key>/", views.block, name="block"),
    path("<int:number>/give/", views.give, name="give"),
    path("<int:number>/take/", views.take, name="take"),
    path("<int:number>/close/", views.close, name="close"),
    path("<int:number>/form.xlsx", views.workbook, name="workbook"),
    path("<int:number>/phones/<int:user>/", own_views.phone_of, name="phone_of"),
    path("<int:number>/phones/<int:user>/off/", own_views.phone_off, name="phone_off"),
    path("<int:number>/answers/", answer_views.submissions, name="submissions"),
    path("<int:number>/accept/", answer_views.accept, name="accept"),
    path("answers/<int:number>/", answer_views.submission, name="submission"),
    path("answers/<int:number>/return/", answer_views.send_back, name="send_back"),
    path("answers/<int:number>/edit/", answer_views.edit, name="edit"),
    path("answers/<int:number>/files/<int:file>/", answer_views.photo, name="photo"),
    path("answers/<int:number>/files/<int:file>/small/", answer_views.thumbnail, name="thumbnail"),
]
