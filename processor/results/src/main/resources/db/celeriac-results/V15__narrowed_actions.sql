-- An action keeps to the queues of the caller who made it.

ALTER TABLE task_action
    ADD COLUMN queues MEDIUMTEXT NULL COMMENT 'names, separated by commas: the only queues whose tasks it may touch; NULL: all';
