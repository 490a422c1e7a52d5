"""The map of the site."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("bazafarin.web.office.urls")),
    path("accounts/", include("bazafarin.web.accounts.urls")),
    path("audit/", include("bazafarin.web.audit.urls")),
    path("jobs/", include("bazafarin.web.jobs.urls")),
    path("places/", include("bazafarin.web.places.urls")),
    path("maps/", include("bazafarin.web.maps.urls")),
    path("plans/", include("bazafarin.web.plans.urls")),
    path("cases/", include("bazafarin.web.cases.urls")),
    path("surveys/", include("bazafarin.web.surveys.urls")),
    path("offices/", include("bazafarin.web.offices.urls")),
    path("openrosa/", include("bazafarin.web.surveys.openrosa_urls")),
    path("", include("bazafarin.web.interfaces.urls")),
]
handler400 = "bazafarin.web.office.views.not_understood"
handler403 = "bazafarin.web.office.views.refused"
handler404 = "bazafarin.web.office.views.not_found"
handler500 = "bazafarin.web.office.views.fault"
