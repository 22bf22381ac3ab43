/** The tasks of the first run, and an example of how handlers look. Off with {@code celeriac.demo.enabled=false}. */
@NullMarked
package io.celeriac.worker.demo;

import org.jspecify.annotations.NullMarked;
