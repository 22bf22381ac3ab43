/**
 * The gateway: Celeriac over HTTP, for services that do not speak Kafka.
 *
 * <p>It submits and revokes tasks, and describes the API. The modules beside their features ({@code results-web}, {@code
 * schedule-web}) answer all other calls. It keeps no state of its own, so any number of gateways may run side by side.
 */
@NullMarked
package io.celeriac.gateway;

import org.jspecify.annotations.NullMarked;
