/** The sandbox in the tests of a Spring Boot application. */
@NullMarked
package io.celeriac.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
