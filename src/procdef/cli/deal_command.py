"""The command line of each command that changes a deal, made from what the command declares of its arguments."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from procdef.cli.completion import COMPLETIONS, complete_deal
from procdef.cli.field_assignments import values_of
from procdef.cli.global_options import shared
from procdef.cli.step_outcome import take
from procdef.cli.typed_input import as_meant
from procdef.commands import ARGUMENTS, Argument, ArgumentKind, Command

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.results.done import Done

F = TypeVar("F", bound=Callable[..., Any])
Call = Callable[["Engine", type[Command], dict[str, Any]], "Done"]
"""Takes a step of such a command, given the arguments of the engine's method."""
_BLANKS = ("...", "…")
_HAPPENED = click.option("--happened", metavar="TIME", help="When it happened, if not now, as 2026-01-31T12:00.")
_REQUEST = click.option("--request", metavar="KEY", help="Makes repeating this command harmless.")
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Only say what would happen.")


class _DealCommand(click.Command):
    """Refuses several options of one parameter, of which click itself takes the last."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _, _, given = self.make_parser(ctx).parse_args([*args])
        options: dict[str | None, list[str]] = {}
        for parameter in self.params:
            if parameter in given:
                options.setdefault(parameter.name, []).append(parameter.opts[0])
        several = next((each for each in options.values() if len(each) > 1), None)
        if several and not ctx.resilient_parsing and not any(parameter.is_eager for parameter in given):
            raise click.UsageError(f"give one of {' and '.join(several)}, not {'both' if len(several) == 2 else 'all'}", ctx)
        return super().parse_args(ctx, args)


def by_its_method(engine: Engine, command: type[Command], given: dict[str, Any]) -> Done:
    """Take the step with the engine's method of the command's verb."""
    done: Done = getattr(engine, command.verb)(**given)
    return done


def deal_command(command: type[Command], call: Call = by_its_method) -> click.Command:
    """The command of the command line that takes a step: PROCESS where one is needed, DEAL, its arguments and options,
    ``--request``, ``--dry-run`` and the shared ones."""
    arguments = ARGUMENTS[command]

    def run(deal: str, request: str | None, dry_run: bool, **typed: Any) -> None:
        given = {argument.name: _read(argument, typed) for argument in arguments}
        if command.dated:
            given["happened"] = typed["happened"]
        _refuse_alone(arguments, given)

        def step(engine: Engine, how: dict[str, Any]) -> Done:
            return call(engine, command, {"deal": deal, **as_meant(engine, command, deal, given), **how})

        take(step, dry_run, request)

    function = shared()(_filled_in(run))
    first = [argument for argument in arguments if argument.kind is ArgumentKind.PROCESS]
    own = [parameter for argument in arguments if argument not in first for parameter in _parameters(argument)]
    parameters = [*map(_parameter, first), click.argument("deal", shell_complete=complete_deal), *own]
    for parameter in reversed([*parameters, *[_HAPPENED] * command.dated, _REQUEST, _DRY_RUN]):
        function = parameter(function)
    return click.command(command.verb, cls=_DealCommand, help=cleandoc(command.__doc__ or ""))(function)


def _parameters(argument: Argument) -> list[Callable[[F], F]]:
    """What of the command line makes up an argument: one parameter, or a switch for each of its words."""
    if not argument.switches:
        return [_parameter(argument)]
    return [
        click.option(f"--{word}", argument.name, flag_value=word, default=None, help=f"{argument.help}: {word}.")
        for word in argument.words
    ]


def _parameter(argument: Argument) -> Callable[[F], F]:
    complete = COMPLETIONS.get(argument.kind)
    if argument.positional and argument.kind is ArgumentKind.FIELD_VALUES:
        metavar = "FIELD=VALUE..." if argument.needed else "[FIELD=VALUE]..."
        return click.argument(
            argument.name, nargs=-1, required=argument.needed, metavar=metavar, shell_complete=complete
        )
    word = argument.kind.name.rpartition("_")[2]
    if argument.positional:
        metavar = word if argument.needed else f"[{word}]"
        return click.argument(argument.name, required=argument.needed, metavar=metavar, shell_complete=complete)
    option = f"--{argument.written}"
    if argument.kind is ArgumentKind.SWITCH:
        return click.option(option, argument.name, is_flag=True, help=argument.help)
    return click.option(
        option, argument.name, required=argument.needed, help=argument.help, shell_complete=complete,
        metavar=word if argument.kind is ArgumentKind.DEAL else None,
        type=click.Choice(argument.words) if argument.words else None,
    )  # fmt: skip


def _read(argument: Argument, typed: dict[str, Any]) -> Any:
    value = typed[argument.name]
    return values_of(value) if argument.kind is ArgumentKind.FIELD_VALUES else value


def _refuse_alone(arguments: tuple[Argument, ...], given: dict[str, Any]) -> None:
    """Raise ``click.UsageError`` for an option without the switch that it belongs to."""
    for argument in arguments:
        if argument.only_with is not None and given[argument.name] is not None and not given[argument.only_with]:
            raise click.UsageError(f"--{argument.written} belongs to --{argument.only_with}")


def _filled_in(function: F) -> F:
    """A command that takes no ``...``: they stand in hints where something is to be filled in."""

    @wraps(function)
    def checked(**given: Any) -> Any:
        for parameter in click.get_current_context().command.params:
            value = given.get(parameter.name or "")
            for word in value if isinstance(value, tuple) else (value,):
                _refuse_blank(word, parameter)
        return function(**given)

    return cast(F, checked)


def _refuse_blank(word: object, parameter: click.Parameter) -> None:
    if not isinstance(word, str):
        return
    name, sign, value = word.partition("=") if parameter.name == "values" else ("", "", word)
    if value.strip() in _BLANKS:
        option = isinstance(parameter, click.Option)
        place = name.rstrip(":") if sign else parameter.opts[0] if option else parameter.human_readable_name.strip("[]")
        raise click.UsageError(f"fill in the ... of {place}")
