-- An id used again is another run; labels are compared byte for byte; a topic made anew is another topic.

-- Every other column is free to be the same in two runs of one id.
ALTER TABLE task_result
    ADD COLUMN run_at DATETIME(6) NULL
        COMMENT 'submission of the run that the row is about; the year 1000: accepted only; NULL: written before this column was';

ALTER TABLE task_attempt
    ADD COLUMN run_at DATETIME(6) NULL COMMENT 'submission of its run; NULL: written before this column was',
    ADD COLUMN record_offset BIGINT NULL COMMENT 'of the record of its run';

-- No collation of both servers tells "tenant" from "tenant ". 1020 bytes are 255 characters.
ALTER TABLE task_label
    MODIFY name VARBINARY(1020) NOT NULL COMMENT 'UTF-8; clipped to 255 characters',
    MODIFY value VARBINARY(1020) NOT NULL COMMENT 'UTF-8; clipped to 255 characters',
    DROP PRIMARY KEY,
    ADD PRIMARY KEY (task_id, name, submitted_at);

ALTER TABLE materialized_offset
    ADD COLUMN topic_id VARCHAR(36) NOT NULL DEFAULT '' COMMENT 'that Kafka gave the topic; empty: written before this column was';
