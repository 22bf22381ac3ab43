/**
 * Serves results over HTTP: REST calls and event streams of tasks, failures and dead letters.
 *
 * <p>An application serves them when it has this module on its class path, and the settings of a database and of Kafka.
 */
@NullMarked
package io.celeriac.resultsweb;

import org.jspecify.annotations.NullMarked;
