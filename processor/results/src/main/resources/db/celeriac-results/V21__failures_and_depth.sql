-- Failed tasks are counted by the kind of their error. The depth of queues is kept by the minute. A workflow tells how much is under way,
-- and the tasks of a very large one are found in order.

CREATE TABLE failure_count (
    minute       DATETIME     NOT NULL COMMENT 'of the end, UTC',
    kind         BINARY(16)   NOT NULL COMMENT 'MD5 of queue, task, error_type and error_origin',
    slot         TINYINT      NOT NULL COMMENT 'rows of a counter that differ only in this are to be added up',
    queue        VARCHAR(80)  NOT NULL,
    task         VARCHAR(255) NOT NULL,
    error_type   VARCHAR(255) NOT NULL COMMENT 'clipped',
    error_origin VARCHAR(255) NULL COMMENT 'where in the code the error came from; clipped; NULL: not known',
    tasks        INT          NOT NULL,
    last_at      DATETIME(6)  NOT NULL COMMENT 'end of the last of them, UTC',
    PRIMARY KEY (minute, kind, slot),
    KEY failure_count_by_task (task, minute)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE failure_count_hour (
    hour         DATETIME     NOT NULL COMMENT 'of the end, UTC',
    kind         BINARY(16)   NOT NULL COMMENT 'MD5 of queue, task, error_type and error_origin',
    slot         TINYINT      NOT NULL COMMENT 'rows of a counter that differ only in this are to be added up',
    queue        VARCHAR(80)  NOT NULL,
    task         VARCHAR(255) NOT NULL,
    error_type   VARCHAR(255) NOT NULL COMMENT 'clipped',
    error_origin VARCHAR(255) NULL COMMENT 'where in the code the error came from; clipped; NULL: not known',
    tasks        INT          NOT NULL,
    last_at      DATETIME(6)  NOT NULL COMMENT 'end of the last of them, UTC',
    PRIMARY KEY (hour, kind, slot),
    KEY failure_count_hour_by_task (task, hour)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO failure_count (minute, kind, slot, queue, task, error_type, error_origin, tasks, last_at)
SELECT CAST(DATE_FORMAT(ended_at, '%Y-%m-%d %H:%i:00') AS DATETIME) AS minute_of_end,
    UNHEX(MD5(CONCAT_WS(CHAR(10 USING utf8mb4), queue, task, type, COALESCE(origin, '')))), 0,
    queue, task, type, origin, COUNT(*), MAX(ended_at)
FROM (
    SELECT COALESCE(r.finished_at, r.submitted_at) AS ended_at, r.queue, r.task, LEFT(r.error_type, 255) AS type,
        a.error_origin AS origin
    FROM task_result r
        LEFT JOIN task_attempt a ON a.task_id = r.id AND a.attempt = r.attempt
    WHERE r.state = 'FAILURE' AND r.error_type IS NOT NULL
) AS failed
GROUP BY minute_of_end, queue, task, type, origin;

INSERT INTO failure_count_hour (hour, kind, slot, queue, task, error_type, error_origin, tasks, last_at)
SELECT CAST(DATE_FORMAT(minute, '%Y-%m-%d %H:00:00') AS DATETIME) AS hour_of_minute, kind, 0,
    queue, task, error_type, error_origin, SUM(tasks), MAX(last_at)
FROM failure_count
GROUP BY hour_of_minute, kind, queue, task, error_type, error_origin;

CREATE TABLE queue_depth (
    queue           VARCHAR(80) NOT NULL,
    minute          DATETIME    NOT NULL COMMENT 'UTC',
    ready           BIGINT      NULL COMMENT 'tasks that could run and do not yet; NULL: not known',
    parked          BIGINT      NULL COMMENT 'tasks that wait for their time, or for a retry; NULL: not known',
    running         BIGINT      NULL COMMENT 'NULL: not known',
    oldest_ready_ms BIGINT      NULL COMMENT 'how long the oldest of them has been ready; NULL: none, or not known',
    PRIMARY KEY (queue, minute),
    KEY queue_depth_by_time (minute)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

ALTER TABLE workflow
    ADD COLUMN under_way INT NULL COMMENT 'tasks that were sent and have not ended; NULL: written before this column was';

-- A page of the tasks of a workflow or a group, the newest first; and those of a workflow that failed, the first that ended before the others.
ALTER TABLE task_result
    DROP KEY task_result_by_root,
    DROP KEY task_result_by_group,
    ADD KEY task_result_by_root (root_id, submitted_at),
    ADD KEY task_result_by_group (group_id, submitted_at),
    ADD KEY task_result_by_root_and_state (root_id, state, finished_at);
