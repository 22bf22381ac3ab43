-- Search by label, by task and queue together with the state, and failures by their place of origin; views for everybody.

ALTER TABLE task_result
    DROP KEY task_result_by_task,
    DROP KEY task_result_by_queue,
    DROP KEY task_result_by_schedule,
    DROP KEY task_result_by_end;
ALTER TABLE task_result
    ADD KEY task_result_by_task (task, state, submitted_at),
    ADD KEY task_result_by_queue (queue, state, submitted_at),
    ADD KEY task_result_by_schedule (schedule_name, submitted_at);

ALTER TABLE task_attempt
    ADD COLUMN task VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'of the task; empty: written before this column was',
    ADD COLUMN error_origin VARCHAR(255) NULL COMMENT 'where in the code the error came from; clipped',
    ADD KEY task_attempt_by_state (state, finished_at);

CREATE TABLE task_label (
    task_id      VARCHAR(64)  NOT NULL,
    name         VARCHAR(255) NOT NULL COMMENT 'clipped',
    value        VARCHAR(255) NOT NULL COMMENT 'clipped',
    submitted_at DATETIME(6)  NOT NULL COMMENT 'of the task',
    PRIMARY KEY (task_id, name),
    KEY task_label_by_value (name, value, submitted_at, task_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The columns of both views stay; new ones may come.
CREATE VIEW v_task_result AS
SELECT id, task, queue, state, attempt,
       CASE
           WHEN state = 'RETRY' THEN 'retry'
           WHEN state = 'PENDING' AND eta > UTC_TIMESTAMP(6) THEN 'eta'
           WHEN state = 'PENDING' THEN 'worker'
       END AS waits_for,
       CASE
           WHEN state = 'RETRY' THEN next_attempt_at
           WHEN state = 'PENDING' AND eta > UTC_TIMESTAMP(6) THEN eta
       END AS waits_until,
       args, kwargs, result, error_type, error_message, error_stack_trace, reason, progress, worker,
       task_key, priority, labels, parent_id, root_id, group_id, schedule_name, schedule_fire_time,
       submitted_at, eta, started_at, finished_at,
       TIMESTAMPDIFF(MICROSECOND, started_at, finished_at) / 1000000 AS run_seconds
FROM task_result;

CREATE VIEW v_task_attempt AS
SELECT task_id, attempt, task, state, worker, started_at, finished_at,
       TIMESTAMPDIFF(MICROSECOND, started_at, finished_at) / 1000000 AS run_seconds,
       next_attempt_at, error_type, error_message, error_origin, error_stack_trace
FROM task_attempt;
