-- Instants are UTC, whatever the time zone of the server or the session.
-- One SQL for MySQL 8.0.13+ and MariaDB 10.11+.

CREATE TABLE access_user (
  id                  CHAR(36)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name                VARCHAR(100)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- By Spring Security's DelegatingPasswordEncoder, with the name of the algorithm; NULL when the user has no password.
  password            VARCHAR(200)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  role                VARCHAR(16)   CHARACTER SET ascii COLLATE ascii_bin NULL,
  authorities         VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- A JSON array of names; NULL for all queues.
  queues              LONGTEXT      CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  enabled             BOOLEAN       NOT NULL,
  -- 1 for the user who was created while there was none, so that two visitors cannot both be the first.
  first_user          TINYINT       NULL,
  created_at          DATETIME(6)   NOT NULL,
  created_by          VARCHAR(100)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  password_changed_at DATETIME(6)   NULL,
  signed_in_at        DATETIME(6)   NULL,
  PRIMARY KEY (id),
  UNIQUE KEY access_user_name (name),
  UNIQUE KEY access_user_first (first_user)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE access_token (
  id          CHAR(36)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name        VARCHAR(100)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- SHA-256 of the token's text.
  hash        BINARY(32)    NOT NULL,
  role        VARCHAR(16)   CHARACTER SET ascii COLLATE ascii_bin NULL,
  authorities VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  queues      LONGTEXT      CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  created_at  DATETIME(6)   NOT NULL,
  created_by  VARCHAR(100)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  expires_at  DATETIME(6)   NULL,
  -- To the minute.
  used_at     DATETIME(6)   NULL,
  PRIMARY KEY (id),
  UNIQUE KEY access_token_name (name),
  UNIQUE KEY access_token_hash (hash)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- Failed attempts to sign in, by account and by network.
CREATE TABLE access_throttle (
  subject       VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  failures      INT          NOT NULL,
  blocked_until DATETIME(6)  NULL,
  changed_at    DATETIME(6)  NOT NULL,
  PRIMARY KEY (subject),
  KEY access_throttle_changed (changed_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- Each row has the hash of the row before it. Rows are only added, and deleted from the beginning after their retention.
CREATE TABLE access_audit (
  seq      BIGINT        NOT NULL,
  at       DATETIME(6)   NOT NULL,
  who      VARCHAR(100)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  kind     VARCHAR(16)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  action   VARCHAR(200)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  target   VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  source   VARCHAR(60)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status   INT           NOT NULL,
  detail   VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  previous BINARY(32)    NOT NULL,
  hash     BINARY(32)    NOT NULL,
  PRIMARY KEY (seq),
  KEY access_audit_who (who, seq),
  KEY access_audit_at (at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- The two ends of the chain: its last row, and the last row that retention deleted.
CREATE TABLE access_audit_end (
  name VARCHAR(8)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq  BIGINT      NOT NULL,
  hash BINARY(32)  NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

INSERT INTO access_audit_end (name, seq, hash) VALUES ('last', 0, REPEAT(CHAR(0), 32)), ('deleted', 0, REPEAT(CHAR(0), 32));
