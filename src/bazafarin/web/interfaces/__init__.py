"""What other programs read, each row and column by the permissions of who asks.

callers   who asks: a session, or a token that stands for its owner
problems  what is answered where something is wrong
cursors   where the next page begins
editions  which edition is asked for
rows      rows of a layer as plain values, and which of them are seen
ogc/      OGC API – Features, for QGIS and its like
api/      the JSON API with its description
urls      the addresses
"""
