"""``procdef check`` on folders: every process file below is checked, or it is said which could not be."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

SMALL = Path(__file__).parents[1] / "golden" / "ok" / "syntax.yaml"


def check(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "procdef", "check", *arguments], capture_output=True, text=True, preexec_fn=_as_anybody
    )


def _as_anybody():
    """Take the privileges of root to enter folders that are closed to it, where it has them."""
    for privilege in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, privilege, 0, 0, 0)  # PR_CAPBSET_DROP


@pytest.mark.skipif(sys.platform != "linux", reason="the privileges of root are taken by a call of Linux")
def test_a_folder_that_may_not_be_entered_is_no_folder_without_faults(tmp_path):
    (tmp_path / "open.yaml").write_bytes(SMALL.read_bytes())
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    finished = check(tmp_path)
    closed.chmod(0o700)
    assert (finished.returncode, finished.stdout) == (3, "")
    assert finished.stderr == f"procdef: {closed}: Permission denied\n"


def test_links_in_a_circle_lead_nowhere(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "self.yaml").symlink_to("self.yaml")
    (tmp_path / "nowhere.yaml").symlink_to("no-such-file")
    (tmp_path / "a" / "b.yaml").write_bytes(SMALL.read_bytes())
    os.mkfifo(tmp_path / "pipe.yaml")
    assert check(tmp_path).stdout == "1 file checked, nothing found\n"
