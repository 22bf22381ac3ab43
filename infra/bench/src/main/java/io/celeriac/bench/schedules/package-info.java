/** Very many schedules: how late they fire, what that costs, and what a scheduler that is killed leaves behind. */
@NullMarked
package io.celeriac.bench.schedules;

import org.jspecify.annotations.NullMarked;
