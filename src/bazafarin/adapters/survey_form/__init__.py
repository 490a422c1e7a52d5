"""Forms of the survey: an XLSForm compiled to what phones read, and the answers that they send.

parcel_survey.toml  our form: what is asked of a parcel
office_form         our form as the sheets of an XLSForm
form_workbook       the sheets as a workbook that an office edits
compiling           any XLSForm as an XForm, or what is wrong with it
definition          an XForm as a tree of questions with their labels
answers             a submission as the answers to a definition's questions
observations        answers as values of the parcels' columns
"""
