package io.celeriac.client;

/**
 * The broker's word that it has a task: written to all in-sync replicas.
 *
 * @param id the task's
 * @param queue the queue it is in
 * @param partition of its record
 * @param offset of its record
 */
public record Receipt(String id, String queue, int partition, long offset) {}
