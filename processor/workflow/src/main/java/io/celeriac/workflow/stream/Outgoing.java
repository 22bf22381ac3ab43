package io.celeriac.workflow.stream;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record to be sent.
 *
 * @param topic name of its topic
 */
record Outgoing(String topic, byte @Nullable [] value, Headers headers) {}
