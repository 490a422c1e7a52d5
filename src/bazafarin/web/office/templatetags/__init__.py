"""Words, digits, days and money in templates.

said    the tags and filters; they are built in, no template loads them
"""
