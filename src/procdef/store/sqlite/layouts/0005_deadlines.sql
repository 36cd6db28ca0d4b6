-- When a deal is looked at next for what falls due in it, and by when the first of what is open in it is due: no deal that has
-- nothing due has to be read. And the directories of people, without their names.
ALTER TABLE deal ADD COLUMN wake TEXT;
ALTER TABLE deal ADD COLUMN deadline TEXT;
CREATE INDEX deal_wake ON deal (wake, stream) WHERE wake IS NOT NULL;
CREATE TABLE directory (
    sha256 TEXT NOT NULL PRIMARY KEY,
    source BLOB NOT NULL
);
-- An older log knows due times of stages alone. To look at a deal too early does no harm.
UPDATE deal SET wake = entered, deadline = due WHERE due IS NOT NULL;
