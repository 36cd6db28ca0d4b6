"""``procdef explain``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.verification.finding_meanings import MEANINGS

if TYPE_CHECKING:
    from procdef.language.rules.rule import Rule


def _complete(_context: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    from procdef.language.rules import BY_CODE

    return [code for code in (*BY_CODE, *MEANINGS) if code.startswith(start)]


@click.command("explain")
@click.argument("code", required=False, shell_complete=_complete)
@shared()
def command(code: str | None) -> None:
    """Why the rule CODE matters and how to mend what it finds, with a wrong and a right example; without, all codes.

    CODE may also be one of `procdef audit verify`: what is wrong there, and what that may mean.
    """
    from difflib import get_close_matches

    from procdef.language.rules import BY_CODE

    if code is None:
        _all(BY_CODE.values(), settings())
        return
    rule = BY_CODE.get(code)
    if code in MEANINGS:
        _found_in_a_log(code, settings())
        if rule is None:
            return
    if rule is None:
        near = get_close_matches(code, [*BY_CODE, *MEANINGS], 1)
        raise click.UsageError(f'there is no rule "{code}"' + (f' (did you mean "{near[0]}"?)' if near else ""))
    example = _examples().get(code)
    if settings().json:
        shown = {"code": code, "severity": rule.severity.value, "family": rule.family, "explanation": rule.explanation}
        echo(json.dumps(shown | {"example": example}, ensure_ascii=False))
    else:
        echo(_as_text(rule, example))


def _all(rules: Iterable[Rule], now: Settings) -> None:
    """Every code with its severity and the first sentence of why it matters."""
    from procdef.render.text_layout import columns

    if now.json:
        for rule in rules:
            shown = {"code": rule.code, "severity": rule.severity.value, "family": rule.family}
            echo(json.dumps(shown | {"summary": _first_sentence(rule)}, ensure_ascii=False))
        return
    rows = [(rule.code, f"{rule.severity.value}: {_first_sentence(rule)}") for rule in rules]
    now.show("\n".join(columns(rows, "", now.width)))


def _found_in_a_log(code: str, now: Settings) -> None:
    meaning = MEANINGS[code]
    if now.json:
        echo(json.dumps({"code": code, "family": "verify", **meaning._asdict()}, ensure_ascii=False))
    else:
        echo(f"{code} (finding of audit verify)\n\n{meaning.wrong}\n\nMay mean: {meaning.may_mean}\n")


def _first_sentence(rule: Rule) -> str:
    return re.split(r"(?<=[.!?])\s", " ".join(rule.explanation.split()), maxsplit=1)[0]


def _examples() -> dict[str, dict[str, str]]:
    """By code ``wrong``, ``finding`` and ``right``; ``tools/make_diagnostics.py`` makes the file from the golden files."""
    from procdef.resources import packaged

    text = packaged("language", "examples.json").read_text(encoding="utf-8")
    examples: dict[str, dict[str, str]] = json.loads(text)
    return examples


def _as_text(rule: Rule, example: dict[str, str] | None) -> str:
    parts = [f"{rule.code} ({rule.severity.value}, {rule.family})", rule.explanation.strip()]
    if example:
        parts += ["Wrong:", _indented(example["wrong"]), _indented(example["finding"])]
        parts += ["Right:", _indented(example["right"])]
    return "\n\n".join(parts)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
