/**
 * The unfinished tasks of a partition, and the ids of finished ones.
 *
 * <p>{@link io.celeriac.engine.store.UnfinishedTasks} keeps them in memory or on disk and logs them to a changelog topic, from which
 * the next owner restores them. One stream thread uses a store.
 */
@NullMarked
package io.celeriac.engine.store;

import org.jspecify.annotations.NullMarked;
