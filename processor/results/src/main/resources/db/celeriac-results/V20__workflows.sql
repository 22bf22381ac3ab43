-- Workflows and their inner nodes. Their tasks are rows of task_result, whose root_id is the workflow's id.

CREATE TABLE IF NOT EXISTS workflow (
    id            VARCHAR(64)  NOT NULL,
    name          VARCHAR(255) NOT NULL,
    queue         VARCHAR(80)  NULL COMMENT 'NULL: the default queue',
    labels        LONGTEXT     NULL COMMENT 'JSON object; NULL: empty',
    state         VARCHAR(16)  NOT NULL,
    run           INT          NOT NULL,
    revision      BIGINT       NOT NULL COMMENT '0: any state replaces this one',
    tasks         INT          NOT NULL,
    ended         INT          NOT NULL,
    failed        INT          NOT NULL,
    revoked       INT          NOT NULL,
    error_type    TEXT         NULL,
    error_message LONGTEXT     NULL,
    submitted_at  DATETIME(6)  NOT NULL COMMENT 'UTC',
    finished_at   DATETIME(6)  NULL COMMENT 'UTC',
    tree          LONGTEXT     NULL COMMENT 'JSON: its nodes without arguments; NULL: not known yet',
    PRIMARY KEY (id),
    KEY workflow_by_time (submitted_at, id),
    KEY workflow_by_state (state, submitted_at, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE IF NOT EXISTS workflow_node (
    workflow      VARCHAR(64)  NOT NULL,
    path          VARCHAR(800) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind          VARCHAR(16)  NOT NULL,
    name          VARCHAR(255) NULL,
    state         VARCHAR(16)  NOT NULL,
    run           INT          NOT NULL,
    revision      BIGINT       NOT NULL COMMENT '0: any state replaces this one',
    children      INT          NOT NULL COMMENT 'that are known',
    ended         INT          NOT NULL,
    failed        INT          NOT NULL COMMENT 'not succeeded',
    is_open       BOOLEAN      NOT NULL COMMENT 'TRUE: further members may follow',
    error_type    TEXT         NULL,
    error_message LONGTEXT     NULL,
    started_at    DATETIME(6)  NULL COMMENT 'UTC',
    finished_at   DATETIME(6)  NULL COMMENT 'UTC',
    PRIMARY KEY (workflow, path)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
