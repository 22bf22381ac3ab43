/** The worker as part of a Spring Boot application: its beans' {@code @TaskHandler} methods, settings and lifecycle. */
@NullMarked
package io.celeriac.engine.autoconfigure;

import org.jspecify.annotations.NullMarked;
