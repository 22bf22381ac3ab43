package io.celeriac.client;

import java.util.Map;

/**
 * Provides the trace of the calling thread, which its tasks continue. A worker passes the trace to its handlers as {@code
 * TaskContext.traceParent()}, and to the tasks that they emit.
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
