package io.celeriac.engine.worker;

import io.celeriac.contract.control.RateLimit;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.engine.handler.HandlerLimits;
import io.celeriac.engine.task.QueueProperties.Order;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code celeriac.worker.*}.
 *
 * <p>Essential:
 *
 * @param enabled whether this program runs tasks
 * @param queues whose tasks it runs
 * @param concurrency the most attempts at once; unset: 16 per core on virtual threads, 2 on platform threads
 *     <p>Frequent:
 * @param guarantee {@code at_least_once}, or {@code exactly_once} for results and next steps
 * @param drainTimeout how long running tasks may go on when the worker stops or a partition moves
 * @param deduplication how long a task's id is remembered after the task has ended; zero for not at all
 * @param order which tasks must not run at the same time
 * @param queue guarantee, deduplication and order of single queues, by name
 * @param handler limits of single handlers, by the names of their tasks; a name with a dot goes into brackets
 * @param periodicTasks how the schedules in this application's code are declared
 *     <p>Rare:
 * @param id of this worker; unset: host name and eight random characters
 * @param streamThreads per queue
 * @param store where unfinished tasks are kept while the worker runs; {@code rocksdb} for many millions of parked ones
 * @param stateDir of Kafka Streams; unset: a temporary one, which is right for the {@code memory} store
 * @param standbys how many other workers keep a copy of each partition's unfinished tasks; with the {@code streams} protocol
 *     the broker decides, and only 0 is accepted here
 * @param window the most tasks of a partition that wait for a thread or run
 * @param maxParked the most tasks of a partition that wait for their time
 * @param maxHeld the most tasks of a partition that wait for others of their key, or for their handler's limit
 * @param maxDeaths how many processes may die while they run a task before it is set aside as a poison pill; 0 for any number
 * @param createQueues whether a next step to a queue without a topic creates the topic; otherwise the step becomes a dead letter, as the
 *     name is more often mistyped than meant
 * @param keepConsumed how long records stay in a queue's topic after they were taken, for others that read it
 * @param unknownTaskPatience how long a task is kept for which no worker has a handler
 * @param timeLimitGrace between the interrupt at a time limit and giving the attempt up
 * @param commitInterval of the stream threads
 * @param sessionTimeout after which a worker that crashed loses its partitions; without effect with the {@code streams}
 *     protocol, see {@link GroupProtocol#STREAMS}
 * @param groupProtocol how the workers of a queue share its partitions; it must be the same on all workers, and all must be stopped
 *     to change it
 */
@ConfigurationProperties("celeriac.worker")
public record WorkerProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue(TaskRules.DEFAULT_QUEUE) List<String> queues,
        @Nullable Integer concurrency,
        @DefaultValue("at_least_once") Guarantee guarantee,
        @DefaultValue("PT20S") Duration drainTimeout,
        @DefaultValue("PT10M") Duration deduplication,
        @DefaultValue("unordered") Order order,
        @DefaultValue Map<String, QueueOverrides> queue,
        @DefaultValue Map<String, HandlerOverrides> handler,
        @DefaultValue PeriodicTaskSettings periodicTasks,
        @Nullable String id,
        @DefaultValue("1") int streamThreads,
        @DefaultValue("memory") Store store,
        @Nullable Path stateDir,
        @DefaultValue("0") int standbys,
        @DefaultValue("1000") int window,
        @DefaultValue("1000000") int maxParked,
        @DefaultValue("10000") int maxHeld,
        @DefaultValue("3") int maxDeaths,
        @DefaultValue("false") boolean createQueues,
        @DefaultValue("PT1H") Duration keepConsumed,
        @DefaultValue("PT10M") Duration unknownTaskPatience,
        @DefaultValue("PT5S") Duration timeLimitGrace,
        @DefaultValue("PT0.1S") Duration commitInterval,
        @DefaultValue("PT10S") Duration sessionTimeout,
        @DefaultValue("classic") GroupProtocol groupProtocol) {

    /** How often results and next steps are published when a worker crashes. */
    public enum Guarantee {
        /** A result or a next step may be published again, with the same id, so that one counts. */
        AT_LEAST_ONCE,
        /** Results and next steps are published once, a little later. */
        EXACTLY_ONCE
    }

    /** Where unfinished tasks are kept while the worker runs. */
    public enum Store {
        /** On the heap. */
        MEMORY,
        /** On disk. */
        ROCKSDB
    }

    /** How the workers of a queue share its partitions. */
    public enum GroupProtocol {
        /** The workers decide among themselves. */
        CLASSIC,
        /**
         * The broker decides (KIP-1071, brokers from 4.2). It then also decides when a crashed worker loses its partitions, and how
         * many copies of them there are: set {@code streams.session.timeout.ms} and {@code streams.num.standby.replicas} of the
         * group {@code <namespace>.worker.<queue>} with {@code kafka-configs}. Depends on an internal interface of Kafka Streams.
         */
        STREAMS
    }

    /**
     * Settings of one queue; a null value means the setting for all queues.
     */
    public record QueueOverrides(
            @Nullable Guarantee guarantee,
            @Nullable Duration deduplication,
            @Nullable Order order) {}

    /**
     * Limits of one handler on this worker; a null value means the handler's own limit.
     *
     * @param concurrency the most attempts at once
     * @param rateLimit how often an attempt begins, such as {@code 100/m}
     */
    public record HandlerOverrides(
            @Nullable Integer concurrency, @Nullable String rateLimit) {}

    /**
     * The settings {@code celeriac.worker.periodic-tasks.*}.
     *
     * @param enabled whether the schedules are declared
     * @param deleteGone whether schedules are deleted that this application declared before and no longer declares, unless a person
     *     has changed them. Only for an application whose workers all have the same periodic tasks
     * @param source name under which the application declares its schedules; unset: {@code spring.application.name}
     */
    public record PeriodicTaskSettings(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("false") boolean deleteGone,
            @Nullable String source) {}

    public WorkerProperties {
        if (queues.isEmpty()) {
            throw new IllegalArgumentException("celeriac.worker.queues must name at least one queue");
        }
        queues.forEach(TaskRules::queue);
        positive("concurrency", concurrency == null ? 1 : concurrency);
        positive("stream-threads", streamThreads);
        positive("window", window);
        positive("max-parked", maxParked);
        positive("max-held", maxHeld);
        if (maxDeaths < 0) {
            throw new IllegalArgumentException("celeriac.worker.max-deaths must not be negative, but is " + maxDeaths);
        }
        if (keepConsumed.isNegative()) {
            throw new IllegalArgumentException(
                    "celeriac.worker.keep-consumed must not be negative, but is " + keepConsumed);
        }
        if (standbys > 0 && groupProtocol == GroupProtocol.STREAMS) {
            throw new IllegalArgumentException("celeriac.worker.standbys has no effect with the group protocol streams:"
                    + " leave it at 0, and set streams.num.standby.replicas of the group on the broker");
        }
        id = id == null ? generatedId() : id;
    }

    private static void positive(String setting, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("celeriac.worker." + setting + " must be at least 1, but is " + value);
        }
    }

    private static String generatedId() {
        return hostName() + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            return "worker"; // a host without a name of its own
        }
    }

    Map<String, HandlerLimits> handlerLimits() {
        var limits = new HashMap<String, HandlerLimits>();
        handler.forEach((name, own) -> limits.put(name, limits(name, own)));
        return limits;
    }

    private static HandlerLimits limits(String name, HandlerOverrides own) {
        try {
            return new HandlerLimits(own.concurrency, own.rateLimit == null ? null : RateLimit.parse(own.rateLimit));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("celeriac.worker.handler." + name + ": " + e.getMessage(), e);
        }
    }

    /** The guarantee of a queue. */
    Guarantee guaranteeOf(String name) {
        var own = queue.get(name);
        return own == null || own.guarantee == null ? guarantee : own.guarantee;
    }

    Duration deduplicationOf(String name) {
        var own = queue.get(name);
        return own == null || own.deduplication == null ? deduplication : own.deduplication;
    }

    Order orderOf(String name) {
        var own = queue.get(name);
        return own == null || own.order == null ? order : own.order;
    }

    String workerId() {
        return String.valueOf(id);
    }
}
