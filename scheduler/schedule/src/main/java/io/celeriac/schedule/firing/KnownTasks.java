package io.celeriac.schedule.firing;

/**
 * What a scheduler knows of tasks that were sent.
 *
 * @param states by the tables of results
 * @param sent by this program, and not told by a commit yet
 * @param horizon how far the tables are behind
 */
public record KnownTasks(TaskStates states, SentTasks sent, ResultsHorizon horizon) {}
