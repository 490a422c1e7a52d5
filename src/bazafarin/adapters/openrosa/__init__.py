"""OpenRosa: what a phone with ODK Collect says and is told (https://docs.getodk.org/openrosa/).

submission        a submission's XML, bounded and without entities: who it is, what it replaces
documents         the lists of forms and of their files, and the word on a submission
digest            HTTP's digest and basic authentication with a password made for a phone
parcel_list       the parcels of a surveyor as an entity list
photos            what a photo tells of its owner is taken off; a smaller picture of it
collect_settings  the settings of ODK Collect, as a picture that it scans
"""
