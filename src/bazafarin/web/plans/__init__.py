"""Studies run from the page: asked for, made beside the server, kept, found again, compared.

apps            lets plans be asked for
models          a plan, and what it says of areas and blocks
identity        the digest of everything that determines a plan's result
scenario_json   what is asked of the proposals, as JSON keeps it
edition_city    a city as of an edition, with what was found in reading it
making          a plan made: files aside, rows unseen, and seen when it is whole
results         what the pages show of a finished plan
small_groups    which figures tell of too few people
actions         asking for a plan, and giving one up
work            the background work of a plan
queries         what the pages show, to whom
downloads       the files of a plan, and who may take which away
figure_words    figures as a page says them
incentives      which published incentives concern a parcel, and why
block_words     why a block is worn-out or not, in sentences
same_ground     which derived block of one edition is which of another
comparison      two plans side by side
sorting         headings of a table that sort it
forms           what is filled in to have studies run
templatetags/   what other apps' pages show of plans
urls, views, views_of_a_plan  the pages
"""
