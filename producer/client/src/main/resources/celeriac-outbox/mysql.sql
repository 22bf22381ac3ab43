CREATE TABLE IF NOT EXISTS task_outbox (
    id         BIGINT         NOT NULL AUTO_INCREMENT PRIMARY KEY,
    shard      INT            NOT NULL,
    topic      VARCHAR(249)   NOT NULL,
    record_key VARBINARY(1020) NOT NULL,
    payload    MEDIUMBLOB     NOT NULL,
    headers    TEXT           NOT NULL,
    task_id    VARCHAR(64)    NOT NULL,
    created_at BIGINT         NOT NULL,
    refused    VARCHAR(1000)  NULL,
    KEY task_outbox_next (shard, id)
) DEFAULT CHARSET = utf8mb4;
CREATE TABLE IF NOT EXISTS task_outbox_shard (
    shard        INT          NOT NULL PRIMARY KEY,
    outbox       CHAR(36)     NOT NULL,
    owner        VARCHAR(64)  NULL,
    leased_until BIGINT       NOT NULL,
    batch        BIGINT       NOT NULL,
    members      MEDIUMTEXT   NOT NULL
) DEFAULT CHARSET = utf8mb4;
