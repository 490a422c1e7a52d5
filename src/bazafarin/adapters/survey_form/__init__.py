"""Forms of the survey: an XLSForm compiled to what phones read, and the answers that they send.

parcel_survey.toml  our form: what is asked of a parcel
office_form         our form as the sheets of an XLSForm
form_workbook       the sheets as a workbook that an office edits
compiling           any XLSForm as an XForm, or what is wrong with it
definition          an XForm as a tree of questions with their labels
reading             a compiled form read as its definition
media               files that a form needs beside it, looked at first
filling             a form while it is filled: what is asked, computed, and does not fit
form_begun          a form as it is opened, for the first time or again
form_expressions    the expressions of a form, and whether a desk can compute them
fitting             whether a text is what a question asks for
xforms_path         the expressions of forms, walked by elementpath
xforms_functions    the functions that expressions call
moments             days and times as forms write and count them
answers             a submission as the answers to a definition's questions
observations        answers as values of the parcels' columns
"""
