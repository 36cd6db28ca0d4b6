-- One statement ends at a semicolon at the end of a line. Numbered files run once, in order.
CREATE TABLE tree (
    log TEXT NOT NULL,
    size INTEGER NOT NULL,
    layout INTEGER NOT NULL
);
CREATE TABLE deal (
    stream TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    process TEXT NOT NULL,
    version INTEGER NOT NULL,
    stage TEXT NOT NULL,
    mode TEXT NOT NULL,
    outcome TEXT NOT NULL,
    owner TEXT NOT NULL,
    started TEXT NOT NULL,
    entered TEXT NOT NULL,
    due TEXT,
    amount TEXT,
    expected TEXT,
    offered TEXT,
    won TEXT,
    lost TEXT,
    finished TEXT,
    reason TEXT,
    n INTEGER NOT NULL,
    head TEXT NOT NULL,
    fold INTEGER NOT NULL,
    state BLOB NOT NULL
);
CREATE TABLE event (
    stream TEXT NOT NULL,
    n INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    recorded TEXT NOT NULL,
    hash TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (stream, n)
);
CREATE TABLE leaf (
    idx INTEGER NOT NULL PRIMARY KEY,
    stream TEXT NOT NULL,
    n INTEGER NOT NULL,
    hash TEXT NOT NULL
);
CREATE TABLE private (
    stream TEXT NOT NULL,
    n INTEGER NOT NULL,
    path TEXT NOT NULL,
    salt BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (stream, n, path)
) WITHOUT ROWID;
CREATE TABLE stay (
    stream TEXT NOT NULL,
    k INTEGER NOT NULL,
    stage TEXT NOT NULL,
    entered TEXT NOT NULL,
    left_at TEXT,
    how TEXT,
    PRIMARY KEY (stream, k)
) WITHOUT ROWID;
CREATE TABLE gate (
    stream TEXT NOT NULL,
    n INTEGER NOT NULL,
    k INTEGER NOT NULL,
    process TEXT NOT NULL,
    version INTEGER NOT NULL,
    stage TEXT NOT NULL,
    occurred TEXT NOT NULL,
    step TEXT NOT NULL,
    item TEXT NOT NULL,
    code TEXT NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (stream, n, k)
) WITHOUT ROWID;
CREATE TABLE request (
    stream TEXT NOT NULL,
    key TEXT NOT NULL,
    salt BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (stream, key)
) WITHOUT ROWID;
CREATE TABLE definition (
    sha256 TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    lang INTEGER NOT NULL,
    source BLOB NOT NULL
);
