-- Replays of dead letters; saved views. Neither follows from the topics: a rebuild leaves both as they are.

CREATE TABLE IF NOT EXISTS dead_letter_replay (
    letter_partition INT          NOT NULL COMMENT 'of the dead-letter topic',
    letter_offset    BIGINT       NOT NULL COMMENT 'in the dead-letter topic',
    letter_time      BIGINT       NOT NULL COMMENT 'timestamp of the dead letter, epoch milliseconds: tells topics of the same name apart',
    task_id          VARCHAR(64)  NOT NULL COMMENT 'of the new task',
    queue            VARCHAR(80)  NOT NULL COMMENT 'of the new task',
    edited           BOOLEAN      NOT NULL COMMENT 'TRUE: with another value',
    replayed_by      VARCHAR(255) NOT NULL,
    replayed_at      DATETIME(6)  NOT NULL COMMENT 'UTC; before it was sent',
    PRIMARY KEY (letter_partition, letter_offset, letter_time, task_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE IF NOT EXISTS saved_view (
    owner       VARCHAR(255) NOT NULL COMMENT 'name of the caller; empty: shared by all',
    name        VARCHAR(80)  NOT NULL,
    version     BIGINT       NOT NULL COMMENT 'grows with each change',
    q           TEXT         NOT NULL COMMENT 'search of the view',
    title       VARCHAR(255) NOT NULL COMMENT 'for people',
    changed_by  VARCHAR(255) NOT NULL,
    changed_at  DATETIME(6)  NOT NULL COMMENT 'UTC',
    PRIMARY KEY (owner, name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
