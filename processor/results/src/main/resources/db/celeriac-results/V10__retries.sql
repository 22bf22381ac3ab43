-- A task that repeats another names it; a row tells whether its arguments were left out.

ALTER TABLE task_result
    ADD COLUMN arguments_omitted BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'TRUE: the task has arguments that args and kwargs do not have',
    ADD COLUMN retry_of VARCHAR(64) NULL COMMENT 'id of the task that this one repeats; NULL: none',
    ADD KEY task_result_by_retry_of (retry_of);

CREATE OR REPLACE VIEW v_task_result AS
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
       args, kwargs, arguments_omitted, result, error_type, error_message, error_stack_trace, reason, progress, worker,
       task_key, priority, labels, parent_id, root_id, group_id, retry_of, schedule_name, schedule_fire_time,
       submitted_at, eta, started_at, finished_at,
       TIMESTAMPDIFF(MICROSECOND, started_at, finished_at) / 1000000 AS run_seconds
FROM task_result;
