"""What proves a case file, and how somebody checks that.

It is about the tree as it was when the last event that is told was recorded, so that it stays the same however the log grows: a
case file that is made again, as of the same time, is the same file.
"""

from __future__ import annotations

import shlex

from procdef.deal import Deal
from procdef.errors import LogBroken
from procdef.log.merkle import root_at
from procdef.reports.casefile.contents import Check, Proof
from procdef.store.log_queries import perfect_of, place_of, stored_notes
from procdef.store.port import Tx
from procdef.store.sealed_reading import refuse_unsealed


def proof_of(tx: Tx, deal: Deal, as_of: str, language: str | None) -> Proof:
    """The proof of a deal as it stood after its event ``deal.n``. Raises ``LogBroken`` where the log proves nothing, and
    ``NotSealedYet``."""
    place = place_of(tx, deal.stream, deal.n)
    if place is None:
        refuse_unsealed(tx, deal.stream, deal.n)
        raise LogBroken(f"{deal.stream}: event {deal.n} has no place in the log", deal.stream)
    size = place + 1
    try:
        root = root_at(size, perfect_of(tx))
    except LookupError:
        raise LogBroken("the tree over the log cannot be read", deal.stream) from None
    # A note over as many events could have been signed at any later time as well, before the next event came.
    note = max((note for note in stored_notes(tx) if note.size < size), default=None)
    return Proof(
        tx.log, deal.stream, deal.n, deal.head, size, root.hex(),
        note.size if note else None, note.text if note else None, _checks(deal, as_of, language),
    )  # fmt: skip


def _checks(deal: Deal, as_of: str, language: str | None) -> tuple[Check, ...]:
    name, spoken = shlex.quote(deal.name), f" --lang {shlex.quote(language)}" if language else ""
    return (
        Check("log", "procdef audit verify"),
        Check("head", f"procdef log {name} --full"),
        Check("again", f"procdef casefile {name} --until {as_of}{spoken} -o FILE"),
        Check("bundle", f"procdef audit proof {name} -o FILE.zip"),
    )
