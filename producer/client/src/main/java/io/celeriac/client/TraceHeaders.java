package io.celeriac.client;

import java.util.Map;

/**
 * The trace that the calling thread is in, to be continued by the tasks that it emits. A worker gives it to its handlers as
 * {@code TaskContext.traceParent()}, and to the tasks that they emit.
 */
@FunctionalInterface
public interface TraceHeaders {

    /** No trace. */
    TraceHeaders NONE = Map::of;

    /**
     * Called on the thread that sends, once for each task.
     *
     * @return W3C headers by name: {@code traceparent}, {@code tracestate}, {@code baggage}; empty outside of a trace
     */
    Map<String, String> current();
}
