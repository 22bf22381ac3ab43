package io.celeriac.workflow.stream;

import org.apache.kafka.common.header.Headers;

/**
 * A record to be sent.
 *
 * @param topic name of its topic
 */
record Outgoing(String topic, byte[] value, Headers headers) {}
