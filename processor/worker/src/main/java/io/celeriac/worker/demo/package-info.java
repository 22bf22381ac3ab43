/** Demo tasks for the first run, which also show how to write handlers. Off with {@code celeriac.demo.enabled=false}. */
@NullMarked
package io.celeriac.worker.demo;

import org.jspecify.annotations.NullMarked;
