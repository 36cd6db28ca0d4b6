"""Rows as the engine would make them, as short as they can be."""

from __future__ import annotations

from hashlib import sha256

from procdef.store import DealRow, EventRow, LeafRow, PlaceRow

DEAL = DealRow(
    stream="deal:1", key="ACME-1", process="b2b", version=1, stage="lead", mode="open", outcome="open", owner="maija",
    started="2026-01-01", entered="2026-01-01", due=None, amount=None, expected=None, offered=None, won=None, lost=None,
    finished=None, reason=None, active="2026-01-01", wake=None, deadline=None, n=1,
    head="aa", fold=1, state=b"{}",
)  # fmt: skip


def digest(n: int = 1, stream: str = "deal:1") -> str:
    return sha256(f"{stream}-{n}".encode()).hexdigest()


def event(n: int = 1, stream: str = "deal:1") -> EventRow:
    return EventRow(stream, n, f"id-{stream}-{n}", "deal.noted", "2026-01-01", digest(n, stream), b"{}")


def leaf(idx: int, row: EventRow) -> LeafRow:
    return LeafRow(idx, row, row.hash)


def place(idx: int, row: EventRow) -> PlaceRow:
    return PlaceRow(row.stream, row.n, idx, row.hash)
