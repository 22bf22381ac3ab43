package io.celeriac.engine.stream;

import io.celeriac.contract.task.Task;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.attempt.Attempt;
import io.celeriac.engine.attempt.AttemptQueue;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.poison.OwnerMark;
import io.celeriac.engine.poison.PoisonPillGuard;
import io.celeriac.engine.poison.Quarantine;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.SourceRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Workers that die, with no more of the engine than what finds poison pills: {@link PoisonPillGuard}, {@link Quarantine} and the marks of
 * the partitions. Time jumps, so that hundreds of deaths take a second.
 */
final class SimulatedMachine {

    static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    private static final Duration STEP = Duration.ofMillis(50);
    private static final int COMMIT_STEPS = 2;
    private static final int WINDOW = 20;
    private static final int MAX_DEATHS = 3;
    private static final Duration ABSENCE = Duration.ofSeconds(6); // until the others notice
    private static final Handler HANDLER = Handler.of("task", (task, context) -> null);
    private static final AttemptQueue LANE =
            new AttemptQueue(() -> {}, new EngineMetrics(new SimpleMeterRegistry(), "default"));

    /**
     * A task.
     *
     * @param lasts until it ends by itself
     * @param kills how long after its beginning its process dies; null for never
     */
    record Work(String id, Duration lasts, @Nullable Duration kills) {}

    /** A partition, as its topic and its changelog keep it. */
    private static final class Partition {

        final int number;
        final Queue<Work> topic = new ArrayDeque<>();
        final Map<String, Work> unfinished = new LinkedHashMap<>();
        final Map<String, Integer> deaths = new HashMap<>();
        byte @Nullable [] mark;
        long offset;

        @Nullable
        Life owner;

        Instant freeAt = Instant.MIN;

        Partition(int number) {
            this.number = number;
        }
    }

    /** What a process has of a partition. */
    private final class Owned {

        final Partition partition;
        final PoisonPillGuard caution;
        final Map<String, Instant> running = new LinkedHashMap<>();
        final Set<String> taken = new HashSet<>();
        final Set<String> done = new HashSet<>(); // not yet committed
        long flushes;

        Owned(Life process, Partition partition) {
            this.partition = partition;
            caution = new PoisonPillGuard(
                    new PoisonPillGuard.Threads() {
                        @Override
                        public int concurrency() {
                            return threads;
                        }

                        @Override
                        public boolean isAtLimit(Handler handler) {
                            return false;
                        }

                        @Override
                        public Map<String, Instant> running() {
                            return running;
                        }
                    },
                    MAX_DEATHS,
                    process.quarantine,
                    id -> partition.unfinished.containsKey(id) && !done.contains(id));
            var former = partition.mark == null ? null : OwnerMark.of(partition.mark);
            caution.start(former, process.name, now, flushes)
                    .forEach(id -> partition.deaths.merge(id, 1, Integer::sum));
            partition.unfinished.keySet().stream()
                    .filter(id -> caution.condemns(accepted(partition, id)))
                    .toList()
                    .forEach(id -> condemn(partition, id));
        }
    }

    /** A worker's process. */
    private static final class Life {

        final String name;
        final Quarantine quarantine = new Quarantine();
        final List<Owned> owned = new ArrayList<>();
        final Queue<Map.Entry<Owned, String>> ready = new ArrayDeque<>();
        final Instant born;

        Life(String name, Instant born) {
            this.name = name;
            this.born = born;
        }
    }

    private final Random random;
    private final int threads;
    private final List<Partition> partitions = new ArrayList<>();
    private final List<Life> processes = new ArrayList<>();
    private final Map<String, Integer> condemned = new LinkedHashMap<>(); // deaths by that time
    private Instant now = START;
    private int births;
    private int deaths;
    private long steps;
    private int ended;
    private Duration longestWait = Duration.ZERO;

    SimulatedMachine(long seed, int workers, int partitionCount, int threads) {
        random = new Random(seed);
        this.threads = threads;
        for (int i = 0; i < partitionCount; i++) {
            partitions.add(new Partition(i));
        }
        for (int i = 0; i < workers; i++) {
            start();
        }
    }

    private void start() {
        processes.add(new Life("process-" + ++births, now));
    }

    Random random() {
        return random;
    }

    Instant now() {
        return now;
    }

    int deaths() {
        return deaths;
    }

    /** How many tasks have come to their end. */
    int ended() {
        return ended;
    }

    Duration longestWait() {
        return longestWait;
    }

    /** The tasks that were set aside, and how many processes had died of anything by then. */
    Map<String, Integer> condemned() {
        return condemned;
    }

    Duration age(int process) {
        return Duration.between(processes.get(process).born, now);
    }

    int processes() {
        return processes.size();
    }

    void submit(Work work) {
        partitions.get(random.nextInt(partitions.size())).topic.add(work);
    }

    /** How many tasks of the topics have not been read. */
    int backlog() {
        return partitions.stream().mapToInt(partition -> partition.topic.size()).sum();
    }

    /** The machine kills a process, and another is started at once. */
    void kill(int which) {
        var process = processes.remove(which);
        deaths++;
        for (var owned : process.owned) {
            owned.partition.owner = null;
            owned.partition.freeAt = now.plus(processes.isEmpty() ? Duration.ofMillis(500) : ABSENCE);
        }
        start();
    }

    /** Time passes. */
    void step() {
        now = now.plus(STEP);
        steps++;
        for (var partition : partitions) {
            if (partition.owner == null && !now.isBefore(partition.freeAt)) {
                assign(partition);
            }
        }
        for (var process : List.copyOf(processes)) {
            if (!live(process)) {
                kill(processes.indexOf(process));
            }
        }
    }

    private void assign(Partition partition) {
        var process = processes.get(partition.number % processes.size());
        partition.owner = process;
        process.owned.add(new Owned(process, partition));
    }

    /** A pass of all partitions of a process; whether it lives. */
    private boolean live(Life process) {
        for (var owned : process.owned) {
            for (var running : owned.running.entrySet()) {
                var work = owned.partition.unfinished.get(running.getKey());
                if (work.kills != null && !now.isBefore(running.getValue().plus(work.kills))) {
                    return false;
                }
            }
            end(owned);
        }
        var commits = false;
        for (var owned : process.owned) {
            take(process, owned);
            for (var held : owned.caution.release(owned.flushes, now)) {
                process.ready.add(Map.entry(owned, held.id()));
            }
            commits |= owned.caution.wantsCommit(now);
        }
        begin(process);
        for (var owned : process.owned) { // those that kill at once do so before the next commit
            for (var id : owned.running.keySet()) {
                var work = owned.partition.unfinished.get(id);
                if (work.kills != null && work.kills.compareTo(STEP) < 0) {
                    return false;
                }
            }
        }
        if (commits || steps % COMMIT_STEPS == 0) {
            process.owned.forEach(owned -> commit(process, owned));
        }
        var wait = process.quarantine.longestWait(now);
        longestWait = wait.compareTo(longestWait) > 0 ? wait : longestWait;
        return true;
    }

    private void end(Owned owned) {
        var over = owned.running.entrySet().stream()
                .filter(one -> !now.isBefore(one.getValue().plus(owned.partition.unfinished.get(one.getKey()).lasts)))
                .map(Map.Entry::getKey)
                .toList();
        for (var id : over) {
            owned.running.remove(id);
            owned.done.add(id);
            owned.caution.forget(id, now);
        }
    }

    private void take(Life process, Owned owned) {
        var partition = owned.partition;
        while (partition.unfinished.size() - owned.done.size() < WINDOW && !partition.topic.isEmpty()) {
            var work = partition.topic.remove();
            partition.unfinished.put(work.id, work);
        }
        if (owned.taken.size() - owned.done.size() >= partition.unfinished.size() - owned.done.size()) {
            return;
        }
        for (var id : partition.unfinished.keySet()) {
            if (!owned.done.contains(id) && owned.taken.add(id)) {
                var task = accepted(partition, id);
                if (owned.caution.isCalledFor(task, now)) {
                    owned.caution.hold(new PoisonPillGuard.Held(new Attempt(LANE, task, HANDLER), 0), now);
                } else {
                    process.ready.add(Map.entry(owned, id));
                }
            }
        }
    }

    private void begin(Life process) {
        var free = threads
                - process.owned.stream().mapToInt(owned -> owned.running.size()).sum();
        for (; free > 0 && !process.ready.isEmpty(); free--) {
            var next = process.ready.remove();
            next.getKey().running.put(next.getValue(), now);
        }
    }

    private void commit(Life process, Owned owned) {
        owned.partition.mark = owned.caution.mark(process.name, now).bytes();
        owned.flushes++;
        for (var id : owned.done) {
            owned.partition.unfinished.remove(id);
            owned.taken.remove(id);
            ended++;
        }
        owned.done.clear();
    }

    private void condemn(Partition partition, String id) {
        partition.unfinished.remove(id);
        condemned.put(id, deaths);
    }

    private static AcceptedTask accepted(Partition partition, String id) {
        var origin = new SourceRecord(
                "default", "t", partition.number, partition.offset++, START, null, new byte[0], new RecordHeaders());
        return AcceptedTask.first(origin, Task.named("task").id(id).build(), START);
    }
}
