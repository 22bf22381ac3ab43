/** The trees of workflows without what their tasks carry. */
@NullMarked
package io.celeriac.results.outline;

import org.jspecify.annotations.NullMarked;
