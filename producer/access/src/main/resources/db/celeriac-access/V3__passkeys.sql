-- Passkeys of users. Public keys are in what the authenticator sent at the registration.

CREATE TABLE access_passkey (
  id                 CHAR(36)        CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id            CHAR(36)        CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name               VARCHAR(100)    CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  credential_id      VARBINARY(1023) NOT NULL,
  public_key         BLOB            NOT NULL,
  attestation_object BLOB            NOT NULL,
  client_data        BLOB            NOT NULL,
  -- Counted by the authenticator; always 0 if it does not count.
  signature_count    BIGINT          NOT NULL,
  user_verified      BOOLEAN         NOT NULL,
  backup_eligible    BOOLEAN         NOT NULL,
  backed_up          BOOLEAN         NOT NULL,
  -- Words with spaces between them.
  transports         VARCHAR(200)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at         DATETIME(6)     NOT NULL,
  used_at            DATETIME(6)     NULL,
  PRIMARY KEY (id),
  UNIQUE KEY access_passkey_credential (credential_id),
  KEY access_passkey_user (user_id),
  CONSTRAINT access_passkey_user_fk FOREIGN KEY (user_id) REFERENCES access_user (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- Challenges that no authenticator has answered yet. Each is used once.
CREATE TABLE access_passkey_challenge (
  challenge  BINARY(32)  NOT NULL,
  -- Who registers a passkey; NULL for somebody who signs in.
  user_id    CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NULL,
  network    VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  PRIMARY KEY (challenge),
  KEY access_passkey_challenge_network (network, expires_at),
  KEY access_passkey_challenge_expiry (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
