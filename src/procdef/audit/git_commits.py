"""Commits of files in a repository that somebody else may have set up: nothing that its settings name is run.

Only git's inner commands are used. They take the bytes that they are given (no filter, no other line ends) and sign nothing;
hooks, the file system monitor and housekeeping are switched off besides.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from procdef.errors import AnchorFailed
from procdef.log.child_environment import child_environment

_NOTHING_ELSE_RUNS = (
    f"core.hooksPath={os.devnull}", "core.fsmonitor=false", "commit.gpgSign=false", "gc.auto=0", "maintenance.auto=false",
)  # fmt: skip
_OTHER_PLACES = frozenset({
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX",
})  # fmt: skip
"""Variables that git sets for hooks, and that would lead to the repository whose hook runs procdef."""


class GitFolder:
    """A folder in the work tree of a git repository."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def refuse_unless_work_tree(self) -> None:
        """Raises ``AnchorFailed`` where the folder is in none."""
        self._git("rev-parse", "--is-inside-work-tree")

    def commit(self, files: Mapping[str, bytes], message: str) -> None:
        """Commit these files of the folder with this content, and nothing else, where they are not committed so already.

        Raises ``AnchorFailed``.
        """
        inside = self._git("rev-parse", "--show-prefix").removesuffix("\n")
        blobs = {inside + name: self._git("hash-object", "-w", "--stdin", given=content).strip()
                 for name, content in files.items()}  # fmt: skip
        head = self._git("rev-parse", "--quiet", "--verify", "HEAD^{commit}", may_fail=True).strip()
        placed = [part for path, blob in blobs.items() for part in ("--cacheinfo", f"100644,{blob},{path}")]
        aside = Path(self._git("rev-parse", "--absolute-git-dir").removesuffix("\n")) / "procdef.index"
        try:
            # An index of its own, so that what somebody else has staged stays there and is not committed.
            self._git("read-tree", *([head] if head else ["--empty"]), index=aside)
            self._git("update-index", "--add", *placed, index=aside)
            tree = self._git("write-tree", index=aside).strip()
        finally:
            aside.unlink(missing_ok=True)
        if not head or self._git("rev-parse", f"{head}^{{tree}}").strip() != tree:
            parent = ["-p", head] if head else []
            made = self._git("commit-tree", tree, *parent, "-m", message).strip()
            self._git("update-ref", "-m", f"commit: {message}", "HEAD", made, head or "0" * len(made))
        self._git("update-index", "--add", *placed)

    def _git(self, *arguments: str, given: bytes = b"", index: Path | None = None, may_fail: bool = False) -> str:
        settings = [part for each in _NOTHING_ELSE_RUNS for part in ("-c", each)]
        environment = {name: value for name, value in child_environment().items() if name not in _OTHER_PLACES}
        if index is not None:
            environment["GIT_INDEX_FILE"] = str(index)
        try:
            done = subprocess.run(
                ["git", "-C", str(self.path), *settings, *arguments],
                input=given, capture_output=True, check=False, env=environment,
            )  # fmt: skip
        except OSError as error:
            raise AnchorFailed(f"git cannot be run: {error.strerror}") from None
        if done.returncode and not may_fail:
            told = (done.stderr.strip() or done.stdout.strip()).decode("utf-8", "replace")
            raise AnchorFailed(f"git {arguments[0]} in {self.path} failed: {told}")
        return done.stdout.decode("utf-8", "surrogateescape") if not done.returncode else ""
