/**
 * The common parts of all REST calls: problems, limits, parameters and the connection to Kafka.
 *
 * <p>{@code results-web}, {@code schedule-web} and the gateway use it. It knows no task table and no schedule.
 */
@NullMarked
package io.celeriac.web;

import org.jspecify.annotations.NullMarked;
