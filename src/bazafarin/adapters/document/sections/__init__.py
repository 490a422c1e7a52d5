"""The document's sections, one module each, in the order they stand.

summary        the few figures a hurried reader takes along
identity       the place, its people, its map
fabric         the three indices and their maps
block_table    every block, the worst first
boundary       the proposed boundary against the approved one, and how firm it is
services       what exists, what is short
neighbourhoods each neighbourhood at a glance (in the city's document)
access         who has each service within a walk (where proposals were asked for)
access_rescue  how far fire engines stay away, and what the places can hold
priority       blocks, neighbourhoods and works by rank (where proposals were asked for)
priority_reasons  why a row has its rank, and what would change it
projects       the driver projects, their proof, what comes next (likewise)
projects_money what each budget buys
project_pages  a page a project
project_reasons  why a project is proposed, and what would change that
finding_words  what the findings of these chapters are called
evidence       every finding and the rules it stands on
quality        what was delivered, mended, left out and is unknown
method         how it was computed, and who signs
"""
