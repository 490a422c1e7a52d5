"""The pages on which somebody fills a form at a desk."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bazafarin.adapters import wording
from bazafarin.adapters.survey_form.definition import AnswerKind
from bazafarin.adapters.survey_form.filling import Problem, ProblemKind
from bazafarin.domain.errors import FormError
from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.office.asked import number_in
from bazafarin.web.office.said import language, said
from bazafarin.web.surveys import desk, queries
from bazafarin.web.surveys.desk_block import block_held
from bazafarin.web.surveys.desk_page import FIELD, Field, adders_of, fields_of, put_all
from bazafarin.web.surveys.models import FormState, FormVersion
from bazafarin.web.surveys.received_files import MOST_FILE_BYTES, SentFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile

    from bazafarin.adapters.survey_form.filling import Filling
    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.surveys.models import Draft, Submission


@needs(Permission.FILL_FORMS)
@require_GET
def block(request: UserRequest, number: int, key: str) -> HttpResponse:
    """List the parcels of a block that somebody has, with what became of each."""
    held = block_held(request.user, number, key, day=timezone.localdate())
    if held is None:
        raise Http404
    return render(request, "surveys/desk_block.html", {"held": held})


@needs(Permission.FILL_FORMS)
@require_POST
def begin(request: UserRequest) -> HttpResponse:
    """Begin to fill a form, or go on with the draft of it."""
    version = queries.version_for_phone(request.user, number_in(request.POST.get("form", "")) or 0)
    if version is None:
        raise Http404
    key = request.POST.get("parcel", "").replace("\0", "")
    return redirect("surveys:desk", desk.begin(by=request.user, version=version, parcel_key=key).pk)


@needs(Permission.FILL_FORMS)
@require_POST
def anew(request: UserRequest, number: int) -> HttpResponse:
    """Answer anew what came back."""
    came_back = get_object_or_404(queries.submissions_for(request.user), pk=number)
    return redirect("surveys:desk", desk.answer_anew(by=request.user, submission=came_back).pk)


@needs(Permission.FILL_FORMS)
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: UserRequest, number: int) -> HttpResponse:
    """Show a draft and keep what is written into it; send it."""
    if request.method != "POST":
        draft = _own(request, number)
        return _page(request, draft, desk.filling_of(draft), ())
    # one post after another: two of them could keep the answers of one with the files of the other
    with transaction.atomic():
        return _written(request, _own(request, number, is_held=True))


def _written(request: UserRequest, draft: Draft) -> HttpResponse:
    """Keep what a page sent, and do what it asks."""
    did, _, at = request.POST.get("do", "").partition(" ")
    seen = number_in(request.POST.get("revision", ""))
    if seen is not None and seen != draft.revision:
        messages.error(request, said("web_surveys.desk.elsewhere"))
        return redirect("surveys:desk", draft.pk)
    filling = desk.filling_of(draft)
    wrong = _taken_down(request, draft, filling, is_look=did == "look")
    if did in {"add", "drop"}:
        _turn_rows(request, draft, filling, did, at)
        return _back_to(draft, at)
    if did == "send" and not wrong:
        return _sent(request, draft, filling)
    if did == "keep" and not wrong:
        messages.success(request, said("web_surveys.desk.was_kept"))
        return redirect("surveys:mine")
    return _page(request, draft, filling, wrong, is_checked=request.POST.get("checked") == "1")


def _sent(request: UserRequest, draft: Draft, filling: Filling) -> HttpResponse:
    try:
        submission, problems = desk.send(draft)
    except FormError:  # the page says which
        return _page(request, draft, filling, (), is_checked=True)
    if submission is None:
        return _page(request, draft, filling, problems, is_checked=True)
    messages.success(request, said("web_surveys.desk.was_sent"))
    return _after(request, submission)


@needs(Permission.FILL_FORMS)
@require_POST
def drop(request: UserRequest, number: int) -> HttpResponse:
    """Throw a draft away, be it of a form that is one's own no more."""
    desk.drop(get_object_or_404(request.user.drafts, pk=number))
    messages.success(request, said("web_surveys.desk.was_dropped"))
    return redirect("surveys:mine")


def _own(request: UserRequest, number: int, *, is_held: bool = False) -> Draft:
    """Return one's own draft of a form that is still one's to fill; hold it until all is done."""
    drafts = request.user.drafts.select_related("version__form", "owner")
    if is_held:
        drafts = drafts.select_for_update(of=("self",))
    draft: Draft = get_object_or_404(drafts.defer("version__source"), pk=number)
    if not desk.may_fill(draft):
        raise PermissionDenied("web_surveys.error.not_yours")
    return draft


def _taken_down(
    request: UserRequest, draft: Draft, filling: Filling, *, is_look: bool
) -> tuple[Problem, ...]:
    """Keep what a page sent; say of files which cannot be kept.

    A look takes no file away: the tick may be taken back until the page is sent.
    """
    put_all(filling, request.POST)
    refused = []
    for part in list(filling.page().walk()):
        if part.node.answer is not AnswerKind.FILE:
            continue
        upload = request.FILES.get(f"{FIELD}{part.address}")
        if upload is None and (is_look or f"gone:{part.address}" not in request.POST):
            continue
        name = ""
        if upload is not None:
            try:
                file = SentFile(upload.name or "", _content(upload))
                name = desk.keep_file(draft, file, question=part.node.name, media=part.node.media)
            except FormError as error:
                refused.append(_refused(part.address, error))
                continue
        filling.put(part.address, name)
    with suppress(FormError):  # what was typed is kept, whatever the form makes of it; see _page
        filling.settle()
    desk.keep(draft, filling)
    return tuple(refused)


def _content(upload: UploadedFile[Any]) -> bytes:
    """Return what was uploaded; it is not read where it is too large."""
    if (upload.size or 0) > MOST_FILE_BYTES:
        raise FormError("filling.large_file", file=upload.name, mib=MOST_FILE_BYTES // 2**20)
    content: bytes = upload.read()
    return content


def _refused(address: str, error: FormError) -> Problem:
    return Problem(address, ProblemKind.LIMIT, wording.error_text(error, language()))


def _turn_rows(request: UserRequest, draft: Draft, filling: Filling, did: str, at: str) -> None:
    try:
        filling.add_row(at) if did == "add" else filling.drop_row(at)
        filling.settle()
    except KeyError as error:
        raise Http404 from error
    except FormError as error:
        messages.error(request, wording.error_text(error, language()))
    desk.keep(draft, filling)


def _back_to(draft: Draft, at: str) -> HttpResponse:
    response = redirect("surveys:desk", draft.pk)
    response["Location"] += f"#{quote(at.partition('[')[0])}"
    return response


def _page(
    request: UserRequest,
    draft: Draft,
    filling: Filling,
    problems: Sequence[Problem],
    *,
    is_checked: bool = False,
) -> HttpResponse:
    """Show a draft; what was left empty is said once it was to be sent."""
    fault = ""
    try:
        filling.settle()
    except FormError as error:
        fault = wording.error_text(error, language())
    found = list(problems)
    told = {each.address for each in found}
    found += [
        each
        for each in filling.problems()
        if each.address not in told and (is_checked or each.kind is not ProblemKind.REQUIRED)
    ]
    fields = fields_of(filling, found, dict(draft.files.values_list("name", "sent_as")))
    context = {
        "draft": draft, "version": draft.version, "fields": fields, "is_checked": is_checked,
        "fault": fault,
        "adders": adders_of(filling, filling.page()),
        "wrong": _wrong(fields) if is_checked or problems else (),
    }  # fmt: skip
    return render(request, "surveys/desk.html", context)


def _wrong(fields: Sequence[Field]) -> list[Field]:
    return [each for field in fields for each in field.walk() if each.problem]


def _after(request: UserRequest, sent: Submission) -> HttpResponse:
    """Go back to the block, where it is theirs: a second look is of somebody else's."""
    held = request.user.assignments.filter(
        survey=sent.survey_id, block_key=sent.block_key, ended_at=None, survey__closed_on=None
    )
    is_given = FormVersion.objects.filter(form=sent.version.form_id, state=FormState.PUBLISHED)
    if sent.survey_id is None or not (held.exists() and is_given.exists()):
        return redirect("surveys:mine")
    return redirect("surveys:desk_block", sent.survey_id, sent.block_key)
