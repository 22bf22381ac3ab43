/**
 * The doors to results: REST calls and event streams of tasks, failures and dead letters.
 *
 * An application that has this module on its class path, the settings of a database and of Kafka, answers them.
 */
@NullMarked
package io.celeriac.resultsweb;

import org.jspecify.annotations.NullMarked;
