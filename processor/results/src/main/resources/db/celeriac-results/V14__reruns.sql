-- Which action runs a failed run again, so that no two actions do; what a replay has sent. A rebuild leaves both as they are.

CREATE TABLE IF NOT EXISTS task_rerun (
    new_id     VARCHAR(64) NOT NULL COMMENT 'of the new task; follows from the run that has ended',
    action_id  VARCHAR(36) NOT NULL COMMENT 'the only action that may send it',
    item       VARCHAR(64) NOT NULL COMMENT 'the only item of the action that may send it',
    claimed_at DATETIME(6) NOT NULL COMMENT 'by the clock of the database, UTC',
    PRIMARY KEY (new_id),
    KEY task_rerun_by_action (action_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

ALTER TABLE dead_letter_replay
    ADD COLUMN value_digest CHAR(64) NULL COMMENT 'SHA-256 of the value that the request gave; NULL: none',
    ADD KEY dead_letter_replay_by_task (task_id);
