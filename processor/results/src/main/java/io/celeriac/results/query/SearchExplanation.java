package io.celeriac.results.query;

/**
 * How a search for tasks goes.
 *
 * @param index the index in whose order it finds tasks
 * @param windowed true: some condition is in no index, so it looks at {@link TaskSearch#WINDOW} tasks of the index at a time
 */
public record SearchExplanation(String index, boolean windowed) {}
