"""A report as a page, and how it is counted."""

from __future__ import annotations

from procdef.pages.report.counted_page import report_html
from procdef.pages.report.page_of_figures import report_page

__all__ = ["report_html", "report_page"]
