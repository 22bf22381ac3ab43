package io.celeriac.results.query;

/**
 * How many tasks were counted.
 *
 * @param exact false: there are more, or not all tasks were looked at
 */
public record BoundedCount(long count, boolean exact) {}
