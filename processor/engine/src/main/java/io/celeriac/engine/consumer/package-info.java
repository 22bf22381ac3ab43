/**
 * The Kafka clients of a stream thread.
 *
 * <p>{@link io.celeriac.engine.consumer.ConsumerGate} stands before the main consumer: it wakes the thread for news of attempts, and lets a
 * partition finish before it leaves.
 */
@NullMarked
package io.celeriac.engine.consumer;

import org.jspecify.annotations.NullMarked;
