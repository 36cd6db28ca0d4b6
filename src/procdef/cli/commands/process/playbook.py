"""``procdef playbook``."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.global_options import settings, shared

if TYPE_CHECKING:
    from procdef.model import ProcessDefinition


@click.command("playbook")
@click.argument("file", type=click.Path())
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="OUT.html", required=True, help="Write it to this file."
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option(
    "--lang", "languages", multiple=True, metavar="LANG",
    help="Language of the page, as fi. Several make a page each, OUT.en.html and OUT.fi.html, which lead to each other.",
)  # fmt: skip
@click.option("--stage", metavar="STAGE", help="The chapter of this stage alone.")
@shared("text", lang=False)
def command(file: str, output: Path, force: bool, languages: tuple[str, ...], stage: str | None) -> None:
    """Write the handbook of the process of FILE as one HTML page: what to do in each stage, how, and who can help.

    Where there is no such file, FILE may be the id of a published process (`id`, `id@version`) or of a shipped one.
    """
    from procdef.cli.named_process import named_process
    from procdef.pages.playbook import playbook

    now = settings()
    definition = named_process(file, now).definition()
    codes = _codes(definition, languages or ((now.lang,) if now.lang else ()))
    paths = _paths(output, codes)
    pages = {}
    for code, path in paths.items():
        others = {each: _address(other) for each, other in paths.items() if each != code}
        pages[path] = playbook(definition, code, stage=stage, others=others).encode()
    _write(pages, force)
    for path in pages:
        now.say(f"the playbook is in {path}")


def _codes(definition: ProcessDefinition, asked: tuple[str, ...]) -> list[str]:
    """The languages of the pages, as the process writes them; its first one where none was asked for."""
    known = {code.lower(): code for code in definition.languages}
    for code in asked:
        if code.lower() not in known:
            raise click.UsageError(
                f'{definition.id} is not written in "{code}"; --lang takes {", ".join(definition.languages)}'
            )
    return list(dict.fromkeys(known[code.lower()] for code in asked)) or [definition.languages[0]]


def _paths(output: Path, codes: list[str]) -> Mapping[str, Path]:
    """Where each page goes: by its language, where there are several."""
    if len(codes) == 1:
        return {codes[0]: output}
    ending = output.suffix or ".html"
    return {code: output.with_name(f"{output.stem}.{code}{ending}") for code in codes}


def _address(path: Path) -> str:
    """The page beside this one, as a link; a name with a colon in it is no scheme."""
    from urllib.parse import quote

    return f"./{quote(path.name)}"


def _write(pages: Mapping[Path, bytes], force: bool) -> None:
    """All of the pages, or none where one of them cannot be written."""
    from procdef.whole_file import beside, secured, settle, target

    places = {target(path, "playbook", force=force): page for path, page in pages.items()}
    with ExitStack() as parts:
        written = []
        for place, page in places.items():
            part = parts.enter_context(beside(place))
            part.write_bytes(page)
            written.append((secured(part), place))
        for part, place in written:
            settle(part, place, force=force)
