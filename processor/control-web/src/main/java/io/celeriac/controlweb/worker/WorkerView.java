package io.celeriac.controlweb.worker;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.Heartbeat.HandlerInfo;
import io.celeriac.contract.control.Heartbeat.LimitInForce;
import io.celeriac.contract.control.Heartbeat.QueuePart;
import io.celeriac.contract.control.Heartbeat.RunningAttempt;
import io.celeriac.controlweb.fleet.Fleet.Seen;
import io.celeriac.web.caller.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A worker, as it is shown.
 *
 * @param id of the worker
 * @param state what it does; lost when it was silent for 15 s without having said that it stops
 * @param lostSince when it should have been heard of; absent while it is not lost
 * @param seenAt when it was last heard of
 * @param host where it runs
 * @param version of Celeriac; absent when it is not known
 * @param startedAt when it started
 * @param concurrency the most attempts at once
 * @param running how many attempts run
 * @param free how many more could run
 * @param lostThreads threads that attempts still hold after their hard time limit
 * @param queues the queues that it works on, with its partitions
 * @param handlers the tasks that it can run
 * @param attempts the attempts that run; absent in a list of workers
 */
public record WorkerView(
        String id,
        State state,
        @Nullable Instant lostSince,
        Instant seenAt,
        String host,
        @Nullable String version,
        Instant startedAt,
        LimitInForce<Integer> concurrency,
        int running,
        int free,
        int lostThreads,
        List<QueuePart> queues,
        List<HandlerInfo> handlers,
        @Nullable List<RunningAttempt> attempts) {

    /** What a worker does. */
    public enum State {
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("draining")
        DRAINING,
        @JsonProperty("drained")
        DRAINED,
        @JsonProperty("stopped")
        STOPPED,
        @JsonProperty("lost")
        LOST,
        @JsonProperty("unknown")
        UNKNOWN;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static WorkerView of(Seen seen, Instant now) {
        var heartbeat = seen.heartbeat();
        var isLost = seen.isLost(now);
        var concurrency = heartbeat.concurrency().now();
        return new WorkerView(
                heartbeat.id(),
                isLost ? State.LOST : State.valueOf(heartbeat.state().name()),
                isLost ? seen.seenAt().plus(Heartbeat.LOST_AFTER) : null,
                seen.seenAt(),
                heartbeat.host(),
                heartbeat.version(),
                heartbeat.startedAt(),
                heartbeat.concurrency(),
                heartbeat.running(),
                concurrency == null ? 0 : Math.max(0, concurrency - heartbeat.running()),
                heartbeat.lost(),
                heartbeat.queues(),
                heartbeat.handlers(),
                heartbeat.attempts());
    }

    /** This worker without the queues that a caller does not see, and without the attempts of their tasks. */
    WorkerView shownTo(Caller caller) {
        return new WorkerView(
                id,
                state,
                lostSince,
                seenAt,
                host,
                version,
                startedAt,
                concurrency,
                running,
                free,
                lostThreads,
                queues.stream().filter(part -> caller.sees(part.queue())).toList(),
                handlers,
                attempts == null
                        ? null
                        : attempts.stream()
                                .filter(attempt -> caller.sees(attempt.queue()))
                                .toList());
    }

    /** This worker without its attempts. */
    WorkerView brief() {
        return new WorkerView(
                id,
                state,
                lostSince,
                seenAt,
                host,
                version,
                startedAt,
                concurrency,
                running,
                free,
                lostThreads,
                queues,
                handlers,
                null);
    }
}
