"""A database made one of an earlier layout, by taking away what later ones added."""

from __future__ import annotations

import sqlite3


def without_deadlines(log: sqlite3.Connection) -> None:
    """As layout 4 left it; nothing where it is of that or of an earlier one."""
    if log.execute("SELECT 1 FROM sqlite_master WHERE name = 'directory'").fetchone():
        log.execute("DROP TABLE directory")
        log.execute("DROP INDEX deal_wake")
        for column in ("wake", "deadline"):
            log.execute(f"ALTER TABLE deal DROP COLUMN {column}")
        log.execute("UPDATE tree SET layout = 4")


def without_activities(log: sqlite3.Connection) -> None:
    """As layout 3 left it; nothing where it is of that or of an earlier one."""
    without_deadlines(log)
    if log.execute("SELECT 1 FROM sqlite_master WHERE name = 'activity'").fetchone():
        log.execute("DROP TABLE activity")
        log.execute("ALTER TABLE deal DROP COLUMN active")
        log.execute("ALTER TABLE stay DROP COLUMN due")
        log.execute("UPDATE tree SET layout = 3")


def without_a_tree(log: sqlite3.Connection) -> None:
    """As layout 2 left it, but for what the file's head says."""
    without_activities(log)
    for table in ("node", "note"):
        log.execute(f"DROP TABLE {table}")
    log.execute("ALTER TABLE tree DROP COLUMN frontier")
    log.execute("UPDATE tree SET layout = 2")
