"""The command line: ``bazafarin plan | propose | check | town | serve | …``.

command           runs a command and turns every error into one message and an exit code
arguments         the words of the command
arguments_of_site the words of the commands of the site
option_values     the values of options: a text in, a checked value out
run               what each command does
propose           what each proposal of ``bazafarin propose`` does
propose_access    who walks how far to what
propose_priority  what comes first in a city
propose_projects  what to build first for the money
proposing         what every proposal begins with: the city read and planned
site              what each command of the site does; Django is imported there alone
said              what a person reads when it is done
said_proposals    what a person reads of a proposal
said_access       what a person reads of access
said_priority     what a person reads of the priorities
said_projects     what a person reads of driver projects
said_site         what a person reads of the site's commands
said_table        a table of text
progress          progress of long work
interruption      being told to stop
exit_codes        one table from errors to exit codes
"""

from bazafarin.cli import exit_codes

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run ``bazafarin`` with ``arguments`` (the process's own) and return its exit code.

    The libraries take a moment to load, and the sentences are among them: who stops the
    command in that moment gets the exit code alone.
    """
    try:
        from bazafarin.cli import command  # noqa: PLC0415 - where an interrupt is caught
    except KeyboardInterrupt:
        return exit_codes.INTERRUPTED
    return command.run_command(arguments)
