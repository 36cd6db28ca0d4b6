"""Where a private key comes from: a file that only its owner may read, a variable, or a command. Never the database."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

from procdef.errors import InvalidArgument, NoteInvalid
from procdef.log.child_environment import child_environment
from procdef.log.endless_files import refuse_endless
from procdef.log.signed_note import Signer

VARIABLE = "PROCDEF_KEY"
COMMAND = "PROCDEF_KEY_COMMAND"
_LONGEST = 4096
_PATIENCE = 60.0
"""Seconds that a command has to give the key; it may ask somebody for a pass phrase."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def find_key(file: Path | None, environment: Mapping[str, str]) -> Signer:
    """The key in the file, else in the variable, else from the command.

    Raises ``InvalidArgument`` where there is none, and for a key that others may read.
    """
    if file is not None:
        return read_key(file)
    if environment.get(VARIABLE):
        return _parsed(environment[VARIABLE], VARIABLE)
    if environment.get(COMMAND):
        return _parsed(_output(environment[COMMAND]), COMMAND)
    raise InvalidArgument(f"no key is given; name its file, or set {VARIABLE} or {COMMAND}", "key file")


def read_key(file: Path) -> Signer:
    """The key in a file. Raises ``InvalidArgument`` for a file that others than its owner may use."""
    refuse_endless(file)
    try:
        with file.open("rb") as opened:
            about = os.fstat(opened.fileno())
            if os.name == "posix" and about.st_mode & _OTHERS:
                raise InvalidArgument(f"others may read the key in {file}; run chmod 600 {shlex.quote(str(file))}")
            text = opened.read(_LONGEST + 1)
    except OSError as error:
        raise InvalidArgument(f"the key file {file} cannot be read: {error.strerror}") from None
    return _parsed(text.decode("utf-8", errors="replace"), str(file))


def write_key(file: Path, signer: Signer) -> None:
    """Put the key into a new file that only its owner may read. Raises ``InvalidArgument`` where there is a file."""
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(f"{signer.secret()}\n")
            opened.flush()
            os.fsync(opened.fileno())
    except FileExistsError:
        raise InvalidArgument(f"there is a file {file} already; a key is never written over one") from None
    except OSError as error:
        raise InvalidArgument(f"the key file {file} cannot be made: {error.strerror}") from None


def _output(command: str) -> str:
    try:
        done = subprocess.run(
            shlex.split(command), stdout=subprocess.PIPE, timeout=_PATIENCE, check=True, env=child_environment()
        )
    except subprocess.CalledProcessError as error:
        raise InvalidArgument(f"the command of {COMMAND} ended with {error.returncode}, and no key is known") from None
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise InvalidArgument(f"the command of {COMMAND} gave no key: {type(error).__name__}") from None
    return done.stdout[: _LONGEST + 1].decode("utf-8", errors="replace")


def _parsed(text: str, source: str) -> Signer:
    """Of what is read no message tells anything."""
    try:
        return Signer.parse(text.strip())
    except NoteInvalid:
        raise InvalidArgument(f"there is no private key of the form PRIVATE+KEY+NAME+id+base64 in {source}") from None
