"""Evidence that is a file: it stays where it is, the log keeps its name and hash."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import file_digest
from pathlib import Path

from procdef.commands import Do
from procdef.model import Stage
from procdef.open_databases import is_held

_HASHED = re.compile(r".*\S\s+sha256:[0-9a-f]{64}", re.DOTALL)
_LONGEST_PATH = 4096


def with_document(command: Do, stage: Stage) -> Do:
    """A document named by its path is hashed on the spot; what is not there is left for the rules to refuse.

    Only where the action (of ``stage``) asks for a document: elsewhere evidence is text, whatever files there are.
    """
    if not command.evidence or _HASHED.fullmatch(command.evidence):
        return command
    action = stage.action(command.action.rpartition(".")[2])
    if action is None or action.evidence != "document":
        return command
    try:
        path = Path(command.evidence)
        if len(command.evidence) > _LONGEST_PATH or not path.is_file() or is_held(path):
            return command
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return command
    return replace(command, evidence=f"{path.name} sha256:{digest}")
