"""Charts as SVG: rows of bars, spans and marks, and lines over months with a band.

A chart has its title, axis, unit and foot (n, period, source) in itself, is drawn for a wide or a narrow page, and says all its
numbers in words as well. Colours are the page's, by classes; kinds of marks differ in shape or filling too. The same contents
give the same bytes.
"""

from __future__ import annotations

from procdef.pages.charts.chart import Chart
from procdef.pages.charts.months import Month, Months
from procdef.pages.charts.numbers import Numbers
from procdef.pages.charts.rows import MOST, Bar, Key, Mark, Point, Row, Rows, Span
from procdef.pages.charts.style import STYLE

__all__ = [
    "MOST", "STYLE", "Bar", "Chart", "Key", "Mark", "Month", "Months", "Numbers", "Point", "Row", "Rows", "Span",
]  # fmt: skip
