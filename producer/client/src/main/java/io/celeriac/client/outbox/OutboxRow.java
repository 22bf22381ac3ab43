package io.celeriac.client.outbox;

import java.util.Map;

/**
 * A record that waits in the outbox.
 *
 * @param id of the row; grows with the order of storing
 * @param headers name → value of the record's headers
 * @param taskId for messages
 */
record OutboxRow(long id, String topic, byte[] key, byte[] payload, Map<String, String> headers, String taskId) {}
