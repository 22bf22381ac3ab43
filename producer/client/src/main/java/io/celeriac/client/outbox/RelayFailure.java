package io.celeriac.client.outbox;

import java.time.Instant;

/**
 * Why a relay sends nothing at the moment.
 *
 * @param why the message of the latest failure; it names no credentials
 * @param since when the first pass failed of those that failed since the last good one
 * @param isFinal true: the relay does not try again, because its thread has ended
 */
public record RelayFailure(String why, Instant since, boolean isFinal) {}
