package io.celeriac.results.materializer;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column and where its value comes from.
 *
 * @param name in the table
 * @param value as JDBC takes it
 * @param <T> what the row is made of
 */
record Column<T>(String name, Function<T, @Nullable Object> value) {}
