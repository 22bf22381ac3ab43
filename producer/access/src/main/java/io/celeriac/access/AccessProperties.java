package io.celeriac.access;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code celeriac.access.*}.
 *
 * @param enabled false: nobody is asked for credentials, and everybody may do everything. The gateway then starts only if it
 *     listens on loopback; default true
 * @param adminPasswordFile a file whose first line becomes the password of the user {@code admin}, when there is no user yet;
 *     null or empty for a link in the log
 * @param url address of the gateway as people reach it, for that link; null for the address that it listens on
 * @param sessionIdle how long a session lasts without a request; default 30 minutes
 * @param sessionLifetime how long a session lasts in any case; default 24 hours
 * @param recentSignIn how long after signing in a person may make tokens and passkeys; afterwards the person has to sign in again;
 *     default 10 minutes
 * @param recheck how long a gateway goes by what it knows of a token or a user, so how long a revoked token may still work;
 *     default 5 s
 * @param auditRetention how long rows of the audit are kept; default 365 days
 * @param auditSubmissions true: the audit also has a row for each submission by a token; default false, since tasks are their own
 *     record
 * @param actuatorOnly true: the program has no REST calls, and only {@code /actuator} to protect, as worker and scheduler set it;
 *     default false
 */
@ConfigurationProperties("celeriac.access")
public record AccessProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String adminPasswordFile,
        @Nullable String url,
        @DefaultValue("30m") Duration sessionIdle,
        @DefaultValue("24h") Duration sessionLifetime,
        @DefaultValue("10m") Duration recentSignIn,
        @DefaultValue("5s") Duration recheck,
        @DefaultValue("365d") Duration auditRetention,
        @DefaultValue("false") boolean auditSubmissions,
        @DefaultValue("false") boolean actuatorOnly) {}
