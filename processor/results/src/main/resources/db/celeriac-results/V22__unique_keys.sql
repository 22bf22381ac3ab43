-- A task that did not run because of its unique key names the task that won.

ALTER TABLE task_result
    ADD COLUMN winner VARCHAR(64) NULL COMMENT 'id of the task of the same unique key for which this one did not run; NULL: none';

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
       args, kwargs, arguments_omitted, result, error_type, error_message, error_stack_trace, reason, winner, progress, worker,
       task_key, priority, labels, parent_id, root_id, group_id, retry_of, schedule_name, schedule_fire_time,
       submitted_at, eta, started_at, finished_at,
       TIMESTAMPDIFF(MICROSECOND, started_at, finished_at) / 1000000 AS run_seconds
FROM task_result;
