/** Keeps the tables from growing for ever. */
@NullMarked
package io.celeriac.results.retention;

import org.jspecify.annotations.NullMarked;
