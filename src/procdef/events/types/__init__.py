"""Every type of event that the log knows, in the order of the manual."""

from __future__ import annotations

from collections.abc import Mapping

from procdef.events.declaration import EventType
from procdef.events.types import (
    action_completed,
    action_voided,
    criterion_waived,
    deal_assigned,
    deal_corrected,
    deal_finished,
    deal_lost,
    deal_migrated,
    deal_noted,
    deal_recorded,
    deal_reopened,
    deal_started,
    deal_won,
    definition_published,
    log_created,
    log_exported,
    log_moved,
    log_opened,
    log_rekeyed,
    log_retimed,
    log_sealed,
    people_published,
    privacy_erased,
    privacy_purged,
    stage_advanced,
    stage_returned,
    step_refused,
    timer_escalated,
    timer_overdue,
    timer_reminded,
)

FOLD = 4
"""The version of the fold; a stored state that another one made is folded anew. It grows with every change to what the fold
makes or reads, a new type or key included: that is how an older procdef notices that it must not write."""

EVENT_TYPES: tuple[EventType, ...] = (
    deal_started.EVENT,
    deal_recorded.EVENT,
    deal_corrected.EVENT,
    action_completed.EVENT,
    action_voided.EVENT,
    criterion_waived.EVENT,
    stage_advanced.EVENT,
    stage_returned.EVENT,
    deal_won.EVENT,
    deal_lost.EVENT,
    deal_reopened.EVENT,
    deal_finished.EVENT,
    deal_assigned.EVENT,
    deal_noted.EVENT,
    deal_migrated.EVENT,
    step_refused.EVENT,
    timer_reminded.EVENT,
    timer_overdue.EVENT,
    timer_escalated.EVENT,
    definition_published.EVENT,
    log_created.EVENT,
    log_sealed.EVENT,
    log_rekeyed.EVENT,
    log_exported.EVENT,
    log_retimed.EVENT,
    people_published.EVENT,
    privacy_erased.EVENT,
    privacy_purged.EVENT,
    log_moved.EVENT,
    log_opened.EVENT,
)

BY_NAME: Mapping[str, EventType] = {kind.name: kind for kind in EVENT_TYPES}
STAGE_KEYS: Mapping[str, str] = {kind.name: kind.visit.stage for kind in EVENT_TYPES if kind.visit and kind.visit.stage}
"""By type, the key that names the stage that the deal is in from then on."""
