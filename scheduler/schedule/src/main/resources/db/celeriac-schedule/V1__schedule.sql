-- Instants are UTC, whatever the time zone of the server or the session: nothing here uses NOW() or TIMESTAMP.
-- One SQL for MySQL 8.0.13+ and MariaDB 10.11+.

CREATE TABLE schedule (
  id               VARCHAR(36)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT (UUID()),
  name             VARCHAR(200)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  task             VARCHAR(255)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  args             LONGTEXT      NOT NULL DEFAULT ('[]'),
  kwargs           LONGTEXT      NOT NULL DEFAULT ('{}'),
  queue            VARCHAR(80)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'default',
  priority         TINYINT       NULL,
  labels           LONGTEXT      NOT NULL DEFAULT ('{}'),
  kind             VARCHAR(16)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  spec             VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  timezone         VARCHAR(64)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'UTC',
  enabled          BOOLEAN       NOT NULL DEFAULT TRUE,
  one_off          BOOLEAN       NOT NULL DEFAULT FALSE,
  start_at         DATETIME(6)   NULL,
  end_at           DATETIME(6)   NULL,
  -- Durations are ISO 8601, such as PT1H.
  expires_after    VARCHAR(40)   NULL,
  jitter           VARCHAR(40)   NULL,
  overlap          VARCHAR(16)   NOT NULL DEFAULT 'allow',
  catch_up         VARCHAR(16)   NOT NULL DEFAULT 'last',
  catch_up_window  VARCHAR(40)   NOT NULL DEFAULT 'PT8760H',
  next_fire_at     DATETIME(6)   NULL,
  last_fire_at     DATETIME(6)   NULL,
  total_fires      BIGINT        NOT NULL DEFAULT 0,
  remaining_fires  BIGINT        NULL,
  description      VARCHAR(1000) NULL,
  note             VARCHAR(1000) NULL,
  version          BIGINT        NOT NULL DEFAULT 1,
  created_at       DATETIME(6)   NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
  created_by       VARCHAR(200)  NULL,
  updated_at       DATETIME(6)   NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
  updated_by       VARCHAR(200)  NULL,
  -- What next_fire_at was worked out from. A row that was inserted or changed by hand no longer matches; by the column
  -- after these it is then due at once, and the scheduler works out its next_fire_at anew.
  planned_rule     VARCHAR(1100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  planned_start_at DATETIME(6)   NULL,
  planned_end_at   DATETIME(6)   NULL,
  due_at           DATETIME(6)   GENERATED ALWAYS AS (
    CASE
      WHEN NOT enabled THEN NULL
      WHEN planned_rule <=> CONCAT(kind, ' ', timezone, ' ', spec)
        AND planned_start_at <=> start_at AND planned_end_at <=> end_at THEN next_fire_at
      ELSE TIMESTAMP'1970-01-01 00:00:00.000000'
    END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY schedule_name (name),
  KEY schedule_due (due_at),
  CONSTRAINT schedule_args CHECK (JSON_VALID(args)),
  CONSTRAINT schedule_kwargs CHECK (JSON_VALID(kwargs)),
  CONSTRAINT schedule_labels CHECK (JSON_VALID(labels)),
  CONSTRAINT schedule_spec CHECK (JSON_VALID(spec))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- What became of each run. Skipped ones in a row are one row: from fire_time to fire_until, so many runs, for one reason.
CREATE TABLE schedule_firing (
  schedule_id VARCHAR(36)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  fire_time   DATETIME(6)   NOT NULL,
  kind        VARCHAR(16)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  task_id     VARCHAR(64)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  fire_until  DATETIME(6)   NOT NULL,
  runs        BIGINT        NOT NULL DEFAULT 1,
  reason      VARCHAR(1000) NULL,
  emitted_at  DATETIME(6)   NOT NULL,
  PRIMARY KEY (schedule_id, fire_time, kind),
  KEY schedule_firing_age (emitted_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
