"""What a server says that lets nobody in, told with what to do about it."""

from __future__ import annotations

import pytest

from postgresql import server
from procdef import StoreError, open_store


@pytest.mark.parametrize(
    ("expected", "role", "more"),
    [
        ("refused to let this user in; check the user", "NOLOGIN", ""),
        ("has no connection free; allow more", "LOGIN CONNECTION LIMIT 0", ""),
        ("does not know a setting that it was given; check options=", "LOGIN", "&options=-c%20nosuch%3D1"),
        ("is no server of the kind that target_session_attrs asks for", "LOGIN", "&target_session_attrs=standby"),
    ],
)
def test_it_is_said_why_and_what_to_do(expected: str, role: str, more: str, postgres_log: str) -> None:
    here = server()
    here.execute(f"CREATE ROLE kept_out {role}")
    try:
        with pytest.raises(StoreError, match=expected) as told:
            open_store(postgres_log.replace("owner@", "kept_out@", 1) + f"&busy=0.2{more}")
        assert "kept_out" not in str(told.value)
    finally:
        here.execute("DROP ROLE kept_out")
