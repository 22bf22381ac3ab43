package io.celeriac.results.materializer;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table and the source of its value.
 *
 * @param name in the table
 * @param value in the form that JDBC takes
 * @param <T> the source of the row
 */
record Column<T>(String name, Function<T, @Nullable Object> value) {}
