"""Forms of any kind: sent in, looked at, published, withdrawn; and the answers to each."""

from __future__ import annotations

import zipfile
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bazafarin.adapters import wording
from bazafarin.adapters.survey_form.media import MOST_MEDIA_BYTES
from bazafarin.domain.errors import BazafarinError, FormError, UsageError
from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.office.downloads import downloaded
from bazafarin.web.office.paging import page_of
from bazafarin.web.office.said import language, said
from bazafarin.web.places.scope import places_for
from bazafarin.web.surveys import answers_table, forms_kept, queries
from bazafarin.web.surveys.forms import FormFile
from bazafarin.web.surveys.mapping_form import MappingForm
from bazafarin.web.surveys.models import FormState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.office.downloads import ListColumn
    from bazafarin.web.surveys.models import FormVersion, Submission

_PREVIEWED = 20
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Permission.RUN_SURVEYS)
@require_http_methods(["GET", "HEAD", "POST"])
def forms(request: UserRequest) -> HttpResponse:
    """List the versions of forms, and take a new one in."""
    places = places_for(request.user, Permission.RUN_SURVEYS).order_by("path")
    sent = FormFile(request.POST or None, request.FILES or None, places=places)
    if request.method == "POST" and sent.is_valid():
        file = sent.cleaned_data["file"]
        try:
            version = forms_kept.add_version(
                by=request.user, place=sent.cleaned_data["place"], content=file.read(),
                file_name=file.name,
            )  # fmt: skip
        except BazafarinError as error:
            sent.add_error("file", wording.error_text(error, language()))
        else:
            messages.success(request, said("web_surveys.form_kept", title=version.title))
            return redirect("surveys:form", version.pk)
    page = page_of(queries.versions_for(request.user), request)
    return render(request, "surveys/forms.html", {"page": page, "form": sent})


@needs(Permission.RUN_SURVEYS)
@require_GET
def form(request: UserRequest, number: int) -> HttpResponse:
    """Show what a version of a form asks, and what of it becomes a parcel's."""
    version = _version(request, number)
    definition = forms_kept.definition_of(version)
    told = {each.path: each.column for each in forms_kept.mapping_of(version)}
    context = {
        "version": version,
        "questions": [
            (
                definition.title_of(node, language()),
                node.name,
                node.answer,
                len(node.choices),
                bool(node.required) and node.required != "false()",
                told.get(node.path),
            )
            for node in definition.questions
            if node.is_asked
        ],
        "languages": [name for name in definition.languages if name],
        "media": forms_kept.media_of(version),
        "takes_media": version.state == FormState.DRAFT,
    }
    return render(request, "surveys/form.html", context)


@needs(Permission.RUN_SURVEYS)
@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: UserRequest, number: int) -> HttpResponse:
    """Say which question tells which field of a parcel; look at what it makes of answers first."""
    version = _version(request, number)
    asked = MappingForm(request.POST or None, version=version)
    chosen = None
    if request.method == "POST" and asked.is_valid():
        chosen = asked.mapping()
        if "keep" in request.POST:
            count = forms_kept.map_questions(by=request.user, version=version, mapping=chosen)
            messages.success(request, said("web_surveys.was_mapped", count=count))
            return redirect("surveys:form", version.pk)
    shown = queries.answers_to(request.user, version).order_by("-pk")[:_PREVIEWED]
    previewed = [(row, *forms_kept.seen_in(version, bytes(row.xml), chosen)) for row in shown]
    context = {"version": version, "form": asked, "previewed": previewed}
    return render(request, "surveys/mapping.html", context)


@needs(Permission.RUN_SURVEYS)
@require_POST
def publish(request: UserRequest, number: int) -> HttpResponse:
    """Give a version to phones."""
    version = _version(request, number)
    try:
        forms_kept.publish(by=request.user, version=version)
    except UsageError as error:
        messages.error(request, wording.error_text(error, language()))
    else:
        messages.success(request, said("web_surveys.form_published", title=version.title))
    return redirect("surveys:form", version.pk)


@needs(Permission.RUN_SURVEYS)
@require_POST
def withdraw(request: UserRequest, number: int) -> HttpResponse:
    """Give a version to no phone any more."""
    version = _version(request, number)
    forms_kept.withdraw(by=request.user, version=version)
    messages.success(request, said("web_surveys.form_withdrawn", title=version.title))
    return redirect("surveys:form", version.pk)


@needs(Permission.RUN_SURVEYS)
@require_POST
def media(request: UserRequest, number: int) -> HttpResponse:
    """Take in the files that a draft needs; each is said by itself."""
    version = _version(request, number)
    for file in request.FILES.getlist("file"):
        try:
            if (file.size or 0) > MOST_MEDIA_BYTES:
                mib = MOST_MEDIA_BYTES // 2**20
                raise FormError("form.large_media", file=file.name, mib=mib)
            forms_kept.add_media(
                by=request.user, version=version, name=file.name or "", content=file.read()
            )
        except BazafarinError as error:
            messages.error(request, wording.error_text(error, language()))
        else:
            messages.success(request, said("web_surveys.media_kept", file=file.name))
    return redirect("surveys:form", version.pk)


@needs(Permission.RUN_SURVEYS)
@require_GET
def source(request: UserRequest, number: int) -> FileResponse:
    """Give a version as the workbook that was sent in."""
    version = _version(request, number)
    return FileResponse(
        iter([bytes(version.source)]), as_attachment=True, filename=version.source_name,
        content_type=_WORKBOOK,
    )  # fmt: skip


@needs(Permission.REVIEW_ANSWERS)
@require_GET
def answers(request: UserRequest, number: int) -> HttpResponse | FileResponse:
    """Show the answers to a form as a table, and give them as files."""
    version = get_object_or_404(
        queries.versions_for(request.user, Permission.REVIEW_ANSWERS), pk=number
    )
    definition = forms_kept.definition_of(version)
    repeat = request.GET.get("table", "")
    repeats = answers_table.repeats_of(definition)
    if repeat and repeat not in {node.path for node in repeats}:
        raise Http404
    found = queries.answers_to(request.user, version)
    if request.GET.get("format") == "xml":
        return _originals(version, found)
    rows = answers_table.FilledRows(found, definition, repeat)
    if file := downloaded(request, rows, lambda: answers_table.answers_listing(definition, repeat)):
        return file
    page = page_of(found, request)
    listing = answers_table.answers_listing(definition, repeat)
    filled = [each for row in page.rows for each in answers_table.rows_of(row, definition, repeat)]
    context = {
        "version": version, "page": page, "repeats": [
            (node.path, definition.title_of(node, language())) for node in repeats
        ],
        "table": repeat, "columns": listing.columns[1:],
        "rows": [
            (each.submission, [_cell(column, each) for column in listing.columns[1:]])
            for each in filled
        ],
    }  # fmt: skip
    return render(request, "surveys/answers.html", context)


def _cell(column: ListColumn, filled: answers_table.FilledRow) -> object:
    value = column.value(filled)
    return column.say(value) if column.say is not None and value is not None else value


def _originals(version: FormVersion, found: QuerySet[Submission]) -> FileResponse:
    """Return what was sent, byte by byte, in one archive."""
    held = TemporaryFile()  # noqa: SIM115 - the answer closes it
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in found.iterator(500):
            archive.writestr(f"{row.pk}.xml", bytes(row.xml))
    held.seek(0)
    name = f"{version.form.form_id}.zip"
    return FileResponse(held, as_attachment=True, filename=name, content_type="application/zip")


def _version(request: UserRequest, number: int) -> FormVersion:
    return get_object_or_404(queries.versions_for(request.user), pk=number)
