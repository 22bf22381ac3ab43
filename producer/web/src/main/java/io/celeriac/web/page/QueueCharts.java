package io.celeriac.web.page;

import io.celeriac.web.caller.Caller;
import java.time.Duration;
import java.util.List;

/** Draws what became of the tasks of a queue, for the page of the queue, which another module has. */
@FunctionalInterface
public interface QueueCharts {

    /** Where nothing is counted. */
    QueueCharts NONE = (queue, window, caller, show) -> List.of();

    /**
     * The charts of a queue; empty when the numbers cannot be had.
     *
     * @param window how far back they go
     * @param caller who may read the queue
     */
    List<Chart> of(String queue, Duration window, Caller caller, Show show);
}
