"""The regeneration document: a plan in, a signed-off Persian PDF out.

write       the document as a whole: ``write_document``
subject     what it is about: the delivery, or one neighbourhood
figures     figures in Persian digits, with units; the unknown is a word
content     what sections are made of
sections/   one module a section
drawings    the pictures promised to the sections
scale_bar   a map's scale bar
typesetting Typst
templates/  the pages: cover, style, content
"""

from bazafarin.adapters.document.write import write_document

__all__ = ["write_document"]
