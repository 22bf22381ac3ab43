/**
 * Tasks that are stored in the transaction of a service, and sent afterwards.
 *
 * <pre>
 * OutboxOutlet ──▶ task_outbox ──▶ OutboxRelay, one batch of a shard after the other:
 *                                    1. database: the rows of the last batch are deleted; the next batch is
 *                                       noted in the shard's row, its number one more than the last
 *                                    2. Kafka, in one transaction: the records, and the number as a group's offset
 * </pre>
 *
 * <p>Who takes a shard over first fences its last owner (KIP-98), and reads the number. The noted batch was sent if its number is not
 * larger. So nothing is sent twice, however late the next owner comes.
 */
@NullMarked
package io.celeriac.client.outbox;

import org.jspecify.annotations.NullMarked;
