-- When a run is to be emitted is no longer when it is to fire: jitter moves it, and one that waits for an earlier run is looked after
-- again and again. next_due_at is when the scheduler next looks at a row; next_fire_at stays the run's own time.
ALTER TABLE schedule
  DROP KEY schedule_due,
  DROP COLUMN due_at;

ALTER TABLE schedule
  MODIFY planned_rule VARCHAR(1200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  ADD COLUMN next_due_at DATETIME(6) NULL,
  -- The fire time of the run that waits until an earlier one has ended.
  ADD COLUMN buffered_fire_at DATETIME(6) NULL;

UPDATE schedule SET next_due_at = next_fire_at, planned_rule = CONCAT(planned_rule, ' ', COALESCE(jitter, ''));

ALTER TABLE schedule
  ADD COLUMN due_at DATETIME(6) GENERATED ALWAYS AS (
    CASE
      WHEN NOT enabled THEN NULL
      WHEN planned_rule <=> CONCAT(kind, ' ', timezone, ' ', spec, ' ', COALESCE(jitter, ''))
        AND planned_start_at <=> start_at AND planned_end_at <=> end_at THEN next_due_at
      ELSE TIMESTAMP'1970-01-01 00:00:00.000000'
    END) STORED,
  ADD KEY schedule_due (due_at);

-- Runs that may not have ended, of schedules whose runs must not overlap.
CREATE TABLE schedule_run (
  schedule_id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  task_id     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  emitted_at  DATETIME(6) NOT NULL,
  PRIMARY KEY (schedule_id, task_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- What people asked for beside the rhythm: one run now, or the runs of a range in the past.
CREATE TABLE schedule_request (
  id           VARCHAR(36)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  schedule_id  VARCHAR(36)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  kind         VARCHAR(16)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  state        VARCHAR(16)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- Fire times from range_from to before range_to.
  range_from   DATETIME(6)   NOT NULL,
  range_to     DATETIME(6)   NOT NULL,
  per_second   INT           NOT NULL,
  again        BOOLEAN       NOT NULL,
  one_by_one   BOOLEAN       NOT NULL,
  total        BIGINT        NOT NULL,
  emitted      BIGINT        NOT NULL DEFAULT 0,
  skipped      BIGINT        NOT NULL DEFAULT 0,
  next_fire_at DATETIME(6)   NULL,
  last_task_id VARCHAR(64)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  last_emitted_at DATETIME(6) NULL,
  due_at       DATETIME(6)   NULL,
  reason       VARCHAR(1000) NULL,
  created_at   DATETIME(6)   NOT NULL,
  created_by   VARCHAR(200)  NULL,
  ended_at     DATETIME(6)   NULL,
  PRIMARY KEY (id),
  KEY schedule_request_due (due_at),
  KEY schedule_request_of (schedule_id, created_at, id),
  KEY schedule_request_age (ended_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
