"""The command line's own shape: options, arguments, messages, exit codes. Nothing here needs a database."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from procdef.cli import run
from procdef.cli.field_assignments import values_of

SMALL = Path(__file__).parents[1] / "golden" / "ok" / "syntax.yaml"


@pytest.mark.parametrize(
    ("expected", "pairs"),
    [
        ({"company": "Acme Oy"}, ["company=Acme Oy"]),
        ({"company": ""}, ["company="]),
        ({"formula": "a=b"}, ["formula=a=b"]),
        ({"contacts": [{"name": "Ann"}]}, ['contacts:=[{"name": "Ann"}]']),
        ({"url": "https://a.example/?q=1"}, ["url=https://a.example/?q=1"]),
    ],
)
def test_a_value_is_text_or_json_as_its_sign_says(expected, pairs):
    assert expected == values_of(pairs)


@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        ('there is no command "chekc" (did you mean "check"?)', ["chekc"]),
        ("this command prints text or json, not sarif", ["--format", "sarif", "deals"]),
        ('"company" is not of the form field=value', ["record", "ACME", "company"]),
        ('"a" is given twice', ["record", "ACME", "a=1", "a=2"]),
        ('what follows "a:=" is not JSON', ["record", "ACME", "a:=NaN"]),
        ('what follows "a:=" is nested too deep', ["record", "ACME", "a:=" + "[" * 100_000]),
        ('"a:=" is not JSON: a key stands there twice', ["record", "ACME", 'a:=[{"b": 1, "b": 2}]']),
        ('"a:=" is not JSON: a number has more than 1000 digits', ["record", "ACME", "a:=" + "9" * 5000]),
        ("--reason belongs to --correct", ["record", "ACME", "a=1", "--reason", "because"]),
    ],
)
def test_a_wrong_command_line_says_what_is_wrong_and_exits_with_two(expected, arguments, capsys):
    assert run(arguments) == 2
    assert expected in capsys.readouterr().err


def test_the_help_imports_no_part_of_procdef_but_the_command_line_and_its_errors():
    code = "import sys; from procdef.cli import run; run(['--help']); print(*sorted(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = {name for name in shown.splitlines()[-1].split() if name.split(".")[0] in ("procdef", "rich", "yaml")}
    assert loaded == {"procdef", "procdef.cli", "procdef.cli.command_table", "procdef.cli.global_options", "procdef.errors"}


@pytest.mark.parametrize("arguments", ["check {0}", "show {0}", "explain syntax", "schema"])
def test_a_closed_output_is_no_failure(arguments):
    command = f"{sys.executable} -m procdef {arguments.format(SMALL)} >&-"
    finished = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert (finished.returncode, finished.stderr) == (0, "")


def test_a_closed_output_for_messages_changes_no_exit_code():
    command = f"{sys.executable} -m procdef check no-such-file 2>&-"
    finished = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert (finished.returncode, finished.stdout) == (2, "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8:strict"])
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_a_file_name_that_the_output_cannot_write_is_spelled(tmp_path, encoding, form):
    file = os.fsencode(tmp_path) + b"/\xff\xe2\x82\xac.yaml"
    Path(os.fsdecode(file)).write_text("{}")
    finished = subprocess.run(
        [sys.executable, "-m", "procdef", "--format", form, "check", file],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
    )
    assert (finished.returncode, finished.stderr) == (1, b"")
    shown = finished.stdout.decode()
    if form == "json":
        assert {json.loads(line)["code"] for line in shown.splitlines()} == {"missing-key"}


def test_a_value_that_the_output_cannot_write_is_still_json(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text(SMALL.read_text().replace("seller", "s\u20ac\U0001f600"), "utf-8")
    arguments = ["--format", "json", "check", file]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    finished = subprocess.run([sys.executable, "-m", "procdef", *arguments], env=environment, capture_output=True)
    assert "s\u20ac\U0001f600" in "".join(json.loads(line)["message"] for line in finished.stdout.splitlines())


def test_ctrl_c_while_modules_are_imported_is_no_failure(tmp_path):
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-m", "procdef", "demo"]
    finished = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (finished.returncode, finished.stdout, finished.stderr) == (130, "", "")


def test_a_process_that_cannot_be_written_whole_is_not_begun(tmp_path):
    file = tmp_path / "sales.yaml"
    finished = subprocess.run(
        [sys.executable, "-m", "procdef", "new", file],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert (finished.returncode, finished.stderr) == (3, f"procdef: {file}: File too large\n")
    assert not file.exists()
