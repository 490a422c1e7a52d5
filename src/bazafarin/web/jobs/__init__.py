"""Long work in the background: asked for on a page, done by a process beside the server.

models      a job: what, for whom, how far, and how it ended
registry    the kinds of work there are
actions     asking for work, cancelling it, telling how far it is
worker      takes the oldest job that waits, does it in a process of its own, and buries the dead
running     one job in its own process
lists       the lists as files
queries     the jobs that somebody may see
urls, views the page of a job, its progress, its cancellation
"""
