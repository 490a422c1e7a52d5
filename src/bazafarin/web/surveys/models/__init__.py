"""What a survey keeps.

form        a form and its versions
survey      a survey of a neighbourhood, and the blocks that its surveyors have
draft       a form that is filled at a desk and not sent yet
submission  what was sent, its photos, and what became of it
revisit     a second look at a parcel, to see how far people agree
phone       the password of a phone
"""

from bazafarin.web.surveys.models.draft import Draft, DraftFile
from bazafarin.web.surveys.models.form import Form, FormMedia, FormState, FormVersion
from bazafarin.web.surveys.models.phone import PhoneAccess
from bazafarin.web.surveys.models.revisit import Revisit
from bazafarin.web.surveys.models.submission import (
    Attachment,
    Review,
    ReviewKind,
    Submission,
    SubmissionState,
)
from bazafarin.web.surveys.models.survey import Assignment, Survey

__all__ = [
    "Assignment",
    "Attachment",
    "Draft",
    "DraftFile",
    "Form",
    "FormMedia",
    "FormState",
    "FormVersion",
    "PhoneAccess",
    "Review",
    "ReviewKind",
    "Revisit",
    "Submission",
    "SubmissionState",
    "Survey",
]
