"""Which question of a form tells which field of a parcel, and what its choices mean there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms

from bazafarin.adapters.survey_form.definition import AnswerKind
from bazafarin.adapters.survey_form.observations import OBSERVABLE, ColumnMapping
from bazafarin.domain.city import Kind
from bazafarin.web.office.said import language, said
from bazafarin.web.surveys.forms_kept import definition_of, mapping_of

if TYPE_CHECKING:
    from bazafarin.adapters.survey_form.definition import FormDefinition, Node
    from bazafarin.domain.city import ColumnSpec
    from bazafarin.web.surveys.models import FormVersion

_FITTING: Final = {
    Kind.CODE: {AnswerKind.CHOICE, AnswerKind.TEXT},
    Kind.BOOLEAN: {AnswerKind.CHOICE, AnswerKind.BOOLEAN, AnswerKind.TEXT},
    Kind.NUMBER: {AnswerKind.NUMBER, AnswerKind.WHOLE, AnswerKind.TEXT},
    Kind.WHOLE: {AnswerKind.WHOLE, AnswerKind.NUMBER, AnswerKind.TEXT},
    Kind.YEAR_SH: {AnswerKind.WHOLE, AnswerKind.NUMBER, AnswerKind.TEXT},
    Kind.DATE: {AnswerKind.DATE, AnswerKind.MOMENT, AnswerKind.TEXT},
    Kind.ID: {AnswerKind.TEXT, AnswerKind.WHOLE, AnswerKind.CHOICE},
    Kind.TEXT: {AnswerKind.TEXT, AnswerKind.CHOICE},
}
"""The kinds of answer that a column of a kind may be told by."""
SAYS_NOTHING: Final = "unknown"
"""What a choice is mapped onto where it tells nothing of the column."""


class MappingForm(forms.Form):
    """One field a column, and one a choice of the question that tells it now."""

    def __init__(self, *args: Any, version: FormVersion, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **kwargs)
        self._definition = definition_of(version)
        self._told = {each.column: each for each in mapping_of(version)}
        for column in OBSERVABLE:
            self._add(column)

    def mapping(self) -> list[ColumnMapping]:
        """Return what was chosen; the meaning of choices goes with the question that has them."""
        found = []
        for column in OBSERVABLE:
            path = self.cleaned_data[column.name]
            if not path:
                continue
            node = self._definition.nodes[path]
            values = {
                choice.value: meant
                for choice in node.choices
                if (meant := self.cleaned_data.get(_field_name(column, choice.value), ""))
                and meant != choice.value
            }
            found.append(ColumnMapping(column.name, path, values))
        return found

    def _add(self, column: ColumnSpec) -> None:
        told = self._told.get(column.name)
        fitting = _fitting(self._definition, column)
        self.fields[column.name] = forms.ChoiceField(
            label=said(f"web_places.columns.{column.name}"),
            required=False,
            initial=told.path if told else "",
            choices=[
                ("", said("web_surveys.told_by_none")),
                *((node.path, self._definition.title_of(node, language())) for node in fitting),
            ],
        )
        if told is None or column.kind not in {Kind.CODE, Kind.BOOLEAN}:
            return
        for choice in self._definition.nodes[told.path].choices:
            label = self._definition.words(choice.labels, language()) or choice.value
            self.fields[_field_name(column, choice.value)] = forms.ChoiceField(
                label=said("web_surveys.choice_means", choice=label),
                required=False,
                initial=told.values.get(choice.value, choice.value),
                choices=_meanings(column, choice.value),
            )


def _field_name(column: ColumnSpec, choice: str) -> str:
    return f"{column.name}={choice}"


def _fitting(definition: FormDefinition, column: ColumnSpec) -> list[Node]:
    kinds = _FITTING[column.kind]
    return [
        node
        for node in definition.questions
        if node.is_asked and node.answer in kinds and not node.file
        and node.path not in definition.repeat_of
    ]  # fmt: skip


def _meanings(column: ColumnSpec, value: str) -> list[tuple[str, str]]:
    """Return what a choice may mean; itself first, where it is nothing that the column knows."""
    if column.kind is Kind.BOOLEAN:
        known = [("true", said("units.yes")), ("false", said("units.no"))]
    else:
        codes = column.codes or ()
        known = [
            (code.value, said(f"codes.{column.name}.{code.value}"))
            for code in codes
            if code.value != SAYS_NOTHING
        ]
    itself = [] if value in dict(known) or value == SAYS_NOTHING else [(value, value)]
    return [*itself, (SAYS_NOTHING, said("web_surveys.tells_nothing")), *known]
