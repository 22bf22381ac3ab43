/** The {@link io.celeriac.client.TaskClient} as a Spring Boot bean, configured under {@code spring.kafka} and {@code celeriac}. */
@NullMarked
package io.celeriac.client.autoconfigure;

import org.jspecify.annotations.NullMarked;
