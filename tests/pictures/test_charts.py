"""Charts: nothing lies on anything else, all numbers are said in words, and every text is taken for text."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest

from procdef.pages.charts import Bar, Chart, Key, Month, Months, Numbers, Point, Row, Rows, Span
from procdef.pages.charts.chart import NARROW, WIDE
from procdef.pages.charts.drawing import SIZES
from procdef.pages.text_widths import text_width

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (WIDE, NARROW)
KEYS = (Key("bar", "ever entered"), Key("other", "of these went on"), Key("dot", "median"), Key("diamond", "still there"))
HOSTILE = (
    "<script>alert(1)</script>", "]]>", "--> <!-- --", "שלום (abc)", "🚀 launch 🚀", '" onload="alert(1)', "x" * 300,
    "&#x202e;", "\u202eabc", "\x00\x1b[31m", "word " * 80, "\ufffe", " ", "W" * 40 + " " + "i" * 40,
)  # fmt: skip
PLACES = ("x", "y", "width", "height", "cx", "cy", "r")
Area = tuple[float, float, float, float]


def drawn(chart: Chart, width: float = WIDE) -> ET.Element:
    return ET.fromstring(chart.svg("c", width))


def text_areas(picture: ET.Element) -> list[tuple[str, Area]]:
    found = []
    for each in picture.iter(f"{SVG}text"):
        kind, line = each.attrib["class"], each.text or ""
        size = SIZES[kind]  # type: ignore[index]
        wide = text_width(line, size, bold=kind == "name")
        x = float(each.attrib["x"]) - {"start": 0.0, "middle": 0.5, "end": 1.0}[each.get("text-anchor", "start")] * wide
        y = float(each.attrib["y"])
        found.append((line, (x, y - 0.78 * size, x + wide, y + 0.22 * size)))
    return found


def mark_areas(picture: ET.Element) -> list[Area]:
    """Where bars, dots, diamonds and spans are, the samples of the legend too."""
    found = []
    for each in picture.iter():
        at = {name: float(value) for name, value in each.attrib.items() if name in PLACES}
        if each.tag == f"{SVG}rect":
            found.append((at["x"], at["y"], at["x"] + at["width"], at["y"] + at["height"]))
        elif each.tag == f"{SVG}circle":
            found.append((at["cx"] - at["r"], at["cy"] - at["r"], at["cx"] + at["r"], at["cy"] + at["r"]))
        elif each.tag == f"{SVG}line" and each.get("class") not in ("grid", "base", "now"):
            x1, y1, x2, y2 = (float(each.attrib[name]) for name in ("x1", "y1", "x2", "y2"))
            found.append((min(x1, x2), min(y1, y2), max(x1, x2) + 0.01, max(y1, y2) + 0.01))
        elif each.get("class") == "diamond":
            x, y = map(float, re.findall(r"M([-\d.]+) ([-\d.]+)", each.attrib["d"])[0])
            found.append((x - 6, y, x + 6, y + 12))
    return found


def overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def assert_clear(chart: Chart) -> None:
    for width in WIDTHS:
        picture = drawn(chart, width)
        texts = text_areas(picture)
        for (line, one), (other_line, other) in combinations(texts, 2):
            assert not overlap(one, other), (width, line, other_line)
        for line, area in texts:
            assert area[0] >= -0.5, (width, line)
            assert area[2] <= width + 0.5, (width, line)
            assert not any(overlap(area, mark) for mark in mark_areas(picture)), (width, line)


def rows(*rows: Row, **more: object) -> Rows:
    return Rows("Funnel", "deals", rows, KEYS, "n = 5 deals. Source: the log.", **more)  # type: ignore[arg-type]


def by_chance(seed: int) -> Chart:
    chance = random.Random(seed)
    words = ["deal", "Klousaaminen", "asiakkaan siirto toimitukseen", "x", "Hand-over", "W" * 30, "💡", "到着"]

    def number() -> float:
        return chance.choice([0.0, 1.0, chance.uniform(0, 1e-6), chance.uniform(0, 50), chance.uniform(0, 1e12)])

    def said() -> str:
        return " ".join(chance.choice(words) for _ in range(chance.randint(1, 12)))

    if seed % 3 == 0:
        months = [
            Month(f"2025-{k:02}", said(), *(chance.choice([None, number()]) for _ in range(5)))
            for k in range(1, chance.randint(2, 25))
        ]
        words = said(), said(), said(), said(), said()
        return Months(said(), said(), tuple(months), words, said(), chance.choice(["en", "fi"]))
    marks = [
        lambda: Bar(number()), lambda: Bar(number(), True), lambda: Point(number()), lambda: Point(number(), "diamond"),
        lambda: Span(number(), number()), lambda: Point(number(), "limit"), lambda: Bar(None),
    ]  # fmt: skip
    found = (Row(said(), said(), tuple(chance.choice(marks)() for _ in range(chance.randint(0, 4)))) for _ in range(9))
    return Rows(said(), said(), tuple(found), KEYS, said(), "fi", chance.choice(["", " %"]), chance.choice([None, 100.0]))


@pytest.mark.parametrize("seed", range(90))
def test_no_label_lies_on_another_or_on_a_mark(seed: int) -> None:
    assert_clear(by_chance(seed))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_every_text_is_text(text: str) -> None:
    for chart in (
        Rows(text, text, (Row(text, text, (Bar(3), Bar(2, True), Point(1), Span(1, 2))),), (Key("bar", text),), text),
        Months(text, text, (Month(text, text, 1, 2, 3, 4, 5), Month(text, text)), (text, text, text, text, text), text),
    ):
        assert_clear(chart)
        for width in WIDTHS:
            tags = {each.tag.removeprefix(SVG) for each in drawn(chart, width).iter()}
            assert tags <= {"svg", "title", "desc", "defs", "pattern", "path", "rect", "line", "text", "circle"}
            assert not [name for each in drawn(chart, width).iter() for name in each.attrib if name.startswith("on")]
            assert len(chart.svg("c", width)) < 30_000


@pytest.mark.parametrize(
    ("number", "places", "english", "finnish"),
    [
        (None, 0, "n/a", "n/a"),
        (float("nan"), 0, "n/a", "n/a"),
        (float("inf"), 0, "n/a", "n/a"),
        (0, 2, "0", "0"),
        (1234567, 0, "1\u202f234\u202f567", "1\u202f234\u202f567"),
        (0.5, 0, "1", "1"),
        (12.50, 2, "12.5", "12,5"),
        (-0.4, 0, "0", "0"),
        (-12.25, 1, "-12.3", "-12,3"),
        (0.00004, 2, "4\u00a0·\u00a010⁻⁵", "4\u00a0·\u00a010⁻⁵"),
        (2.5e12, 0, "2.5\u00a0·\u00a010¹²", "2,5\u00a0·\u00a010¹²"),
    ],
)
def test_numbers_are_written_as_people_of_that_language_read_them(
    number: float | None, places: int, english: str, finnish: str
) -> None:
    assert (Numbers("en").plain(number, places), Numbers("fi").plain(number, places)) == (english, finnish)


def test_whoever_cannot_see_it_is_told_every_row_with_its_numbers() -> None:
    chart = rows(Row("Closing", "100 entered, 64 went on (64 %)", (Bar(100), Bar(64, True))))
    picture = drawn(chart)
    told = picture.findtext(f"{SVG}desc") or ""
    assert told.splitlines() == ["Funnel (deals)", "Closing: 100 entered, 64 went on (64 %)", "n = 5 deals. Source: the log."]
    assert picture.get("role") == "img"
    assert (picture.get("aria-labelledby") or "").split() == [
        each.get("id") for each in picture if each.tag in (f"{SVG}title", f"{SVG}desc")
    ]


def test_the_length_of_a_bar_is_its_number() -> None:
    picture = drawn(rows(Row("a", "40", (Bar(40), Bar(10, True))), Row("b", "20", (Bar(20),))))
    lengths = [float(each.attrib["width"]) for each in picture.iter(f"{SVG}rect") if each.find(f"{SVG}title") is not None]
    assert [round(length / lengths[0], 2) for length in lengths] == [1, 0.25, 0.5]


def test_kinds_of_bars_differ_in_their_filling_and_not_in_colour_alone() -> None:
    picture = drawn(rows(Row("a", "40 and 10", (Bar(40), Bar(10, True)))))
    second = next(each for each in picture.iter(f"{SVG}rect") if each.get("class") == "other")
    assert second.get("fill") == "url(#c-hatch)"
    assert picture.find(f".//{SVG}pattern") is not None


@pytest.mark.parametrize(
    "chart",
    [rows(), rows(Row("Closing", "n/a", (Bar(None), Point(None)))), Months("Won", "EUR", (), ("", "", "", "", ""), "n = 0")],
    ids=["no row", "no number", "no month"],
)
def test_where_there_is_nothing_it_says_so(chart: Chart) -> None:
    assert_clear(chart)
    assert "n/a" in chart.told
    assert "n/a" in [line for line, _ in text_areas(drawn(chart))]


@pytest.mark.parametrize("numbers", [(0, 0), (1e-12, 3e-12), (1e15, 9e15), (7, 7.0000001), (0.1 + 0.2, 0.3)])
def test_numbers_of_any_size_have_an_axis(numbers: tuple[float, float]) -> None:
    chart = rows(*(Row(f"{number:g}", f"{number:g}", (Bar(number), Point(number))) for number in numbers))
    assert_clear(chart)
    ticks = [each.text for each in drawn(chart).iter(f"{SVG}text") if each.get("class") == "tick"]
    assert len(ticks) == len(set(ticks)) >= 2


def test_a_month_alone_has_a_band_too() -> None:
    only = Month("May", "2 to 9", low=2, likely=5, high=9)
    picture = drawn(Months("Won", "EUR", (only,), ("a", "b", "c", "d", "e"), "n = 1"))
    band = next(each for each in picture.iter(f"{SVG}path") if each.get("class") == "band")
    assert len(re.findall("[ML]", band.attrib["d"])) == 4


def test_the_same_contents_give_the_same_bytes_and_no_style_of_their_own() -> None:
    for seed in range(20):
        text = by_chance(seed).svg("c")
        assert text == by_chance(seed).svg("c")
        assert "style" not in text
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize(
    ("label", "drawn_at_least"), [("Booking the meeting", 40), ("W" * 400, 36), ("שלום " * 60, 32)], ids=ascii
)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_chart_has_as_many_rows_as_30_kb_hold_and_says_of_how_many(
    label: str, drawn_at_least: int, width: float
) -> None:
    marks = Span(1, 3), Point(1), Point(3, "tip"), Point(8, "diamond")
    said = "median 123.4, 90 % within 456.7 (n = 12 345); 678 still there, median 901.2"
    chart = rows(*(Row(f"{number} {label}", said, marks) for number in range(300)), more="{shown} of {all} rows")
    assert_clear(chart)
    picture = chart.svg("c", width)
    assert len(picture.encode()) <= 30 * 1024
    (shown,) = re.findall(r"(\d+) of 300 rows</desc>", picture)
    assert int(shown) >= drawn_at_least
    assert picture.count('class="diamond"') == int(shown) + 1
