/**
 * Firings of the past: the tables {@code schedule_firing} and {@code schedule_unfinished_firing}.
 *
 * <p>{@link io.celeriac.schedule.history.FiringRepository} keeps what people are told. {@link
 * io.celeriac.schedule.history.UnfinishedFiringRepository} keeps the firings whose tasks may not have ended.
 */
@NullMarked
package io.celeriac.schedule.history;

import org.jspecify.annotations.NullMarked;
