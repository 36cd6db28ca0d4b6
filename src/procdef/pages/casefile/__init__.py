"""A case file as a page, and how one is handed out."""

from __future__ import annotations

from procdef.pages.casefile.handing_out import Form, HandedOut, hand_out
from procdef.pages.casefile.page_of_deal import casefile_page

__all__ = ["Form", "HandedOut", "casefile_page", "hand_out"]
