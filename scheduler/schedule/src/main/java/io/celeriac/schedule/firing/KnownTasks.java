package io.celeriac.schedule.firing;

/**
 * The tasks that a scheduler knows to be sent.
 *
 * @param states from the tables of results
 * @param sent by this program, and not committed yet
 * @param horizon how far the tables of results are behind
 */
public record KnownTasks(TaskStates states, SentTasks sent, ResultsHorizon horizon) {}
