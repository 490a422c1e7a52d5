"""The document's sections, one module each, in the order they stand.

summary        the few figures a hurried reader takes along
identity       the place, its people, its map
fabric         the three indices and their maps
block_table    every block, the worst first
boundary       the proposed boundary against the approved one, and how firm it is
services       what exists, what is short
neighbourhoods each neighbourhood at a glance (in the city's document)
evidence       every finding and the rules it stands on
quality        what was delivered, mended, left out and is unknown
method         how it was computed, and who signs
"""
