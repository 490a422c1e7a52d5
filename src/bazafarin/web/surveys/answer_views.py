"""The answers of a survey, one answer with its photos, and what a reviewer does with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from defusedxml.ElementTree import fromstring
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bazafarin.adapters import persian_text, wording
from bazafarin.adapters.openrosa import photos
from bazafarin.adapters.survey_form import answers
from bazafarin.adapters.survey_form.definition import AnswerKind
from bazafarin.domain.errors import FormError, UsageError
from bazafarin.domain.solar_hijri import GREGORIAN_YEARS
from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.asked import number_in
from bazafarin.web.office.paging import page_of
from bazafarin.web.office.said import language, said
from bazafarin.web.surveys import conflicts, photo_files, queries, reviewing
from bazafarin.web.surveys.coverage import Limits, seconds_of
from bazafarin.web.surveys.edit_form import EditForm
from bazafarin.web.surveys.forms import NoteForm
from bazafarin.web.surveys.forms_kept import definition_of
from bazafarin.web.surveys.models import SubmissionState
from bazafarin.web.surveys.received_files import UNREADABLE, files_to_come

if TYPE_CHECKING:
    from bazafarin.adapters.survey_form.definition import FormDefinition, Node
    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.surveys.models import Attachment, Submission, Survey


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer as a reader reads it; ``photo`` where it is one."""

    title: str
    text: str
    is_code: bool = False
    photo: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A group or one row of a repeat, with its answers."""

    title: str
    answered: tuple[Answered, ...]


@needs(Permission.REVIEW_ANSWERS)
@require_GET
def submissions(request: UserRequest, number: int) -> HttpResponse:
    """List the answers of a survey; those that wait first of all."""
    reviewed = queries.surveys_for(request.user, Permission.REVIEW_ANSWERS)
    shown = get_object_or_404(reviewed, pk=number)
    state = request.GET.get("state", SubmissionState.WAITING)
    state = state if state in set(SubmissionState) else ""
    surveyor, asked = number_in(request.GET.get("surveyor", "")), request.GET.get("q", "").strip()
    found = queries.answers_of(shown, state=state, surveyor=surveyor, asked=asked)
    page = page_of(found, request)
    met = conflicts.conflicts_of(shown, page.rows)
    limits = Limits.on(timezone.localdate())
    context = {
        "survey": shown, "page": page, "state": state, "states": list(SubmissionState),
        "q": asked, "surveyor": surveyor, "surveyors": queries.surveyors_of(shown),
        "rows": [
            (each, met[each.pk], limits.is_far(each), limits.is_quick(each)) for each in page.rows
        ],
        "can_accept": state == SubmissionState.WAITING and bool(page.rows),
    }  # fmt: skip
    return render(request, "surveys/submissions.html", context)


@needs(Permission.REVIEW_ANSWERS)
@require_POST
def accept(request: UserRequest, number: int) -> HttpResponse:
    """Accept the answers that were ticked."""
    reviewed = queries.surveys_for(request.user, Permission.REVIEW_ANSWERS)
    shown = get_object_or_404(reviewed, pk=number)
    numbers = [found for text in request.POST.getlist("answer") if (found := number_in(text))]
    even_so = request.POST.get("even_so") == "1"
    try:
        edition = reviewing.accept(
            by=request.user, survey=shown, numbers=numbers, even_so=even_so,
            note=said("web_surveys.edition_note", title=shown.title),
        )  # fmt: skip
    except UsageError as error:
        messages.error(request, wording.error_text(error, language()))
    else:
        word = "web_surveys.accepted" if edition else "web_surveys.accepted_same"
        number_of = None if edition is None else edition.number
        messages.success(request, said(word, count=len(numbers), edition=number_of))
    return redirect("surveys:submissions", shown.pk)


@needs(Permission.FILL_FORMS)
@require_GET
def submission(request: UserRequest, number: int) -> HttpResponse:
    """Show an answer."""
    shown = get_object_or_404(queries.submissions_for(request.user), pk=number)
    return _page(request, shown)


@needs(Permission.REVIEW_ANSWERS)
@require_POST
def send_back(request: UserRequest, number: int) -> HttpResponse:
    """Return an answer to its surveyor."""
    shown = _reviewed(request, number)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            reviewing.send_back(by=request.user, submission=shown, note=form.cleaned_data["note"])
        except UsageError as error:
            form.add_error(None, wording.error_text(error, language()))
        else:
            messages.success(request, said("web_surveys.was_returned", key=shown.parcel_key))
            return redirect("surveys:submissions", shown.survey_id)
    return _page(request, shown, returning=form)


@needs(Permission.REVIEW_ANSWERS)
@require_POST
def edit(request: UserRequest, number: int) -> HttpResponse:
    """Say anew what an answer tells of its parcel."""
    shown = _reviewed(request, number)
    form = EditForm(request.POST, submission=shown)
    if form.is_valid():
        try:
            changed = reviewing.edit(
                by=request.user, submission=shown, values=form.values(),
                note=form.cleaned_data["note"],
            )  # fmt: skip
        except UsageError as error:
            form.add_error(None, wording.error_text(error, language()))
        else:
            messages.success(request, said("web_surveys.was_edited", count=len(changed)))
            return redirect("surveys:submission", shown.pk)
    return _page(request, shown, editing=form)


@needs(Permission.FILL_FORMS)
@require_GET
def photo(request: UserRequest, number: int, file: int) -> FileResponse:
    """Give a file of an answer."""
    kept = _file(request, number, file)
    is_photo = kept.kind in photos.KINDS.values()
    content = photo_files.path_of(kept.sha256).open("rb")
    return FileResponse(
        content, content_type=kept.kind, as_attachment=not is_photo, filename=kept.name
    )


@needs(Permission.FILL_FORMS)
@require_GET
def thumbnail(request: UserRequest, number: int, file: int) -> HttpResponse:
    """Give a smaller picture of a photo; it is made when somebody first looks."""
    kept = _file(request, number, file)
    path = photo_files.thumbnail_path(kept.sha256)
    if not path.exists():
        content = photo_files.path_of(kept.sha256).read_bytes()
        try:
            small = photos.thumbnail(content, name=kept.name)
        except FormError:  # a photo that breaks off: the page shows its name
            return HttpResponse(status=404)
        photo_files.keep_thumbnail(kept.sha256, small)
    return HttpResponse(path.read_bytes(), "image/jpeg")


def _reviewed(request: UserRequest, number: int) -> Submission:
    found = queries.submissions_for(request.user).exclude(survey=None)
    shown: Submission = get_object_or_404(found, pk=number)
    if not has_permission(request.user, Permission.REVIEW_ANSWERS, shown.place):
        return get_object_or_404(found.none())
    return shown


def _file(request: UserRequest, number: int, file: int) -> Attachment:
    shown = get_object_or_404(queries.submissions_for(request.user), pk=number)
    return get_object_or_404(shown.attachments.exclude(kind=UNREADABLE), pk=file)


def _page(
    request: UserRequest,
    shown: Submission,
    *,
    returning: NoteForm | None = None,
    editing: EditForm | None = None,
) -> HttpResponse:
    survey: Survey | None = shown.survey
    may_review = has_permission(request.user, Permission.REVIEW_ANSWERS, shown.place)
    limits = Limits.on(timezone.localdate())
    is_waiting = shown.state == SubmissionState.WAITING
    context = {
        "submission": shown, "survey": survey, "sections": _sections(shown),
        "reviews": shown.reviews.select_related("made_by") if may_review else
        shown.reviews.filter(kind="returned").select_related("made_by"),
        "conflicts": conflicts.conflicts_of(survey, [shown])[shown.pk]
        if may_review and survey and is_waiting else (),
        "may_answer_anew": queries.may_answer_anew(request.user, shown),
        "may_review": may_review and survey is not None and is_waiting,
        "sees_list": may_review and survey is not None,
        "is_far": limits.is_far(shown), "is_quick": limits.is_quick(shown),
        "seconds": seconds_of(shown), "limits": limits,
        "missing": _missing(shown),
        "returning": returning or NoteForm(prefix=None),
        "editing": editing or EditForm(submission=shown),
    }  # fmt: skip
    return render(request, "surveys/submission.html", context)


def _sections(shown: Submission) -> list[Section]:
    """Return what was answered, group by group and row by row, in the form's own words."""
    definition = definition_of(shown.version)
    files = {each.name: each for each in shown.attachments.exclude(kind=UNREADABLE)}
    sections = []
    for row in answers.read_answers(definition, fromstring(bytes(shown.xml))):
        grouped: dict[str, list[Answered]] = {}
        for path, text in row.answers.items():
            node = definition.nodes[path]
            if not node.is_asked:
                continue
            above = path.rpartition("/")[0]
            words, is_code = _words(definition, node, text)
            title = definition.title_of(node, language())
            told = Answered(title, words, is_code, files.get(text))
            grouped.setdefault(above, []).append(told)
        for above, answered in grouped.items():
            title = definition.title_of(definition.nodes[above], language())
            place = "".join(f" {number}" for number in row.place)
            name = "" if above == definition.root.path else f"{title}{place}"
            sections.append(Section(name, tuple(answered)))
    return sections


def _words(definition: FormDefinition, node: Node, text: str) -> tuple[str, bool]:
    """Return an answer in the form's own words and the reader's calendar; and whether a code."""
    value = answers.value_of(node, text)
    if isinstance(value, answers.Point):
        at = f"{value.latitude:.5f}, {value.longitude:.5f}"
        return at, True
    if (
        isinstance(value, date)
        and not isinstance(value, datetime)
        and value.year in GREGORIAN_YEARS
    ):
        return persian_text.jalali(value, language=language()), False
    if node.answer is AnswerKind.TEXT or node.file:
        return text, text.isascii()
    return answers.shown(definition, node, text, language()), False


def _missing(shown: Submission) -> list[str]:
    """Return the names of the files that an answer names and that have not come, or not whole."""
    definition = definition_of(shown.version)
    there = {each.name for each in shown.attachments.exclude(kind=UNREADABLE)}
    named = [
        name
        for row in answers.read_answers(definition, fromstring(bytes(shown.xml)))
        for name in files_to_come(definition, row.answers)
    ]
    return [name for name in named if name not in there]
