/** The tables of results, and very many rows in them. */
@NullMarked
package io.celeriac.bench.rows;

import org.jspecify.annotations.NullMarked;
