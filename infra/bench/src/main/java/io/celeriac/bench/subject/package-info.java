/** The programs that are measured, each in a JVM of its own. They know nothing of the harness. */
@NullMarked
package io.celeriac.bench.subject;

import org.jspecify.annotations.NullMarked;
