-- What figures over many deals ask for: what was done, noted, changed and waived, when a deal was last worked on, and by when
-- a visit was due. Opening an older log fills this from its events.
ALTER TABLE deal ADD COLUMN active TEXT NOT NULL DEFAULT '';
ALTER TABLE stay ADD COLUMN due TEXT;
CREATE TABLE activity (
    stream TEXT NOT NULL,
    n INTEGER NOT NULL,
    k INTEGER NOT NULL,
    process TEXT NOT NULL,
    version INTEGER NOT NULL,
    stage TEXT NOT NULL,
    occurred TEXT NOT NULL,
    kind TEXT NOT NULL,
    item TEXT NOT NULL,
    detail TEXT,
    PRIMARY KEY (stream, n, k)
) WITHOUT ROWID;
