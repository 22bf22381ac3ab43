package io.celeriac.results.replay;

import org.jspecify.annotations.Nullable;

/**
 * What a request to replay a dead letter asked for.
 *
 * @param letter that it was about
 * @param queue of the new task
 * @param digest of the value that it gave; null for none
 */
public record NotedReplay(
        DeadLetterPlace letter, String queue, @Nullable String digest) {}
