"""``procdef check`` on folders: every process file below is checked, or it is said which could not be."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from forked_commands import commands

SMALL = Path(__file__).parents[1] / "golden" / "ok" / "syntax.yaml"


def check(*arguments):
    return subprocess.run([commands() / "procdef", "check", *arguments], capture_output=True, text=True)


def check_as_anybody(*arguments):
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
    finished = check_as_anybody(tmp_path)
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


def test_what_is_no_process_is_passed_over_with_a_word(tmp_path):
    (tmp_path / "a.yaml").write_bytes(SMALL.read_bytes())
    (tmp_path / "compose.yml").write_text("services:\n  procdef: 1\n")
    (tmp_path / "empty.yaml").write_text("")
    finished = check(tmp_path)
    assert (finished.returncode, finished.stdout) == (0, "1 file checked, nothing found\n")
    others = f"{tmp_path}/compose.yml, {tmp_path}/empty.yaml"
    assert finished.stderr == f"passed over 2 files without `procdef:`: {others}\n"
    assert check(tmp_path, "--quiet").stderr == ""


@pytest.mark.parametrize(
    "begin", ["procdef: 1", "procdef : 2", '"procdef": 1', "{procdef: 1}", "\ufeffprocdef: 1", "procdef：1", "procdef 1",
              "roles: {}\nstages: {}"]
)  # fmt: skip
def test_what_may_be_a_process_is_checked(tmp_path, begin):
    (tmp_path / "a.yaml").write_text(begin + "\n", encoding="utf-8")
    assert check(tmp_path).returncode == 1


def test_what_is_named_is_checked_whatever_it_holds(tmp_path):
    (tmp_path / "a.yaml").write_text("a: 1\n")
    finished = check(tmp_path / "a.yaml")
    assert finished.returncode == 1
    assert "[missing-key]" in finished.stdout


@pytest.mark.parametrize("name", ["a.YML", "a.YAML", "a.Yaml", "a.yml"])
def test_endings_are_known_whatever_their_case(tmp_path, name):
    (tmp_path / name).write_bytes(SMALL.read_bytes())
    assert check(tmp_path).stdout == "1 file checked, nothing found\n"


@pytest.mark.parametrize(("files", "passed"), [({}, ""), ({"a.yaml": "a: 1"}, " (passed over 1 without `procdef:`)"),
                                               ({"a.txt": "procdef: 1"}, "")])  # fmt: skip
def test_a_folder_without_any_process_is_wrong_usage(tmp_path, files, passed):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    finished = check(tmp_path)
    assert (finished.returncode, finished.stdout) == (2, "")
    assert f"there is no process in the folder {tmp_path}{passed}: the name of a process file" in finished.stderr


def given(source, *arguments):
    return subprocess.run([commands() / "procdef", "check", "-", *arguments], input=source, capture_output=True)


def test_the_standard_input_is_checked():
    assert given(SMALL.read_bytes()).stdout == b"1 file checked, nothing found\n"
    finished = given(SMALL.read_bytes().replace(b"owner: seller", b"ownr: seller", 1))
    assert finished.returncode == 1
    assert finished.stdout.startswith(b'<stdin>:19:5: error: unknown key "ownr" in "stages.meeting"')
    assert b"   19 |     ownr: seller\n" in finished.stdout


@pytest.mark.parametrize("source", [b"", b"\xff\xfe\x00", b"\0" * 3_000_000])
def test_any_standard_input_gives_findings(source):
    finished = given(source, "--format", "json")
    assert (finished.returncode, finished.stderr) == (1, b"")


def test_a_closed_standard_input_is_an_empty_one():
    finished = subprocess.run(f"{sys.executable} -m procdef check - <&-", shell=True, capture_output=True)
    assert (finished.returncode, finished.stderr) == (1, b"")
