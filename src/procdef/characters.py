"""Characters that make one text look like another."""

from __future__ import annotations

import re

turning = re.compile("[\u202a-\u202e\u2066-\u2069]").search
"""Finds what turns the direction of writing around: what is read is then not what is written."""
invisible = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
).search
"""Finds what is not to be seen (Unicode: default ignorable), so that two names look alike and are not one."""
