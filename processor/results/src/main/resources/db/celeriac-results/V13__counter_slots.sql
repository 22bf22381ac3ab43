-- Materializers that count at the same time do not wait for each other's rows.

ALTER TABLE task_count
    ADD COLUMN slot TINYINT NOT NULL DEFAULT 0 COMMENT 'who counted; add up the rows of all slots' AFTER state,
    DROP PRIMARY KEY,
    ADD PRIMARY KEY (minute, queue, task, state, slot);
