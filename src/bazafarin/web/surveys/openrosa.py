"""The addresses that phones ask: forms, their files, and where answers are sent."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from django.http import Http404, HttpResponse
from django.urls import reverse

from bazafarin.adapters.openrosa import documents
from bazafarin.adapters.openrosa.documents import ListedFile, ListedForm
from bazafarin.adapters.openrosa.submission import MOST_BYTES
from bazafarin.adapters.survey_form.office_form import PARCELS_FILE
from bazafarin.domain.errors import FormError
from bazafarin.web.office.said import said
from bazafarin.web.surveys import parcels_given, receiving
from bazafarin.web.surveys.callers import for_phones, told
from bazafarin.web.surveys.queries import version_for_phone, versions_for_phone
from bazafarin.web.surveys.received_files import SentFile

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.surveys.models import FormVersion

_XML_PART: Final = "xml_submission_file"
MOST_POST_BYTES: Final = 64 * 2**20
"""What a phone is told to send at most in one post; it sends the rest in another."""


@for_phones("GET", "HEAD")
def form_list(request: UserRequest) -> HttpResponse:
    """List the forms that somebody fills; ``formID`` asks for one."""
    versions = versions_for_phone(request.user)
    if asked := request.GET.get("formID"):
        versions = [each for each in versions if each.form.form_id == asked]
    listed = [_listed(request, each) for each in versions]
    return HttpResponse(documents.form_list(listed), documents.CONTENT_TYPE)


@for_phones("GET", "HEAD")
def form(request: UserRequest, number: int) -> HttpResponse:
    """Give a form."""
    version = _version(request, number)
    return HttpResponse(version.xform.encode(), documents.CONTENT_TYPE)


@for_phones("GET", "HEAD")
def manifest(request: UserRequest, number: int) -> HttpResponse:
    """List the files of a form."""
    version = _version(request, number)
    files = [
        ListedFile(name, md5, _address(request, "media", number, name))
        for name, md5 in version.media.values_list("name", "md5")
    ]
    if version.asks_of_parcels:
        table = parcels_given.list_for(request.user, version.form)
        digest = hashlib.md5(table, usedforsecurity=False).hexdigest()
        at = {name: _address(request, name, number) for name in ("parcels", "integrity")}
        files.append(ListedFile(PARCELS_FILE, digest, at["parcels"], integrity_url=at["integrity"]))
    return HttpResponse(documents.manifest(files), documents.CONTENT_TYPE)


@for_phones("GET", "HEAD")
def media(request: UserRequest, number: int, name: str) -> HttpResponse:
    """Give a file of a form."""
    file = _version(request, number).media.filter(name=name).first()
    if file is None:
        raise Http404
    return HttpResponse(bytes(file.content), "application/octet-stream")


@for_phones("GET", "HEAD")
def parcels(request: UserRequest, number: int) -> HttpResponse:
    """Give somebody the list of their own parcels."""
    version = _version(request, number)
    table = parcels_given.list_for(request.user, version.form)
    return HttpResponse(table, "text/csv; charset=utf-8")


@for_phones("GET", "HEAD")
def integrity(request: UserRequest, number: int) -> HttpResponse:
    """Tell which parcels of a phone are none of its owner's any more."""
    version = _version(request, number)
    keys = [key for key in request.GET.get("id", "").split(",") if key]
    gone = parcels_given.gone(request.user, version.form, keys)
    return HttpResponse(documents.integrity(gone), documents.CONTENT_TYPE)


@for_phones("HEAD", "POST")
def submission(request: UserRequest) -> HttpResponse:
    """Take in a submission; asked by HEAD, say where and how much may be sent."""
    if request.method == "HEAD":
        response = HttpResponse(status=204)
        response["Location"] = request.build_absolute_uri()
    else:
        response = _taken_in(request)
    response["X-OpenRosa-Accept-Content-Length"] = str(MOST_POST_BYTES)
    return response


def _taken_in(request: UserRequest) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_POST_BYTES:
        return told(said("web_surveys.error.large_post", mib=MOST_POST_BYTES // 2**20), status=413)
    sent = request.FILES.getlist(_XML_PART)
    if len(sent) != 1 or (sent[0].size or 0) > MOST_BYTES:
        raise FormError("submission.no_xml", reason=_XML_PART)
    files = [
        SentFile(name=upload.name or "", content=upload.read())
        for part, uploads in request.FILES.lists()
        if part != _XML_PART
        for upload in uploads
    ]
    _, is_new = receiving.receive(by=request.user, xml=sent[0].read(), files=files)
    word = "web_surveys.taken_in" if is_new else "web_surveys.taken_before"
    return told(said(word), status=201 if is_new else 202)


def _version(request: UserRequest, number: int) -> FormVersion:
    version = version_for_phone(request.user, number)
    if version is None:
        raise Http404
    return version


def _listed(request: HttpRequest, version: FormVersion) -> ListedForm:
    has_files = version.asks_of_parcels or version.media.exists()
    return ListedForm(
        form_id=version.form.form_id,
        name=version.title,
        version=version.version,
        md5=version.md5,
        download_url=_address(request, "form", version.pk),
        manifest_url=_address(request, "manifest", version.pk) if has_files else "",
    )


def _address(request: HttpRequest, name: str, *parts: int | str) -> str:
    return request.build_absolute_uri(reverse(f"openrosa:{name}", args=parts))
