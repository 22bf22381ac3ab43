-- One SQL for MySQL 8.0.13+ and MariaDB 10.11+. Instants are UTC; JSON is text, read back byte for byte.

CREATE TABLE task_result (
    id                 VARCHAR(64)  NOT NULL,
    task               VARCHAR(255) NOT NULL,
    queue              VARCHAR(80)  NOT NULL,
    state              VARCHAR(16)  NOT NULL,
    attempt            INT          NOT NULL,
    revision           BIGINT       NOT NULL COMMENT '0: accepted, nothing published yet',
    args               LONGTEXT     NULL COMMENT 'JSON array; NULL: empty',
    kwargs             LONGTEXT     NULL COMMENT 'JSON object; NULL: empty',
    result             LONGTEXT     NULL COMMENT 'JSON; NULL: none, while null is one',
    error_type         TEXT         NULL,
    error_message      LONGTEXT     NULL,
    error_stack_trace  LONGTEXT     NULL,
    reason             VARCHAR(16)  NULL,
    progress           LONGTEXT     NULL COMMENT 'JSON object',
    worker             VARCHAR(255) NULL,
    record_partition   INT          NULL,
    record_offset      BIGINT       NULL,
    task_key           VARCHAR(255) NULL,
    priority           INT          NOT NULL,
    labels             LONGTEXT     NULL COMMENT 'JSON object; NULL: empty',
    parent_id          VARCHAR(64)  NULL,
    root_id            VARCHAR(64)  NULL,
    group_id           VARCHAR(64)  NULL,
    schedule_name      VARCHAR(255) NULL,
    schedule_fire_time DATETIME(6)  NULL,
    submitted_at       DATETIME(6)  NOT NULL,
    eta                DATETIME(6)  NULL,
    started_at         DATETIME(6)  NULL,
    finished_at        DATETIME(6)  NULL,
    next_attempt_at    DATETIME(6)  NULL,
    children           LONGTEXT     NULL COMMENT 'JSON array of ids; NULL: empty',
    PRIMARY KEY (id),
    KEY task_result_by_time (submitted_at),
    KEY task_result_by_state (state, submitted_at),
    KEY task_result_by_task (task, submitted_at),
    KEY task_result_by_queue (queue, submitted_at),
    KEY task_result_by_schedule (schedule_name, schedule_fire_time),
    KEY task_result_by_parent (parent_id),
    KEY task_result_by_root (root_id),
    KEY task_result_by_group (group_id),
    KEY task_result_by_end (finished_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE task_attempt (
    task_id           VARCHAR(64)  NOT NULL,
    attempt           INT          NOT NULL,
    state             VARCHAR(16)  NOT NULL,
    revision          BIGINT       NOT NULL,
    worker            VARCHAR(255) NULL,
    started_at        DATETIME(6)  NULL,
    finished_at       DATETIME(6)  NULL,
    next_attempt_at   DATETIME(6)  NULL,
    error_type        TEXT         NULL,
    error_message     LONGTEXT     NULL,
    error_stack_trace LONGTEXT     NULL,
    PRIMARY KEY (task_id, attempt)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE materialized_offset (
    topic            VARCHAR(249) NOT NULL,
    record_partition INT          NOT NULL,
    next_offset      BIGINT       NOT NULL,
    PRIMARY KEY (topic, record_partition)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
