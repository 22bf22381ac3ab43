package io.celeriac.results.replay;

/**
 * The place of a dead letter.
 *
 * @param partition of the dead-letter topic
 * @param offset in it
 * @param timestamp of the record, epoch milliseconds: a topic that was created anew has the same offsets again
 */
public record DeadLetterPlace(int partition, long offset, long timestamp) {}
