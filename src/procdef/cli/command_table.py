"""The table of commands; a command's module is imported when it runs, so that ``--help`` costs next to nothing."""

from __future__ import annotations

from importlib import import_module

import click

from procdef.cli.global_options import shared

COMMANDS: dict[str, tuple[str | None, str]] = {
    "demo": ("demo", "The whole story in one go, on a database that is thrown away."),
    "new": ("process.new", "Write a commented process file to start from."),
    "check": ("process.check", "Find everything that is wrong in process files."),
    "prove": ("process.prove", "What holds for all deals that a process allows, and what does not."),
    "explain": ("process.explain", "Explain a rule of the checker."),
    "schema": ("process.schema", "Print the JSON Schema of process files, or of logs."),
    "show": ("process.show", "Draw a process in the terminal."),
    "diagram": ("process.diagram", "Draw a process as a picture."),
    "playbook": ("process.playbook", "Write the handbook of a process as a page."),
    "test": ("process.test", "Play the scenarios beside a process, and tell what they leave untried."),
    "publish": ("process.publish", "Store a version of a process; it never changes afterwards."),
    "diff": ("process.diff", "What changes between two versions of a process, and for which deals."),
    "migrate": ("process.migrate", "Take deals over to another version of their process."),
    "people": ("people", "Who has which roles, and who stands in for whom."),
    "start": ("deal.start", "Start a deal."),
    "record": (None, "Set fields of a deal."),
    "do": (None, "Complete an action."),
    "note": (None, "Write a note to a deal's log."),
    "assign": (None, "Hand a deal to someone."),
    "advance": (None, "Move a deal forward."),
    "back": (None, "Return a deal to an earlier stage."),
    "waive": (None, "Let a criterion pass this once."),
    "lose": (None, "Mark a deal as lost."),
    "reopen": (None, "Take up a lost deal again."),
    "finish": (None, "Close a won deal at the end of the process."),
    "status": ("deal.status", "Where a deal stands and what is next."),
    "deals": ("deal.deals", "List deals."),
    "log": ("deal.log", "Every step of a deal, as logged."),
    "casefile": ("deal.casefile", "All that is known of a deal in one file, for who takes it over."),
    "agenda": ("agenda", "What is due, and what waits for somebody."),
    "tick": ("tick", "Tell what fell due: reminders, what is overdue, what is escalated."),
    "erase": ("personal_data.erase", "Erase personal values."),
    "export-person": ("personal_data.export_person", "What is held on one person, as JSON."),
    "run": ("run", "Publish a process and play a file of steps."),
    "report": ("report", "Funnel, hit rate, losses and refusals of a process."),
    "forecast": ("forecast", "What a process is likely to win, month by month."),
    "store": ("store.group", "The database itself: make, check, upgrade, seal, and who may do what."),
    "simulate": ("simulate", "What a process would come to, with people who have only so many hours."),
    "audit": ("audit.verify", "Verify the log."),
}
"""Command: its module in ``commands``, and what ``--help`` says of it. Without a module it is a command on a deal, whose
command line is made from what ``procdef.commands`` declares."""


class CommandTable(click.Group):
    """A group that knows its commands by the table above."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = COMMANDS[cmd_name][0]
        if module is None:
            return _on_deal(cmd_name)
        command: click.Command = import_module(f"procdef.cli.commands.{module}").command
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f' (did you mean "{near[0]}"?)' if near else "; `procdef --help` lists them"
            raise click.UsageError(f'there is no command "{args[0]}"{hint}', ctx)
        return super().resolve_command(ctx, args)


def _on_deal(verb: str) -> click.Command:
    from procdef.cli.deal_command import deal_command
    from procdef.commands import COMMANDS

    return deal_command(COMMANDS[verb])


def _version(context: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        from procdef.cli.output import echo
        from procdef.version import __version__

        echo(f"procdef {__version__}")
        context.exit()


@click.group(cls=CommandTable, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="The version.")
@shared("text", "json", "sarif", "github")
def program() -> None:
    """Write a sales process in YAML, check it, run deals through it, keep a log of every step."""
