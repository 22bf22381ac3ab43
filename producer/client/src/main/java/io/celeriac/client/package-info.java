/**
 * What a service embeds to emit tasks: {@link io.celeriac.client.TaskClient}, which needs nothing but a Kafka producer.
 * With Spring Boot, a bean of it is there as soon as this module is on the class path.
 */
@NullMarked
package io.celeriac.client;

import org.jspecify.annotations.NullMarked;
