-- Users who sign in by OpenID Connect, by what their issuer calls them; NULL for others.
-- Each password, and each end of all sessions, begins a version: sessions of older versions are not taken.
ALTER TABLE access_user
  ADD COLUMN oidc_issuer VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN oidc_subject VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  ADD COLUMN sessions_version BIGINT NOT NULL DEFAULT 0,
  ADD UNIQUE KEY access_user_oidc (oidc_issuer, oidc_subject);
