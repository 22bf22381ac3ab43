/** What the calling side costs: sending, waiting, and workflows. */
@NullMarked
package io.celeriac.bench.calling;

import org.jspecify.annotations.NullMarked;
