"""A file of steps is read line by line; a line that is no step becomes an error in its place."""

from decimal import Decimal

import pytest

from procdef.cli.steps_file import StepsFile
from procdef.errors import InvalidArgument


def read(tmp_path, content):
    file = tmp_path / "steps.jsonl"
    file.write_bytes(content)
    steps = StepsFile(file)
    return list(steps), list(steps.lines)


def test_blank_lines_are_passed_over_and_the_others_keep_their_numbers(tmp_path):
    assert read(tmp_path, b'{"do": "finish"}\n\n{"do": "note"}\n') == ([{"do": "finish"}, {"do": "note"}], [1, 3])


def test_a_byte_order_mark_is_no_part_of_the_first_step(tmp_path):
    assert read(tmp_path, b'\xef\xbb\xbf{"do": "finish"}') == ([{"do": "finish"}], [1])


def test_numbers_are_read_exactly(tmp_path):
    assert [{"values": {"a": Decimal("0.10")}}] == read(tmp_path, b'{"values": {"a": 0.10}}')[0]


@pytest.mark.parametrize(
    ("expected", "line"),
    [
        ("the line is not JSON", b'{"do": '),
        ("the line is not UTF-8", b'{"do": "\xff"}'),
        ("a key stands there twice", b'{"do": "note", "do": "finish"}'),
        ("a step is a JSON object", b"[1]"),
        ("NaN is not a number", b'{"values": {"a": NaN}}'),
        ("a number has more than 1000 digits", b'{"values": {"a": ' + b"9" * 5000 + b"}}"),
        ("the line is nested too deep", b"[" * 200_000),
        ("the line is longer than", b'"' + b"a" * 5_000_000 + b'"'),
    ],
    ids=["cut", "bytes", "twins", "list", "nan", "digits", "deep", "long"],
)
def test_a_line_that_is_no_step_says_why_and_the_next_is_read(expected, line, tmp_path):
    (wrong, right), lines = read(tmp_path, line + b'\n{"do": "finish"}\n')
    assert isinstance(wrong, InvalidArgument)
    assert expected in str(wrong)
    assert (right, lines) == ({"do": "finish"}, [1, 2])
