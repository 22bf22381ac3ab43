-- JSON_VALID of MariaDB refuses what is nested deeper than 32, and MySQL's has a limit of its own: how deep arguments may be is
-- checked by the programs, the same with both. The two comments hold what either server takes for a statement.
ALTER TABLE schedule
  /*M! DROP CONSTRAINT schedule_args, DROP CONSTRAINT schedule_kwargs, */
  /*!80016 DROP CHECK schedule_args, DROP CHECK schedule_kwargs, */
  -- Since when it waits for the tables of results to tell whether its next run was sent; null when it does not.
  ADD COLUMN asked_at DATETIME(6) NULL,
  -- Hash of the name and the labels that the rows in schedule_label were made from; null when there are none.
  ADD COLUMN labelled CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  -- Lists by one of these go along its index in the order of the names.
  ADD KEY schedule_task (task, name),
  ADD KEY schedule_queue (queue, name),
  ADD KEY schedule_kind (kind, name),
  ADD KEY schedule_enabled (enabled, name);

-- A row that was inserted or changed by hand no longer matches: a scheduler finds it by the index, and writes its labels anew.
ALTER TABLE schedule
  ADD COLUMN labels_stale BOOLEAN GENERATED ALWAYS AS (
    NOT (labelled <=> CASE WHEN labels = '{}' THEN NULL ELSE SHA2(CONCAT(name, ' ', labels), 256) END)) STORED,
  ADD KEY schedule_labels_stale (labels_stale);

-- Which schedules have a label. It stands here as the SHA-256 of its name and value, so that any two are told apart, whatever their
-- length and the spaces at their end.
CREATE TABLE schedule_label (
  label         BINARY(32)   NOT NULL,
  schedule_name VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  schedule_id   VARCHAR(36)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (label, schedule_name, schedule_id),
  KEY schedule_label_of (schedule_id),
  CONSTRAINT schedule_label_schedule FOREIGN KEY (schedule_id) REFERENCES schedule (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
