-- Actions on many tasks. A rebuild leaves them as they are.

CREATE TABLE IF NOT EXISTS task_action (
    id             VARCHAR(36)   NOT NULL,
    kind           VARCHAR(16)   NOT NULL COMMENT 'RETRY, REVOKE or REPLAY',
    name           VARCHAR(255)  NULL COMMENT 'for people; NULL: none',
    q              TEXT          NOT NULL COMMENT 'the search as it was asked',
    frozen_q       LONGTEXT      NOT NULL COMMENT 'the search with its times resolved',
    terminate      BOOLEAN       NOT NULL COMMENT 'TRUE: a revocation interrupts running attempts',
    rate           DOUBLE        NULL COMMENT 'most items a second; NULL: no limit',
    state          VARCHAR(16)   NOT NULL COMMENT 'RUNNING, DONE or ABORTED',
    created_by     VARCHAR(255)  NOT NULL,
    created_at     DATETIME(6)   NOT NULL COMMENT 'UTC',
    expected       BIGINT        NOT NULL COMMENT 'items counted at the creation',
    expected_exact BOOLEAN       NOT NULL COMMENT 'FALSE: there are more than expected',
    begun          BIGINT        NOT NULL DEFAULT 0 COMMENT 'items noted so far',
    done           BIGINT        NOT NULL DEFAULT 0,
    refused        BIGINT        NOT NULL DEFAULT 0,
    failed         BIGINT        NOT NULL DEFAULT 0,
    page_cursor    TEXT          NULL COMMENT 'where the next page begins; NULL: at the beginning',
    exhausted      BOOLEAN       NOT NULL DEFAULT FALSE COMMENT 'TRUE: there is no next page',
    lease_owner    VARCHAR(36)   NULL COMMENT 'who works on it; NULL: nobody',
    lease_until    DATETIME(6)   NOT NULL COMMENT 'by the clock of the database, UTC',
    next_at        DATETIME(6)   NOT NULL COMMENT 'the next page is not begun before, by the clock of the database, UTC',
    finished_at    DATETIME(6)   NULL COMMENT 'UTC',
    aborted_by     VARCHAR(255)  NULL,
    PRIMARY KEY (id),
    KEY task_action_by_state (state, next_at),
    KEY task_action_by_time (created_at, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE IF NOT EXISTS task_action_item (
    action_id VARCHAR(36)   NOT NULL,
    item      VARCHAR(64)   NOT NULL COMMENT 'id of a task; partition/offset of a dead letter',
    outcome   VARCHAR(16)   NULL COMMENT 'DONE, REFUSED or FAILED; NULL: noted, and not known to be sent',
    new_id    VARCHAR(64)   NULL COMMENT 'of the task that was made; NULL: none',
    reason    VARCHAR(1000) NULL COMMENT 'why it was refused or failed',
    ended_at  DATETIME(6)   NULL COMMENT 'UTC',
    PRIMARY KEY (action_id, item),
    KEY task_action_item_by_outcome (action_id, outcome, item)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
