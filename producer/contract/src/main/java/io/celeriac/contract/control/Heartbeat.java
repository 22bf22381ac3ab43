package io.celeriac.contract.control;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a worker says of itself: the value of a record on the workers' topic. A worker sends one every {@link #EVERY}, and one at each
 * change that others wait for: its start, its end, a command that it has carried out. A worker is lost after {@link #LOST_AFTER}
 * without one.
 *
 * <p>A number that the worker does not know at that moment is absent. It is never 0 instead. A word of a newer worker that this program
 * does not know is read as {@link State#UNKNOWN} or {@link WaitingFor#UNKNOWN}.
 *
 * @param id of the worker, also the record's key
 * @param host where it runs
 * @param version of Celeriac; absent outside of a built jar
 * @param startedAt when it started; a worker that restarts under the same id has another start
 * @param at when the heartbeat was made, by the worker's clock
 * @param state what it is doing
 * @param concurrency the most attempts at once
 * @param running how many attempts run
 * @param lost threads that attempts still hold after their hard time limit
 * @param queues the queues that it works on
 * @param attempts the attempts that run, oldest first, at most {@link #MOST_ATTEMPTS}
 * @param handlers the tasks that it can run
 * @param acknowledged the changes and commands that it has carried out lately, newest first
 */
public record Heartbeat(
        String id,
        String host,
        @Nullable String version,
        Instant startedAt,
        Instant at,
        State state,
        LimitInForce<Integer> concurrency,
        int running,
        int lost,
        List<QueuePart> queues,
        List<RunningAttempt> attempts,
        List<HandlerInfo> handlers,
        List<Acknowledgement> acknowledged) {

    /** The longest time between two heartbeats. */
    public static final Duration EVERY = Duration.ofSeconds(5);

    /** The silence after which a worker is lost. */
    public static final Duration LOST_AFTER = Duration.ofSeconds(15);

    /** The most attempts in a heartbeat, so that it fits into a record. */
    public static final int MOST_ATTEMPTS = 1_000;

    /** What a worker does. */
    public enum State {
        /** It takes and runs tasks. */
        @JsonProperty("running")
        RUNNING,
        /** It hands its partitions over, and waits for running attempts. */
        @JsonProperty("draining")
        DRAINING,
        /** It is up without partitions, until it is resumed. */
        @JsonProperty("drained")
        DRAINED,
        /** It has ended in order. */
        @JsonProperty("stopped")
        STOPPED,
        /** It is up, and does what this program has no word for. */
        @JsonProperty("unknown")
        UNKNOWN;

        @JsonCreator
        static State of(String word) {
            return Arrays.stream(values())
                    .filter(state -> state.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst()
                    .orElse(UNKNOWN);
        }
    }

    /** What an unfinished task can wait for. */
    public enum WaitingFor {
        /** Its {@code eta}. */
        @JsonProperty("eta")
        ETA,
        /** The delay before its next attempt. */
        @JsonProperty("retry")
        RETRY,
        /** An earlier task of its key, or of its partition, in a queue that keeps an order. */
        @JsonProperty("key")
        KEY,
        /** The concurrency or the rate limit of its handler. */
        @JsonProperty("limit")
        LIMIT,
        /** A worker with a handler of its name. */
        @JsonProperty("handler")
        HANDLER,
        /** The end of its queue's pause. */
        @JsonProperty("pause")
        PAUSE,
        /** Its trial, or a trial of another task, after processes have died. */
        @JsonProperty("quarantine")
        QUARANTINE,
        /** A free thread, or a place in the window of its partition. */
        @JsonProperty("thread")
        THREAD,
        /** What this program has no word for. */
        @JsonProperty("unknown")
        UNKNOWN;

        private static WaitingFor of(String word) {
            return Arrays.stream(values())
                    .filter(reason -> reason.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst()
                    .orElse(UNKNOWN);
        }
    }

    /**
     * A limit, as it is configured and as it is.
     *
     * @param configured in the program; absent for none
     * @param now in force; absent for none
     */
    public record LimitInForce<T>(
            @Nullable T configured, @Nullable T now) {}

    /**
     * The part of a queue that a worker works on.
     *
     * @param queue its name
     * @param condition {@code RUNNING}, or another state of Kafka Streams
     * @param reason why it does not run; absent when it does
     * @param partitions those that it owns
     */
    public record QueuePart(
            String queue, String condition, @Nullable String reason, List<PartitionPart> partitions) {

        public QueuePart {
            Objects.requireNonNull(queue, "queue");
            Objects.requireNonNull(condition, "condition");
            partitions = TaskRules.list("partitions", partitions);
        }
    }

    /**
     * The unfinished tasks of a partition that its owner has read.
     *
     * @param partition its number
     * @param running how many run; absent when not known
     * @param waiting how many wait, by reason; absent when not known
     * @param dueSoon how many of those that wait for their time are due within a minute; absent when not known
     * @param oldestReadyAt since when the oldest task waits that could run but for a thread, a limit, its key or a pause; absent for none
     * @param window how many are handed over: they run, or wait for a thread, their handler's limit or the end of a quarantine; absent
     *     when not known
     */
    public record PartitionPart(
            int partition,
            @Nullable Integer running,
            @Nullable Map<WaitingFor, Long> waiting,
            @Nullable Long dueSoon,
            @Nullable Instant oldestReadyAt,
            @Nullable Integer window) {

        public PartitionPart {
            waiting = waiting == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(waiting));
        }

        /** The numbers are not known. */
        public static PartitionPart unknown(int partition) {
            return new PartitionPart(partition, null, null, null, null, null);
        }

        /** Reads reasons that this program does not know as one. */
        @JsonCreator
        static PartitionPart of(
                @JsonProperty("partition") int partition,
                @JsonProperty("running") @Nullable Integer running,
                @JsonProperty("waiting") @Nullable Map<String, Long> waiting,
                @JsonProperty("dueSoon") @Nullable Long dueSoon,
                @JsonProperty("oldestReadyAt") @Nullable Instant oldestReadyAt,
                @JsonProperty("window") @Nullable Integer window) {
            return new PartitionPart(partition, running, reasons(waiting), dueSoon, oldestReadyAt, window);
        }

        private static @Nullable Map<WaitingFor, Long> reasons(@Nullable Map<String, Long> words) {
            if (words == null) {
                return null;
            }
            var reasons = new LinkedHashMap<WaitingFor, Long>();
            words.forEach((word, count) -> reasons.merge(WaitingFor.of(word), count, Long::sum));
            return reasons;
        }
    }

    /**
     * An attempt that runs.
     *
     * @param id of the task
     * @param task its name
     * @param queue it came from
     * @param partition it came from
     * @param attempt 1 for the first
     * @param startedAt when the attempt began
     */
    public record RunningAttempt(String id, String task, String queue, int partition, int attempt, Instant startedAt) {}

    /**
     * A task that a worker can run.
     *
     * @param task its name
     * @param aliases other names that the handler runs too
     * @param parameters of the handler's method; absent when they are not known
     * @param concurrency the most attempts at once
     * @param rateLimit how often an attempt may begin
     * @param secrets the secret arguments: names of {@code kwargs}, indexes into {@code args} from 0, or {@value #ALL} for all; absent when
     *     the worker does not tell
     */
    public record HandlerInfo(
            String task,
            List<String> aliases,
            @Nullable List<ParameterInfo> parameters,
            LimitInForce<Integer> concurrency,
            LimitInForce<String> rateLimit,
            @Nullable List<String> secrets) {

        /** Stands for all arguments. */
        public static final String ALL = "*";

        public HandlerInfo {
            Objects.requireNonNull(task, "task");
            aliases = TaskRules.list("aliases", aliases);
            parameters = parameters == null ? null : TaskRules.list("parameters", parameters);
            secrets = secrets == null ? null : TaskRules.list("secrets", secrets);
        }
    }

    /**
     * A parameter of a handler.
     *
     * @param name as in {@code kwargs}
     * @param type of the Java method, for people
     * @param required whether a call without it fails
     */
    public record ParameterInfo(String name, String type, boolean required) {}

    /**
     * A change or a command that a worker has carried out.
     *
     * @param id of the change or the command
     * @param at when it was carried out
     * @param failure why it could not be carried out; absent when it was
     */
    public record Acknowledgement(
            String id, Instant at, @Nullable String failure) {}

    public Heartbeat {
        TaskRules.text("id", Objects.requireNonNull(id, "id"), Limits.WORKER);
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(concurrency, "concurrency");
        queues = TaskRules.list("queues", queues);
        attempts = TaskRules.list("attempts", attempts);
        handlers = TaskRules.list("handlers", handlers);
        acknowledged = TaskRules.list("acknowledged", acknowledged);
    }
}
