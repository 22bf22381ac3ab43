/**
 * The Kafka clients of a stream thread.
 *
 * <p>{@link io.celeriac.engine.consumer.ConsumerGate} wraps the main consumer: it wakes the thread when an attempt has ended, and lets a
 * partition finish before it moves.
 */
@NullMarked
package io.celeriac.engine.consumer;

import org.jspecify.annotations.NullMarked;
