/**
 * The gateway: tasks and their results over HTTP, for whoever does not speak Kafka. Each package below is a feature with
 * its own controller; all answer errors as RFC 9457 problems.
 *
 * <p>It keeps nothing: tasks go to the topics, results come from the database and, while one waits, straight from the
 * results topic. Any number of gateways may run side by side.
 */
@NullMarked
package io.celeriac.gateway;

import org.jspecify.annotations.NullMarked;
