-- The tables of Spring Session JDBC 4.1 and of Spring Security's one-time tokens, as these libraries expect them.

CREATE TABLE access_session (
  PRIMARY_ID            CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  SESSION_ID            CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  CREATION_TIME         BIGINT       NOT NULL,
  LAST_ACCESS_TIME      BIGINT       NOT NULL,
  MAX_INACTIVE_INTERVAL INT          NOT NULL,
  EXPIRY_TIME           BIGINT       NOT NULL,
  PRINCIPAL_NAME        VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  PRIMARY KEY (PRIMARY_ID),
  UNIQUE KEY access_session_id (SESSION_ID),
  KEY access_session_expiry (EXPIRY_TIME),
  KEY access_session_principal (PRINCIPAL_NAME)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TABLE access_session_ATTRIBUTES (
  SESSION_PRIMARY_ID CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ATTRIBUTE_NAME     VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ATTRIBUTE_BYTES    BLOB         NOT NULL,
  PRIMARY KEY (SESSION_PRIMARY_ID, ATTRIBUTE_NAME),
  CONSTRAINT access_session_attributes_fk FOREIGN KEY (SESSION_PRIMARY_ID) REFERENCES access_session (PRIMARY_ID)
    ON DELETE CASCADE
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TABLE one_time_tokens (
  token_value VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  username    VARCHAR(50) NOT NULL,
  expires_at  DATETIME(6) NOT NULL,
  PRIMARY KEY (token_value)
) ENGINE = InnoDB;
