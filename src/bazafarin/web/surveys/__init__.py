"""Surveys: parcel by parcel with phones, from the form to what the answers change of a block.

models          forms and their versions, surveys, assignments, submissions, phones
forms_kept      keeping a form: compiled, published, withdrawn
running         beginning a survey, giving blocks to surveyors, closing it
receiving       a submission taken in: once, whole, and from whom may send it
reviewing       accepting, returning and editing answers; what was accepted becomes an edition
received_files  the files beside a submission
phones          the password of a phone: made, shown once, taken back
parcels_given   the parcels of a surveyor as the list that a phone holds
photo_files     photos in the site's files, by what they are
conflicts       answers that stand against others, or against what changed meanwhile
coverage        how far a survey is, by surveyor, and what a reviewer should look at
quality         second looks drawn at random, and how far they agree
planning        the pace of each surveyor, and when a survey will be done
block_changes   what accepted answers change of their blocks' indices
boundary_follows  the boundary proposal that follows from them
queries         the surveys and answers that somebody sees
openrosa        what phones ask
callers         who a phone is
forms           the forms of the pages
mapping_form    the form that says which question tells which field of a parcel
edit_form       the form in which a reviewer says anew what an answer tells
views           the pages of surveys
form_views      the pages of forms
answers_table   the answers to a form as tables
answer_views    the pages of answers
desk            filling a form at a desk: begun, kept as it goes, sent
desk_block      a block at a desk, the parcels that matter most first
desk_page       the fields of a form at a desk, and what was written into them
desk_views      the pages on which a form is filled at a desk
own_views       the page of a surveyor, and of a phone
urls            the addresses of the pages
openrosa_urls   the addresses of phones
templatetags    what other apps' pages show of surveys
"""
