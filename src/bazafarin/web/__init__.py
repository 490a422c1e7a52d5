"""The office on the web: one Django app a noun; every page shows the same findings as the files.

settings    what differs between sites, from the environment
urls        the map of the site
opening     a site opened: held by one process, its database at hand, its tables up to date
serving     a site served, with the worker beside it
first_login the first way in: an administrator of all places
demonstration the synthetic town as a site, with one login a role
demonstration_survey its survey, with answers to review
wsgi        the door that a server opens
office/     the shell of every page: layout, home of each role, errors, words in templates
audit/      what was changed, by whom, from what to what; appended and never edited
accounts/   people, their roles at places, the one check of permissions, signing in
jobs/       long work in the background, with progress and a way to cancel
places/     provinces to parcels, their editions and boundary versions, imports and corrections
maps/       vector tiles, the map, drawing
archive/    a whole site in one file, taken while it runs, and put back as a whole
plans/      studies run from the page, kept with their inputs' identity, and compared
cases/      what is asked about parcels, and what has happened since
surveys/    parcel by parcel with phones: forms, blocks, answers, reviews, what they change
offices/    facilitation offices: their people, what they did, their month
interfaces/ what other programs read: OGC API – Features and a JSON API
"""
