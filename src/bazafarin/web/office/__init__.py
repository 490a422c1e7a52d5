"""The shell of every page: what surrounds it, what it says, how it fails.

security_headers what a browser may load and do on our pages: nothing of others, nothing inline
clear_errors     every error of ours becomes a page that says what happened and the way out
shell            what every template knows: the language, the menu, the brand
spoken           the language of a request: the one that was chosen, else Persian
said             the sentences of a request's language, for views and forms
jalali_field     a day typed in the calendar of the reader
asked            what an address asks for by number
plain_address    an address of a page is text
paging           one page of a long list
sorting          the order of a list, as the heads of its columns ask for it
words            what people write into a form, in Persian letters and no longer than it is kept
downloads        any list of a page as a workbook, a CSV or a GeoPackage
static_files     static files under names that change with their content
tasks            what is somebody's to do today
upload_limit     what is too large is refused before any of it is taken in
urls, views      the home of each role, the language, the pages of errors, the sign of life
templatetags/    words, digits, days and money in templates
"""
