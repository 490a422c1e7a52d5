"""Any XLSForm as an XForm; what is wrong with it is told in the words of the compiler."""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from openpyxl.utils.exceptions import InvalidFileException
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert
from xlrd import XLRDError
from xlrd.compdoc import CompDocError

from bazafarin.adapters.survey_form.office_form import PARCELS_FILE
from bazafarin.adapters.survey_form.reading import read_definition
from bazafarin.domain.errors import FormError

if TYPE_CHECKING:
    from bazafarin.adapters.survey_form.definition import FormDefinition
    from bazafarin.adapters.survey_form.office_form import Row, Sheets

WORKBOOK_KINDS: Final = (".xlsx", ".xls")
"""What an office's XLSForm may be."""
_MOST_LETTERS: Final = 60
_BROKEN_WORKBOOK: Final = (
    zipfile.BadZipFile, zlib.error, ParseError, XLRDError, CompDocError, InvalidFileException,
    KeyError, ValueError, IndexError, struct.error, EOFError, NotImplementedError,
)  # fmt: skip
"""What the readers of workbooks raise for a file that is none, or is cut off."""


@dataclass(frozen=True, slots=True)
class CompiledForm:
    """A form that phones can open.

    Attributes:
        xform: the XForm that a phone downloads.
        definition: its questions.
        warnings: what the compiler found odd, in its own words (English).
    """

    xform: str
    definition: FormDefinition
    warnings: tuple[str, ...] = ()

    @property
    def md5(self) -> str:
        """Return the digest by which a phone knows whether its copy is this one."""
        return hashlib.md5(self.xform.encode(), usedforsecurity=False).hexdigest()


def compile_workbook(content: bytes, *, file_name: str) -> CompiledForm:
    """Return a workbook as a form; without a sheet of settings the file's name is its id.

    Raises:
        FormError: it is no workbook, or no XLSForm: ``reason`` says in English what is wrong.
    """
    suffix = PurePath(file_name).suffix.lower()
    if suffix not in WORKBOOK_KINDS:
        raise FormError("form.kind", file=file_name, kinds=list(WORKBOOK_KINDS))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{PurePath(file_name).stem[:_MOST_LETTERS]}{suffix}"
        path.write_bytes(content)
        return _compiled(str(path), file_name)


def compile_sheets(sheets: Sheets) -> CompiledForm:
    """Return sheets as a form.

    Raises:
        FormError: they are no XLSForm.
    """
    return _compiled({name: list(rows) for name, rows in sheets.items()}, "")


def _compiled(source: str | dict[str, list[Row]], file_name: str) -> CompiledForm:
    try:
        made = convert(source, warnings=[], validate=False, pretty_print=False)
        form = CompiledForm(made.xform, read_definition(made.xform), tuple(made.warnings))
    except (PyXFormError, *_BROKEN_WORKBOOK) as error:
        raise FormError("form.unfit", file=file_name, reason=str(error)) from error
    if not any(node.is_asked for node in form.definition.questions):
        raise FormError("form.empty", file=file_name)
    told = form.definition
    if any(node.file == PARCELS_FILE and node.path in told.repeat_of for node in told.questions):
        raise FormError("form.files", file=file_name, known=PARCELS_FILE)
    return form
