-- A token stops with the user who made it, unless it is to outlive the user. Tokens from before go on.
ALTER TABLE access_token
  ADD COLUMN creator_id       CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN outlives_creator BOOLEAN  NOT NULL DEFAULT TRUE;
