/** The benchmarks behind every number in the docs, as a command line. */
@NullMarked
package io.celeriac.bench;

import org.jspecify.annotations.NullMarked;
