"""Cases: what an office has before it about parcels, from its opening to its closing.

models       a case, its parcels, and its events in time
actions      opening a case, and telling what has happened in it
queries      the cases that somebody sees, and those of a parcel
forms        the forms of both
lists        the list as a file
urls, views  the pages
templatetags what other apps' pages show of cases
"""
