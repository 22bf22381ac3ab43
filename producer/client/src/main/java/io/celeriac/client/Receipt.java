package io.celeriac.client;

/**
 * Confirms that the broker has written a task to all in-sync replicas.
 *
 * @param id the task's id
 * @param queue the queue it is in
 * @param partition of its record
 * @param offset of its record
 */
public record Receipt(String id, String queue, int partition, long offset) {}
