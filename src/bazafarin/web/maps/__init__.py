"""Vector tiles and the map.

urls, views the page
"""
