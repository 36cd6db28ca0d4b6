"""A directory of people was published: from here on the roles of whoever comes without any come from it."""

from __future__ import annotations

from procdef.events.declaration import OF_SYSTEM, EventType
from procdef.events.value_kinds import DIGEST, needed

EVENT = EventType(
    name="people.published",
    about=__doc__,
    keys=(needed("sha256", DIGEST, "of the directory, which `directory` keeps"),),
    note="In force until the next one, see [who has which roles](#who-has-which-roles)",
    streams=(OF_SYSTEM,),
    modes=(),
    sentence="directory of people {sha256}",
)
