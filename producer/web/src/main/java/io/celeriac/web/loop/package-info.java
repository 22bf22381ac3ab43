/** Threads that go round for as long as the program runs, and whoever notices when they cannot. */
@NullMarked
package io.celeriac.web.loop;

import org.jspecify.annotations.NullMarked;
