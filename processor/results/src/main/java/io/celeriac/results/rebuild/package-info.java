/** Empties the tables, so that the materializer fills them again from the topics. */
@NullMarked
package io.celeriac.results.rebuild;

import org.jspecify.annotations.NullMarked;
