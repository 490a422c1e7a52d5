"""A whole site in one file, taken while it runs, and put back as a whole.

manifest    what a backup says of itself: versions, tables and the digest of each part
tables      the rows of every table, out of PostgreSQL and into it again
backup      the file made
restore     the file checked, and put back
swap        the restored files moved into their place, also after being stopped in the middle
"""
