"""What the database itself refuses of surveys."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from bazafarin.web.places.models import Edition
from bazafarin.web.surveys.models import (
    Assignment,
    Attachment,
    Draft,
    Form,
    FormVersion,
    PhoneAccess,
    Review,
    Revisit,
    Submission,
    Survey,
)
from web.test_constraints import refused
from web_town import DATED


@pytest.fixture
def form(city) -> Form:
    return Form.objects.create(place=city.place, form_id="form")


def a_version(form, **values) -> FormVersion:
    told = {"version": "1", "title": "فرم", "source_name": "f.xlsx", "source": b"", "xform": ""}
    rest = {"md5": "0", "asks_of_parcels": False, "state": "draft"}
    return FormVersion.objects.create(form=form, **(told | rest | values))


def a_survey(city, form, **values) -> Survey:
    told = {"title": "برداشت", "begun_on": DATED}
    return Survey.objects.create(city=city, place=city.place, form=form, **(told | values))


def a_submission(version, user, **values) -> Submission:
    told = {"instance_id": "uuid:1", "xml": b"", "state": "waiting"}
    place = version.form.place
    return Submission.objects.create(version=version, made_by=user, place=place, **(told | values))


def test_a_version_is_there_once_and_one_is_published(form) -> None:
    a_version(form, state="published")

    refused("form_version_once", lambda: a_version(form))
    refused("form_published_once", lambda: a_version(form, version="2", state="published"))
    refused("form_of_a_state", lambda: a_version(form, version="3", state="king"))


def test_a_place_has_one_open_survey_with_a_form_and_its_days_are_in_order(city, form) -> None:
    a_survey(city, form)

    refused("survey_open_once", lambda: a_survey(city, form))
    early = date(2020, 1, 1)
    refused("survey_in_order", lambda: a_survey(city, form, closed_on=early))
    a_survey(city, form, closed_on=DATED)


def test_a_block_is_with_one_surveyor_at_a_time(city, form, owner, planner) -> None:
    survey = a_survey(city, form)
    Assignment.objects.create(
        survey=survey, block_key="B1", surveyor=owner, parcel_keys=[], ended_at=timezone.now()
    )
    Assignment.objects.create(survey=survey, block_key="B1", surveyor=owner, parcel_keys=[])

    refused(
        "block_given_once",
        lambda: Assignment.objects.create(
            survey=survey, block_key="B1", surveyor=planner, parcel_keys=[]
        ),
    )


def test_an_answer_is_there_once_and_only_an_accepted_one_is_in_an_edition(
    city, form, owner
) -> None:
    version = a_version(form)
    first = a_submission(version, owner)
    edition = Edition.objects.create(
        city=city, number=1, kind="survey", state="accepted", dated=DATED,
        decided_at=timezone.now(),
    )  # fmt: skip

    refused("instance_id", lambda: a_submission(version, owner))
    second = {"instance_id": "uuid:2"}
    refused("submission_of_a_state", lambda: a_submission(version, owner, **second, state="king"))
    refused(
        "submission_in_an_edition", lambda: a_submission(version, owner, **second, edition=edition)
    )
    a_submission(version, owner, **second, replaces=first)
    refused("replaces", lambda: a_submission(version, owner, instance_id="uuid:3", replaces=first))


def test_a_file_is_an_answers_once_and_a_review_is_of_a_kind(form, owner) -> None:
    answer = a_submission(a_version(form), owner)
    file = {"submission": answer, "name": "a.jpg", "kind": "image/jpeg", "sha256": "0", "bytes": 1}
    Attachment.objects.create(**file)

    refused("attachment_once", lambda: Attachment.objects.create(**file))
    refused("review_of_a_kind", lambda: Review.objects.create(submission=answer, kind="king"))


def test_a_parcel_is_drawn_once(city, form, owner) -> None:
    told = {"survey": a_survey(city, form), "parcel_key": "1", "surveyor": owner}
    first = a_submission(a_version(form), owner)
    Revisit.objects.create(**told, first=first)

    refused("revisit_once", lambda: Revisit.objects.create(**told, first=first))


def test_one_password_of_a_phone_is_in_force(owner) -> None:
    PhoneAccess.objects.create(user=owner, ha1="0", ended_at=timezone.now())
    PhoneAccess.objects.create(user=owner, ha1="0")

    refused("phone_in_force_once", lambda: PhoneAccess.objects.create(user=owner, ha1="1"))


def test_somebody_has_one_draft_about_a_parcel_and_a_file_is_a_drafts_once(form, owner) -> None:
    version = a_version(form)
    told = {"owner": owner, "version": version, "answers": b"<data/>"}
    draft = Draft.objects.create(**told, parcel_key="1", instance_id="uuid:1")
    Draft.objects.create(**told, parcel_key="", instance_id="uuid:2")
    Draft.objects.create(**told, parcel_key="", instance_id="uuid:3")
    draft.files.create(name="a", sent_as="a", kept_as="x")

    refused(
        "draft_of_parcel_once",
        lambda: Draft.objects.create(**told, parcel_key="1", instance_id="uuid:4"),
    )
    refused(
        "instance_id", lambda: Draft.objects.create(**told, parcel_key="2", instance_id="uuid:1")
    )
    refused("draft_file_once", lambda: draft.files.create(name="a", sent_as="b", kept_as="y"))
    refused("kept_as", lambda: draft.files.create(name="b", sent_as="b", kept_as="x"))


def test_a_file_is_a_versions_once(form) -> None:
    version = a_version(form)
    version.media.create(name="a.csv", content=b"", md5="")

    refused("form_media_once", lambda: version.media.create(name="a.csv", content=b"", md5=""))
