-- The Merkle tree over the leaves: its frontier beside its size, its nodes at levels 8, 16 and 24, and signed checkpoints.
ALTER TABLE tree ADD COLUMN frontier BLOB NOT NULL DEFAULT x'';
CREATE TABLE node (
    level INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, idx)
) WITHOUT ROWID;
CREATE TABLE note (
    size INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (size, text)
) WITHOUT ROWID;
