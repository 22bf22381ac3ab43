-- The schedules that applications have in their code. Instants and dialect: as in V1.

-- What each application has declared, and what came of it.
CREATE TABLE schedule_declared (
  source      VARCHAR(100)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  name        VARCHAR(200)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- The schedule that is this source's; null when there is none, or it is somebody else's.
  schedule_id VARCHAR(36)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  -- JSON of the schedule in the last declaration; null when it was in it no more.
  declared    LONGTEXT      NULL,
  -- JSON that the schedule was last made from; if the schedule differs, a person has changed it.
  applied     LONGTEXT      NULL,
  -- Why the schedule is not as declared; null when it is.
  remark      VARCHAR(1000) NULL,
  PRIMARY KEY (source, name),
  KEY schedule_declared_schedule (schedule_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- How far the declarations on a topic have been applied. Whoever applies one holds the row, so that each is applied once and in
-- order, by however many schedulers. A topic that was deleted and created anew has another id.
CREATE TABLE schedule_declaration_offset (
  topic_id    VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  next_offset BIGINT      NOT NULL,
  PRIMARY KEY (topic_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
