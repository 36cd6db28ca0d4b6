"""``procdef test``."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.cli.wrong_kind import refuse_other_kind

if TYPE_CHECKING:
    from procdef.cli.progress import Bar
    from procdef.render.junit import FilePlayed
    from procdef.scenarios.coverage import Coverage
    from procdef.scenarios.model import ScenarioFile
    from procdef.scenarios.results import Outcome
    from procdef.scenarios.suite import Source

_STDIN = "-"
_BEAT = 0.3
"""Seconds between two looks at the files that are watched, at least."""


@click.command("test")
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--min-coverage", metavar="PERCENT", type=click.FloatRange(0, 100), help="How much must be tried, at least.")
@click.option("--junit", metavar="FILE", type=click.Path(path_type=Path), help="Write a JUnit report for a build server.")
@click.option("--watch", is_flag=True, help="Play again whenever a file changes, until Ctrl-C.")
@click.option("--suggest", is_flag=True, help="Print scenarios that try what is not tried yet, to be pasted.")
@shared()
def command(
    files: tuple[str, ...], min_coverage: float | None, junit: Path | None, watch: bool, suggest: bool
) -> None:
    """Play the scenarios in FILES, and tell what of each process they leave untried.

    Folders are walked, of a process those beside it are played, - is the standard input; without FILES those below this
    folder. Where there is no such file, it may be the id of a shipped process.

    With --suggest nothing is told of the scenarios that there are: what is printed belongs at the end of their file, or, where
    there is none, into a new one beside the process.
    """
    from procdef.whole_file import target

    now = settings()
    if suggest and (watch or junit is not None or min_coverage is not None):
        raise click.UsageError("--suggest prints scenarios and nothing else; leave out --watch, --junit and --min-coverage")
    if junit is not None:
        target(junit, "report", force=True)  # rather than after everything was played
    if watch and _STDIN in files:
        raise click.UsageError("the standard input does not change; --watch takes files and folders")
    run = _Run(now, files or (".",), min_coverage, junit)
    good = run.suggested() if suggest else run.watched() if watch else run.once()
    if not good:
        raise click.exceptions.Exit(1)


class _Run:
    def __init__(self, now: Settings, files: tuple[str, ...], least: float | None, junit: Path | None) -> None:
        self.now, self.files, self.least, self.junit = now, files, least, junit

    def once(self) -> bool:
        """Play all that there is; whether all of it went as expected and enough was tried."""
        from procdef.cli.progress import progress
        from procdef.scenarios.suite import Suite

        sources = list(_sources(self.files))
        suite = Suite(self.now.lang)
        played: list[FilePlayed] = []
        with progress("playing scenarios", self.now, lambda: suite.played) as bar:
            for source in sources:
                file = suite.read(source)
                self._understood(file)
                played.append(self._played(file, suite.play(file), bar))
        for coverage in suite.coverage:
            self._tell_coverage(coverage)
        enough = self._enough(suite.coverage)
        if not self.now.json:
            total = f"{suite.played} scenario{'s' * (suite.played != 1)} played"
            faulty = f", {suite.faulty} file{'s' * (suite.faulty != 1)} with errors" if suite.faulty else ""
            self.now.say(f"{total}, {suite.failed} failed{faulty}")
        if self.junit is not None:
            self._write(played, self.junit)
        return enough and not suite.failed and not suite.faulty

    def suggested(self) -> bool:
        """Print scenarios for what is not tried; whether those that there are went as expected."""
        from procdef.cli.suggested_scenarios import only_one, show_suggestions, without_scenarios
        from procdef.scenarios.suite import Suite

        bare = without_scenarios(self.files, self.now)
        if bare is not None:
            show_suggestions(self.now, bare.coverage, None, bare.path)
            return True
        suite = Suite(self.now.lang)
        files = [suite.read(source) for source in _sources(self.files)]
        for file in files:
            self._told_aside(file, suite.play(file))
        if suite.faulty:
            return False
        coverage = only_one(suite.coverage)
        show_suggestions(self.now, coverage, files[-1], None, alone=len(files) == 1)
        return not suite.failed

    def _told_aside(self, file: ScenarioFile, outcomes: list[Outcome]) -> None:
        """What is wrong with a file, and what did not go as expected, on the standard error."""
        from procdef.render import findings
        from procdef.render.scenarios import failure_text

        if file.findings:
            self.now.show(findings.text(file.findings, {file.name: file.text}, None), err=True, newline=False)
        for outcome in outcomes:
            if not outcome.passed:
                self.now.show(failure_text(outcome), err=True)

    def watched(self) -> bool:
        """Play, and again whenever something changed; whether the last time all went well."""
        good = True
        try:
            seen: dict[str, tuple[int, int]] | None = None
            while True:
                looked = time.monotonic()
                there = _stamps(self.files)
                pause = max(_BEAT, 10 * (time.monotonic() - looked))  # in folders with a great many files, more seldom
                if there != seen:
                    if seen is not None and not self.now.json:
                        self.now.say(f"\nchanged at {datetime.now().astimezone():%H:%M:%S}; playing again")
                    seen = there
                    good = self._tolerantly()
                    sys.stdout.flush()
                time.sleep(pause)
        except KeyboardInterrupt:
            return good

    def _tolerantly(self) -> bool:
        """Play once; what is wrong with the files that there are is told, and may be mended while they are watched."""
        try:
            return self.once()
        except click.UsageError as wrong:
            self.now.show(wrong.format_message(), err=True)
            return False

    def _understood(self, file: ScenarioFile) -> None:
        if file.definition is not None:
            self.now.understood(file.definition.languages)

    def _played(self, file: ScenarioFile, outcomes: list[Outcome], bar: Bar) -> FilePlayed:
        from procdef.render import findings
        from procdef.render.junit import FilePlayed
        from procdef.render.scenarios import failure_text, file_text

        errors = [one for one in file.findings if one.severity == "error"]
        with bar.aside():
            if self.now.json:
                for finding in file.findings:
                    echo(json.dumps({"finding": finding.as_dict()}, ensure_ascii=False))
                for outcome in outcomes:
                    echo(json.dumps({"outcome": outcome.as_dict()}, ensure_ascii=False))
            else:
                if file.findings:
                    width = self.now.width if sys.stdout.isatty() else None
                    self.now.show(findings.text(file.findings, {file.name: file.text}, width), newline=False)
                if outcomes:
                    self.now.say(file_text(file.name, outcomes))
                for outcome in outcomes:
                    if not outcome.passed:
                        self.now.show(failure_text(outcome))
        return FilePlayed(file.name, errors, outcomes)

    def _tell_coverage(self, coverage: Coverage) -> None:
        from procdef.render.scenarios import coverage_text

        if self.now.json:
            echo(json.dumps({"coverage": coverage.as_dict()}, ensure_ascii=False))
        else:
            self.now.say(coverage_text(coverage, self.now.width))

    def _enough(self, every: list[Coverage]) -> bool:
        """Whether enough was tried of each process."""
        lacking = [one for one in every if self.least is not None and float(one.percent) < self.least]
        for one in lacking:
            if not self.now.json:
                self.now.show(f"{one.definition.name}: {one.percent} % is tried, and --min-coverage asks for {self.least:g} %")
        return not lacking

    def _write(self, played: list[FilePlayed], path: Path) -> None:
        from procdef.render.junit import junit
        from procdef.whole_file import write_whole

        write_whole(path, junit(played, datetime.now(UTC)), "report", force=True)


def _sources(files: tuple[str, ...]) -> Iterator[Source]:
    """The files of scenarios that are meant, each once."""
    from procdef.scenarios.discovery import inside

    seen: set[Path] = set()
    for name in files:
        if name == _STDIN:
            from procdef.language import LARGEST

            yield "<stdin>", sys.stdin.buffer.read(LARGEST + 1) if sys.stdin else b""
            continue
        path = Path(name)
        found = inside(path) if path.is_dir() else _named(path)
        if not found:
            what = f"the folder {name}" if path.is_dir() else name
            raise click.UsageError(
                f"there are no scenarios for {what}: the name of their file ends in .yaml or .yml, and it begins with "
                "procdef-test: 1; of a process without any, `procdef test --suggest PROCESS` prints some"
            )
        for one in found:
            if one.resolve() not in seen:
                seen.add(one.resolve())
                yield str(one), one


def _named(path: Path) -> list[Path]:
    """A file of scenarios, or those beside a process."""
    from procdef.language.file_kinds import PROCESS, SCENARIOS
    from procdef.language.yaml_files import kind_of_file
    from procdef.resources import shipped_processes
    from procdef.scenarios.discovery import beside

    shipped = shipped_processes().get(str(path))
    if not path.exists() and isinstance(shipped, Path):
        path = shipped
    if not path.exists():
        raise click.UsageError(f"there is no file {path}")
    if kind_of_file(path) is PROCESS:
        return beside(path)
    refuse_other_kind(path, str(path), SCENARIOS)
    return [path]  # also a file of no kind, so that what is wrong with it is told


def _stamps(files: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """When the files that are meant, and all others in their folders that they may name, were last written."""
    folders = {path if path.is_dir() else path.parent for path in map(Path, files)}
    found = {}
    for folder in folders:
        for path in folder.rglob("*.y*ml") if folder.is_dir() else ():
            try:
                stamp = path.stat()
            except OSError:
                continue
            found[str(path)] = (stamp.st_mtime_ns, stamp.st_size)
    return found
