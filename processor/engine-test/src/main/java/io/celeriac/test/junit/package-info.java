/** The sandbox as an extension of JUnit. */
@NullMarked
package io.celeriac.test.junit;

import org.jspecify.annotations.NullMarked;
