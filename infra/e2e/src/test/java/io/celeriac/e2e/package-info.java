/** The system from outside: the real programs as processes, spoken to by HTTP, Kafka and SQL only. */
@NullMarked
package io.celeriac.e2e;

import org.jspecify.annotations.NullMarked;
