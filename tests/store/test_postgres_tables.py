"""The tables of a log in PostgreSQL as somebody may leave them or lock them: what is told, and that nobody waits for ever."""

from __future__ import annotations

from contextlib import closing

import pytest

from postgresql import schema_of, server
from procdef import open_store
from procdef.store.postgres_setup import checked

LEFT = {
    "ALTER TABLE {s}.event SET UNLOGGED": "the unlogged table event",
    "CREATE TABLE {s}.more () INHERITS ({s}.event)": "that inherits from",
    "GRANT SELECT, INSERT ON {s}.private TO PUBLIC": "the right of everybody (PUBLIC) to insert, select private",
}


@pytest.mark.parametrize("statement", LEFT)
def test_what_somebody_did_to_the_tables_is_a_difference(statement: str, new_postgres_log: str) -> None:
    server().execute(statement.format(s=schema_of(new_postgres_log)))
    with closing(open_store(new_postgres_log)) as store, store.inspect() as tx:
        found = [strange for _, strange in tx.layout_differences()]
    assert len(found) == 1
    assert LEFT[statement] in found[0]
    assert [strange for _, strange in checked(new_postgres_log).differences] == found
