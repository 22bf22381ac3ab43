/**
 * The frame of every REST call: problems, limits, parameters and the connection to Kafka.
 *
 * The doors ({@code results-web}, {@code schedule-web}) and the gateway stand on it. It knows no task table and no schedule.
 */
@NullMarked
package io.celeriac.web;

import org.jspecify.annotations.NullMarked;
