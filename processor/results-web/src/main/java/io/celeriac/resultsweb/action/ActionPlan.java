package io.celeriac.resultsweb.action;

import java.util.List;

/**
 * What an action would do.
 *
 * @param frozenQ the search with its times resolved, and what its kind adds
 * @param count items that were counted
 * @param exact false: there are more
 * @param workflows of those that were counted, the workflows: they are refused, as each has a command of its own
 * @param sample some of the items, newest first
 */
record ActionPlan(String frozenQ, long count, boolean exact, long workflows, List<Object> sample) {}
