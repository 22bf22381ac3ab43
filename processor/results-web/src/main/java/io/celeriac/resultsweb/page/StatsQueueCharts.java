package io.celeriac.resultsweb.page;

import io.celeriac.resultsweb.stats.DepthController;
import io.celeriac.resultsweb.stats.StatsController;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Chart;
import io.celeriac.web.page.QueueCharts;
import io.celeriac.web.page.Show;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/** The charts of a queue: how full it was, and what ended, from the counters. */
class StatsQueueCharts implements QueueCharts {

    private static final Logger LOG = LoggerFactory.getLogger(StatsQueueCharts.class);

    private final StatsController stats;
    private final DepthController depths;
    private final InstantSource clock;

    StatsQueueCharts(StatsController stats, DepthController depths, InstantSource clock) {
        this.stats = stats;
        this.depths = depths;
        this.clock = clock;
    }

    /** A queue is shown without its charts while the database does not answer. */
    @Override
    public List<Chart> of(String queue, Duration window, Caller caller, Show show) {
        var now = clock.instant();
        try {
            var found = stats.stats(now.minus(window).toString(), now.toString(), queue, null, null, caller);
            return Stream.concat(
                            DepthCharts.of(depths.recent(queue, window), show).stream(),
                            StatsCharts.of(found, show).stream())
                    .toList();
        } catch (DataAccessException
                | CannotCreateTransactionException
                | ProblemException
                | RejectedExecutionException e) {
            LOG.warn("the charts of a queue cannot be shown: {}", e.getMessage());
            return List.of();
        }
    }
}
