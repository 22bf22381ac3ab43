/**
 * A task as a worker knows it: the record that brought it, its attempts so far, and the records that it sends.
 *
 * <p>Immutable values without behaviour. Every other package of the engine may use them.
 */
@NullMarked
package io.celeriac.engine.task;

import org.jspecify.annotations.NullMarked;
