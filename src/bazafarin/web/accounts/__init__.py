"""People: who they are, which roles they have at which places, and what they may do.

permissions the enumeration of what may be done, what each role may do, and the one check
models      the user and the membership: a role at a place
doors       the mark that every view carries: what one must be allowed to open it
actions     adding people, giving and taking roles, each with its event
entrance    no page without signing in, but for those that say so
caller_address the address a request comes from, behind a proxy too
forms       what is filled in to sign in, change a password and manage people
lists       the lists as files
queries     what the pages of people show
urls, views signing in and out, one's own account, managing people
"""
