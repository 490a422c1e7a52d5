"""Facilitation offices: their neighbourhood, people, duties, what they did, and their month.

duties.toml  what an office has to do, with the source of each duty
duties       the duties, read
models       an office, who works there, and what was done
actions      opening and closing an office, its people, and recording what was done
queries      the offices that somebody sees
reports      a month of an office, made from what was recorded
forms        the forms of the pages
lists        what was done as a file
views        the pages
urls         their addresses
"""
