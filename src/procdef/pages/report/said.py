"""The report's own words with numbers in them, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal

from procdef.pages.charts import Numbers
from procdef.pages.charts.numbers import NOTHING
from procdef.pages.passages import Passage, primary
from procdef.pages.passages import Words as WordTable
from procdef.reports.periods import last_day
from procdef.reports.report import Days, Rate


class Said:
    """``language`` is that in which its words are: the page's own, or English where the page's is not known to it."""

    def __init__(self, words: WordTable, language: str, zone: tzinfo) -> None:
        self._words, self._zone = words, zone
        self._page = language
        self.language = words["report"].language or language
        self.numbers = Numbers(self.language)

    def __call__(self, key: str, **named: object) -> Passage:
        """The words under that key, with what is named put into their blanks."""
        word = self._words[key]
        return Passage(word.text.format_map(named), word.language) if named else word

    def text(self, key: str, **named: object) -> str:
        """The same without its language, to stand in other words or in a chart."""
        return self(key, **named).text

    def english(self, text: str) -> Passage:
        """A text that there is in English alone."""
        return Passage(text, None if primary(self._page) == "en" else "en")

    def counted(self, count: int, key: str, **named: object) -> Passage:
        """The words under that key for one, or for many (``n``)."""
        return self(f"{key}_{'one' if count == 1 else 'many'}", n=self.number(count), **named)

    def of(self, count: int | None, what: str) -> str:
        """So many of something: ``1 deal``, ``12 deals``."""
        return NOTHING if count is None else self.counted(count, what).text

    def number(self, value: float | Decimal | None, places: int = 0) -> str:
        """A number."""
        return self.numbers.plain(value, places)

    def percent(self, value: float | Decimal | None, places: int = 0) -> str:
        """Of a rate in percent."""
        return self.numbers.percent(value, places)

    def days(self, value: float | None) -> str:
        """A time in days of 24 hours, with a decimal where it is short."""
        if value is None:
            return NOTHING
        text = self.number(value, 1 if value < 20 else 0)
        return self.text("day_one" if text == "1" else "day_many", n=text)

    def money(self, value: Decimal | float | None, currency: str | None) -> str:
        """An amount with its currency."""
        text = self.number(value)
        return text if value is None or not currency else f"{text}\u00a0{currency}"

    def sums(self, amounts: Mapping[str, Decimal]) -> str:
        """Amounts by currency, in a row."""
        return ", ".join(self.money(value, currency) for currency, value in amounts.items()) or NOTHING

    def rate(self, rate: Rate) -> str:
        """A rate with its interval."""
        if rate.percent is None:
            return NOTHING
        return self.text(
            "rate", percent=self.percent(rate.percent), low=self.percent(rate.low), high=self.percent(rate.high)
        )

    def spread(self, times: Days) -> str:
        """Times with their median and the 90th percentile."""
        if not times.n:
            return NOTHING
        return self.text("spread", median=self.days(times.median_days), most=self.days(times.percentile_90_days))

    def day(self, time: str) -> str:
        """The day of a time of the log, on the clocks of the process."""
        return datetime.fromisoformat(time).astimezone(self._zone).date().isoformat()

    def last_day(self, until: str) -> str:
        """The last day of a period that ends before that time."""
        return last_day(until, self._zone).isoformat()

    def moment(self, time: str) -> str:
        """A time of the log, on the clocks of the process."""
        return datetime.fromisoformat(time).astimezone(self._zone).strftime("%Y-%m-%d %H:%M")

    def joined(self, parts: Iterable[str], word: str = "or") -> str:
        """``a, b or c``."""
        *most, last = [*parts] or [""]
        return f"{', '.join(most)} {self.text(word)} {last}" if most else last
