"""What was changed: who, when, what, from what to what; appended and never edited.

apps        keeps the database's own guard in place after each migration
guards      the triggers that refuse to change or remove an event
models      the event
record      the one way to add an event, inside the change's own transaction
lists       the lists as files
queries     the events that a page shows
told        an event as a page tells it: its values in words
urls, views the page of events
"""
