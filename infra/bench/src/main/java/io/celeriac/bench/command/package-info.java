/** What the command lines of all benchmarks have in common. */
@NullMarked
package io.celeriac.bench.command;

import org.jspecify.annotations.NullMarked;
