/**
 * The client that a service embeds to send tasks: {@link io.celeriac.client.TaskClient}, which needs nothing but a Kafka
 * producer. With Spring Boot, it is a bean as soon as this module is on the class path.
 */
@NullMarked
package io.celeriac.client;

import org.jspecify.annotations.NullMarked;
