/** Replays of dead letters: which were sent again, by whom, and as which task. */
@NullMarked
package io.celeriac.results.replay;

import org.jspecify.annotations.NullMarked;
