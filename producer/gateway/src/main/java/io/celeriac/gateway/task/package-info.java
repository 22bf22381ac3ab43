/**
 * Tasks over HTTP: submitted to the topics, and asked of the database and, while one waits for a result, of the results
 * topic itself.
 */
@NullMarked
package io.celeriac.gateway.task;

import org.jspecify.annotations.NullMarked;
