-- Search by the arguments that celeriac.results.indexed-arguments names. The same shape as task_label.

CREATE TABLE task_argument (
    task_id      VARCHAR(64)    NOT NULL,
    name         VARBINARY(255) NOT NULL COMMENT 'path, such as to, customer.id or 0; UTF-8',
    value        VARBINARY(764) NOT NULL COMMENT 'UTF-8; clipped to 191 characters',
    submitted_at DATETIME(6)    NOT NULL COMMENT 'of the run',
    PRIMARY KEY (task_id, name, submitted_at),
    KEY task_argument_by_value (name, value, submitted_at, task_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
