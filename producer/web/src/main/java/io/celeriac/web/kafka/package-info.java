/** The connection to Kafka that all REST calls share: topics, queues, consumers and health. */
@NullMarked
package io.celeriac.web.kafka;

import org.jspecify.annotations.NullMarked;
