"""What a migration comes to, in words: of each version how many deals go over, what comes to them, and which stay and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from procdef.model import ProcessDefinition
from procdef.render.deals_in_change import DealWords, how_many, named, unnoticed
from procdef.render.text_layout import WIDTH, wrapped
from procdef.reports.changed_deals import MOST_NAMED, Counted, Reason, reason_of
from procdef.results.migrated_deal import MigratedDeal
from procdef.unsafe_characters import one_line

_MOVED = ("new_work", "behind", "overdue", "other_rows")
_WITHOUT_ANSWER = frozenset(("gone", "type", "option", "column", "currency", "shown", "decision", "table"))


@dataclass(slots=True)
class MigrationTally:
    """The deals of one version, by what becomes of them. ``reasons`` are counted with the first deals that have them."""

    deals: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    reasons: dict[Reason, Counted] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)

    def count(self, deal: MigratedDeal) -> None:
        """Add a deal."""
        self.deals[deal.status] += 1
        if deal.status == "error":
            self.errors.append((deal.deal, deal.message))
        found = list(_reasons(deal))
        if deal.status in ("moves", "migrated") and not found:
            self.groups["as_it_is"] += 1
        self.groups.update({reason.group for reason in found})
        for reason in dict.fromkeys(found):
            counted = self.reasons.setdefault(reason, Counted())
            counted.deals += 1
            if len(counted.first) < MOST_NAMED:
                counted.first.append(deal.deal)


def _reasons(deal: MigratedDeal) -> Iterator[Reason]:
    for each in deal.against:
        yield Reason("answers" if each.why in _WITHOUT_ANSWER else "against", each.what, each.id, each.why)
    yield from (Reason("new_work", each.what, each.id, each.status) for each in deal.new_work)
    yield from (Reason("behind", each.what, each.id, each.status) for each in deal.behind)
    if deal.overdue is not None:
        yield Reason("overdue", "stage", deal.stage_after or deal.stage, "due")
    yield from (Reason("overdue", "action", path, "due") for path in deal.late)
    yield from map(reason_of, deal.other_rows)


def migration_text(
    tallies: Mapping[int, MigrationTally],
    versions: Mapping[int, ProcessDefinition],
    new: ProcessDefinition,
    applied: bool,
    language: str | None = None,
    width: int = WIDTH,
) -> Iterator[str]:
    """A paragraph for each version."""
    for version, tally in sorted(tallies.items()):
        words = DealWords(versions[version], new, language)
        moved = tally.deals["migrated" if applied else "moves"]
        what = "went over" if applied else "would go over"
        yield f"version {version}: {_deals(moved)} {what} to version {new.version}"
        if tally.groups["as_it_is"]:
            yield f"  {unnoticed(tally.groups['as_it_is'])}"
        for group in _MOVED:
            yield from _group(words, tally, group, width)
        stay = tally.deals["refused"] + tally.deals["error"]
        if stay:
            yield f"  {_deals(stay)} {'stays' if stay == 1 else 'stay'} in version {version}"
            yield from _group(words, tally, "answers", width)
            yield from _group(words, tally, "against", width)
            for deal, message in tally.errors[:MOST_NAMED]:
                yield from wrapped(one_line(f"{deal}: {message}"), width, "    ", "      ")


def _deals(number: int) -> str:
    return f"{number} deal{'s' * (number != 1)}"


def _group(words: DealWords, tally: MigrationTally, group: str, width: int) -> Iterator[str]:
    found = [(reason, counted) for reason, counted in tally.reasons.items() if reason.group == group]
    if not found:
        return
    if group not in ("answers", "against"):
        yield f"  {how_many(tally.groups[group], group)}"
    for reason, counted in sorted(found, key=lambda each: (-each[1].deals, each[0])):
        yield from wrapped(one_line(f"{counted.deals}: {words.reason(reason)}"), width, "    ", "      ")
        yield from wrapped(one_line(named(counted)), width, "      ")
