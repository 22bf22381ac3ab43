CREATE TABLE IF NOT EXISTS task_outbox (
    id         BIGINT         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shard      INT            NOT NULL,
    topic      VARCHAR(249)   NOT NULL,
    record_key BYTEA          NOT NULL,
    payload    BYTEA          NOT NULL,
    headers    TEXT           NOT NULL,
    task_id    VARCHAR(64)    NOT NULL,
    created_at BIGINT         NOT NULL,
    refused    VARCHAR(1000)  NULL
);
CREATE INDEX IF NOT EXISTS task_outbox_next ON task_outbox (shard, id);
CREATE TABLE IF NOT EXISTS task_outbox_shard (
    shard        INT          NOT NULL PRIMARY KEY,
    outbox       CHAR(36)     NOT NULL,
    owner        VARCHAR(64)  NULL,
    leased_until BIGINT       NOT NULL,
    batch        BIGINT       NOT NULL,
    members      TEXT         NOT NULL
);
