-- Submissions are counted once, by the transaction that creates the row of a task. They are rows of task_count and task_count_hour with
-- the state PENDING, in the minute and hour of the submission.

ALTER TABLE task_result
    ADD COLUMN first_write BIGINT NULL COMMENT 'random number of the transaction that created the row; NULL: of an older version';
