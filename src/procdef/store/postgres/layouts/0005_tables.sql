-- The layout that SQLite's files reach with number 5, in one step. Every name of a table begins with {schema}, which stands for
-- the schema. Text sorts by its bytes, as in every other store. One statement ends at a semicolon at the end of a line.
CREATE TABLE {schema}.tree (
    log text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    layout integer NOT NULL,
    frontier bytea NOT NULL,
    one boolean NOT NULL DEFAULT true CONSTRAINT tree_one CHECK (one),
    CONSTRAINT tree_pkey PRIMARY KEY (one)
) WITH (fillfactor = 10);
CREATE TABLE {schema}.deal (
    stream text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    process text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    stage text COLLATE "C" NOT NULL,
    mode text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    started text COLLATE "C" NOT NULL,
    entered text COLLATE "C" NOT NULL,
    due text COLLATE "C",
    amount text COLLATE "C",
    expected text COLLATE "C",
    offered text COLLATE "C",
    won text COLLATE "C",
    lost text COLLATE "C",
    finished text COLLATE "C",
    reason text COLLATE "C",
    active text COLLATE "C" NOT NULL,
    wake text COLLATE "C",
    deadline text COLLATE "C",
    n bigint NOT NULL,
    head text COLLATE "C" NOT NULL,
    fold integer NOT NULL,
    state bytea NOT NULL,
    CONSTRAINT deal_pkey PRIMARY KEY (stream),
    CONSTRAINT deal_key UNIQUE (key)
) WITH (fillfactor = 80);
CREATE INDEX deal_owner ON {schema}.deal (owner, outcome);
CREATE INDEX deal_wake ON {schema}.deal (wake, stream) WHERE wake IS NOT NULL;
CREATE TABLE {schema}.event (
    stream text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    recorded text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    CONSTRAINT event_pkey PRIMARY KEY (stream, n)
);
CREATE TABLE {schema}.private (
    stream text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    path text COLLATE "C" NOT NULL,
    salt bytea NOT NULL,
    value bytea NOT NULL,
    CONSTRAINT private_pkey PRIMARY KEY (stream, n, path)
);
CREATE TABLE {schema}.stay (
    stream text COLLATE "C" NOT NULL,
    k bigint NOT NULL,
    stage text COLLATE "C" NOT NULL,
    entered text COLLATE "C" NOT NULL,
    left_at text COLLATE "C",
    how text COLLATE "C",
    due text COLLATE "C",
    CONSTRAINT stay_pkey PRIMARY KEY (stream, k)
) WITH (fillfactor = 90);
CREATE TABLE {schema}.gate (
    stream text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    k bigint NOT NULL,
    process text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    stage text COLLATE "C" NOT NULL,
    occurred text COLLATE "C" NOT NULL,
    step text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    result text COLLATE "C" NOT NULL,
    CONSTRAINT gate_pkey PRIMARY KEY (stream, n, k)
);
CREATE TABLE {schema}.activity (
    stream text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    k bigint NOT NULL,
    process text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    stage text COLLATE "C" NOT NULL,
    occurred text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    detail text COLLATE "C",
    CONSTRAINT activity_pkey PRIMARY KEY (stream, n, k)
);
CREATE TABLE {schema}.request (
    stream text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    salt bytea NOT NULL,
    fingerprint bytea NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    CONSTRAINT request_pkey PRIMARY KEY (stream, key)
);
-- Events that were stored and have no place in the order of the whole log yet. They are taken by the number of their row.
CREATE TABLE {schema}.pending (
    stream text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    hash text COLLATE "C" NOT NULL,
    recorded text COLLATE "C" NOT NULL,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT pending_pkey PRIMARY KEY (stream, n)
);
CREATE INDEX pending_seq ON {schema}.pending (seq);
CREATE TABLE {schema}.leaf (
    idx bigint NOT NULL,
    stream text COLLATE "C" NOT NULL,
    n bigint NOT NULL,
    hash text COLLATE "C" NOT NULL,
    CONSTRAINT leaf_pkey PRIMARY KEY (idx),
    CONSTRAINT leaf_event UNIQUE (stream, n)
);
CREATE TABLE {schema}.node (
    level bigint NOT NULL,
    idx bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT node_pkey PRIMARY KEY (level, idx)
);
CREATE TABLE {schema}.note (
    size bigint NOT NULL,
    text text COLLATE "C" NOT NULL,
    CONSTRAINT note_pkey PRIMARY KEY (size, text)
);
CREATE TABLE {schema}.definition (
    sha256 text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    lang integer NOT NULL,
    source bytea NOT NULL,
    CONSTRAINT definition_pkey PRIMARY KEY (sha256)
);
CREATE TABLE {schema}.directory (
    sha256 text COLLATE "C" NOT NULL,
    source bytea NOT NULL,
    CONSTRAINT directory_pkey PRIMARY KEY (sha256)
);
-- ANALYZE copies values into the catalog's statistics: of columns with personal values it is to take none.
ALTER TABLE {schema}.private ALTER COLUMN value SET STATISTICS 0;
ALTER TABLE {schema}.deal ALTER COLUMN key SET STATISTICS 0, ALTER COLUMN state SET STATISTICS 0;
ALTER TABLE {schema}.request ALTER COLUMN key SET STATISTICS 0;
