package io.celeriac.engine.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.store.LogKey;
import io.celeriac.engine.store.LogKey.Kind;
import io.celeriac.engine.store.StoredTask;
import io.celeriac.engine.store.StoredTaskCodec;
import io.celeriac.engine.stream.LifeStep.Plan;
import io.celeriac.engine.stream.SimulatedCluster.Input;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.OutboundRecord.Destination;
import io.celeriac.engine.task.QueueProperties;
import io.celeriac.engine.task.QueueProperties.Order;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;

/**
 * What must hold of the tasks of a partition, whatever happens, beside what has happened to them so far. The rules have
 * their numbers from {@link TaskLifePropertiesTest}.
 *
 * <p>It keeps a small model of each task twice: as it is now, and as the last completed commit had it, which is what an
 * owner that takes over can rely on. Under exactly-once it finds precisely that. Under at-least-once it may find some of
 * what came after: then the model knows less, and asks less.
 */
final class TaskLives implements SimulatedPartition.Watcher {

    private static final Set<Kind> OF_OWNERS = EnumSet.of(Kind.MARK, Kind.TERM, Kind.PROGRESS);

    /** How often a task is tried. */
    static final int MAX_ATTEMPTS = 3;

    /** A task that was submitted, once or several times. */
    record Submitted(Plan plan, Task task) {

        String id() {
            return Objects.requireNonNull(task.id());
        }

        byte[] key() {
            return task.partitionKey().getBytes(UTF_8);
        }

        byte[] value() {
            return TaskJson.bytes(task);
        }

        /** Of the last attempt. */
        int attempts() {
            return switch (plan) {
                case SUCCEEDS, SUCCEEDS_WITH_CHILDREN, FAILS -> 1;
                case FAILS_ONCE -> 2;
                case FAILS_ALWAYS -> MAX_ATTEMPTS;
                case UNHEARD_OF -> 0;
            };
        }

        TaskState outcome() {
            return switch (plan) {
                case SUCCEEDS, SUCCEEDS_WITH_CHILDREN, FAILS_ONCE -> TaskState.SUCCESS;
                case FAILS, FAILS_ALWAYS, UNHEARD_OF -> TaskState.FAILURE;
            };
        }
    }

    /** What is known of a task. */
    private record Known(
            int accepted,
            long offset,
            boolean unfinished,
            boolean finished,
            boolean uncertain,
            boolean endedElsewhere,
            int attempts,
            long revision,
            long revisionLogged) {

        private static final Known NOTHING = new Known(0, -1, false, false, false, false, 0, 0, 0);

        private Known taken(long newOffset) {
            return new Known(accepted + 1, newOffset, true, false, false, false, 0, 0, 0);
        }

        private Known published(long newRevision) {
            return new Known(
                    accepted,
                    offset,
                    unfinished,
                    finished,
                    uncertain,
                    endedElsewhere,
                    attempts,
                    newRevision,
                    revisionLogged);
        }

        private Known retried(int attempt) {
            return new Known(
                    accepted, offset, unfinished, finished, uncertain, endedElsewhere, attempt, revision, revision);
        }

        private Known ended() {
            return new Known(accepted, offset, false, true, false, false, attempts, revision, revisionLogged);
        }

        /** As its next owner finds it. */
        private Known restored(boolean found, boolean ended, Known last) {
            var same = accepted == last.accepted;
            var touched = !equals(last);
            return new Known(
                    accepted,
                    offset,
                    touched ? found : unfinished,
                    finished,
                    uncertain || touched,
                    ended,
                    same ? attempts : 0,
                    same ? revisionLogged : 0,
                    same ? revisionLogged : 0);
        }

        private boolean isCertainlyUnfinished() {
            return unfinished && !uncertain;
        }
    }

    private static final String COMMITS = "  commits";

    private final Order order;
    private final boolean exactlyOnce;
    private final boolean remembers;
    private final StoredTaskCodec codec;
    private final Revocations revocations;
    private final InstantSource clock;
    private final MeterRegistry metrics;

    private final Map<String, Submitted> submitted = new LinkedHashMap<>();
    private final Map<String, Integer> failedAttempts = new HashMap<>();
    private final Map<String, Boolean> ranToTheirEnd = new HashMap<>();
    private final Map<TaskState, Integer> published = new EnumMap<>(TaskState.class);
    private final List<String> story = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private Map<String, Known> now = new LinkedHashMap<>();
    private Map<String, Known> committed = Map.of();
    private Map<String, Double> countsBefore = Map.of();
    private Known knownBefore = Known.NOTHING;

    TaskLives(QueueProperties settings, Revocations revocations, InstantSource clock, MeterRegistry metrics) {
        this.order = settings.order();
        this.exactlyOnce = settings.exactlyOnce();
        this.remembers = !settings.deduplication().isZero();
        this.codec = new StoredTaskCodec(settings.queue(), settings.topic(), (task, why) -> List.of());
        this.revocations = revocations;
        this.clock = clock;
        this.metrics = metrics;
    }

    void submitted(Submitted task) {
        submitted.put(task.id(), task);
    }

    List<Submitted> submitted() {
        return List.copyOf(submitted.values());
    }

    void tell(String sentence) {
        story.add(sentence);
    }

    String story() {
        return String.join("\n  ", story);
    }

    private void violated(String rule, String how) {
        tell("VIOLATED " + rule + ": " + how);
        violations.add(rule + ": " + how);
    }

    /** Fails with the whole story as soon as a rule is broken. */
    void check() {
        if (!violations.isEmpty()) {
            throw new AssertionError(violations.get(0) + "\n  " + story());
        }
    }

    /** Something came of the engine that no failure of the outside explains. */
    AssertionError broken(Throwable why) {
        return new AssertionError("the engine fails by itself\n  " + String.join("\n  ", story), why);
    }

    private Known known(String id) {
        return now.getOrDefault(id, Known.NOTHING);
    }

    // What happens to records

    @Override
    public void taking(Input record, long offset) {
        countsBefore = counts();
        if (record.id() != null) {
            knownBefore = known(record.id());
            if (!knownBefore.uncertain && !isDuplicate(knownBefore)) {
                now.put(record.id(), knownBefore.taken(offset));
            }
        }
    }

    private boolean isDuplicate(Known before) {
        return before.unfinished || (before.finished && remembers);
    }

    @Override
    public void took(Input record, long offset) {
        var counted = new ArrayList<String>();
        counts().forEach((meter, count) -> {
            if (count > countsBefore.getOrDefault(meter, 0.0)) {
                counted.add(meter);
            }
        });
        tell("  takes " + record.what() + ": " + String.join(", ", counted));
        if (record.id() == null) {
            if (!counted.equals(List.of("unreadable"))) {
                violated("I6", record.what() + " is counted as " + counted);
            }
        } else if (knownBefore.uncertain) {
            if (counted.contains("accepted") && known(record.id()).equals(knownBefore)) {
                now.put(record.id(), knownBefore.taken(offset));
            }
        } else if (!counted.equals(List.of(isDuplicate(knownBefore) ? "duplicate" : "accepted"))) {
            violated("I5", record.what() + " is counted as " + counted);
        }
    }

    private Map<String, Double> counts() {
        var counts = new LinkedHashMap<String, Double>();
        for (var meter : List.of("accepted", "duplicate", "unreadable")) {
            var ofAllReasons = metrics.get("celeriac.tasks." + meter).counters();
            counts.put(meter, ofAllReasons.stream().mapToDouble(Counter::count).sum());
        }
        return counts;
    }

    // What happens to attempts

    void begins(SimulatedWorker worker, String id, int attempt) {
        tell("  " + worker.name() + " begins attempt " + attempt + " of " + id);
        var task = submitted.get(id).task();
        if (revocations.contains(id)) {
            violated("I2", id + " begins although it was revoked");
        }
        if (task.eta() != null && clock.instant().isBefore(task.eta())) {
            violated("I2", id + " begins before its eta");
        }
        if (task.expires() != null && clock.instant().isAfter(task.expires())) {
            violated("I2", id + " begins after it has expired");
        }
        var most = failedAttempts.getOrDefault(id, 0) + 1;
        if (attempt <= known(id).attempts || attempt > most) {
            violated("I4", id + " begins attempt " + attempt + ", between " + known(id).attempts + " and " + most);
        }
        worker.held().forEach(hand -> checkBeside(id, hand.call().id()));
        submitted.keySet().forEach(other -> checkTurn(id, other));
    }

    private void checkBeside(String id, String running) {
        if (running.equals(id)) {
            violated("I3", id + " runs twice at once");
        } else if (inOneChain(id, running) && known(running).isCertainlyUnfinished()) {
            violated("I3", id + " begins while " + running + " of the same chain runs");
        }
    }

    private void checkTurn(String id, String other) {
        var mine = known(id);
        var others = known(other);
        if (!other.equals(id)
                && inOneChain(id, other)
                && mine.isCertainlyUnfinished()
                && others.isCertainlyUnfinished()
                && others.offset < mine.offset
                && !others.endedElsewhere
                && !ranToTheirEnd.getOrDefault(other, false)
                && hasNoTimeOfItsOwn(id)
                && hasNoTimeOfItsOwn(other)) {
            violated("I3", id + " begins before " + other + ", which comes before it in its chain");
        }
    }

    /** Where a task waits for its eta, those behind it go on: it takes its place in the chain when it is due. */
    private boolean hasNoTimeOfItsOwn(String id) {
        return submitted.get(id).task().eta() == null;
    }

    private boolean inOneChain(String id, String other) {
        return switch (order) {
            case UNORDERED -> false;
            case KEY ->
                Arrays.equals(submitted.get(id).key(), submitted.get(other).key());
            case PARTITION -> true;
        };
    }

    /** A handler comes back by itself. */
    void returns(SimulatedWorker worker, String id, int attempt) {
        tell("  " + worker.name() + " ends attempt " + attempt + " of " + id);
        if (attempt < submitted.get(id).attempts()) {
            failedAttempts.merge(id, attempt, Math::max);
        } else {
            ranToTheirEnd.put(id, true);
        }
    }

    // What happens to results

    @Override
    public void publishes(OutboundRecord publication) {
        if (publication.destination() == Destination.RESULTS) {
            publishes(TaskJson.result(publication.value()));
        }
    }

    private void publishes(TaskResult result) {
        var id = result.id();
        tell("  publishes " + result.state() + " of " + id + ", attempt " + result.attempt() + ", revision "
                + result.revision());
        published.merge(result.state(), 1, Integer::sum);
        if (result.revision() <= known(id).revision) {
            violated("I4", id + " goes from revision " + known(id).revision + " to " + result.revision());
        }
        now.put(id, known(id).published(result.revision()));
        if (result.state() == TaskState.RETRY) {
            retried(id, result.attempt());
        } else if (result.state().isFinal()) {
            ended(id, result);
        }
    }

    private void retried(String id, int attempt) {
        if (attempt <= known(id).attempts || attempt > failedAttempts.getOrDefault(id, 0)) {
            violated("I4", id + " fails at attempt " + attempt + " after attempt " + known(id).attempts);
        }
        now.put(id, known(id).retried(attempt));
    }

    private void ended(String id, TaskResult result) {
        var before = known(id);
        if (!before.unfinished && !before.uncertain) {
            violated("I1", id + " comes to an end a second time");
        }
        checkOutcome(submitted.get(id), result);
        now.put(id, before.ended());
    }

    private void checkOutcome(Submitted task, TaskResult result) {
        if (result.state() == TaskState.REVOKED) {
            if (!mayBeRevoked(task)) {
                violated("I1", task.id() + " ends as REVOKED, which nobody asked for");
            }
            return;
        }
        if (result.state() != task.outcome()) {
            violated("I1", task.id() + " ends as " + result.state() + " and not as " + task.outcome());
        }
        if (result.attempt() != task.attempts()) {
            violated("I4", task.id() + " ends at attempt " + result.attempt() + " and not " + task.attempts());
        }
        if (task.plan() != Plan.UNHEARD_OF && !ranToTheirEnd.getOrDefault(task.id(), false)) {
            violated("I1", task.id() + " ends as " + result.state() + " without having run");
        }
    }

    private boolean mayBeRevoked(Submitted task) {
        return revocations.contains(task.id())
                || (task.task().expires() != null
                        && clock.instant().isAfter(task.task().expires()));
    }

    // What happens to owners

    @Override
    public void committed() {
        if (!story.get(story.size() - 1).equals(COMMITS)) {
            tell(COMMITS);
        }
        committed = new LinkedHashMap<>(now);
    }

    /** An owner takes over, and finds this. */
    void restoring(Map<Bytes, byte[]> changelog) {
        var restored = new LinkedHashMap<String, Known>();
        now.forEach((id, last) -> {
            var stored = latest(changelog, id).map(bytes -> codec.decode(id, bytes));
            var ended = stored.isPresent() && stored.get() instanceof StoredTask.Ended;
            var before = committed.getOrDefault(id, Known.NOTHING);
            restored.put(id, before.restored(stored.isPresent(), ended, exactlyOnce ? before : last));
        });
        now = restored;
    }

    private static Optional<byte[]> latest(Map<Bytes, byte[]> changelog, String id) {
        return changelog.entrySet().stream()
                .filter(entry -> isOf(id, LogKey.parse(entry.getKey().get())))
                .max(Comparator.comparingLong(
                        entry -> LogKey.parse(entry.getKey().get()).term()))
                .map(Map.Entry::getValue);
    }

    private static boolean isOf(String id, LogKey key) {
        return key.kind() == Kind.TASK && key.id().equals(id);
    }

    /** Whether a task that was accepted has not come to its end, as far as is known. */
    boolean anyUnfinished() {
        return now.values().stream().anyMatch(Known::unfinished);
    }

    // What must hold when all is quiet

    void checkWhenQuiet(SimulatedCluster cluster) {
        var results = cluster.published().stream()
                .filter(publication -> publication.destination() == Destination.RESULTS)
                .map(publication -> TaskJson.result(publication.value()))
                .toList();
        for (var task : submitted.values()) {
            checkEnd(
                    task,
                    results.stream()
                            .filter(result -> result.id().equals(task.id()))
                            .toList());
        }
        checkChildren(results, cluster);
        checkDeadLetters(cluster);
        checkCounters();
    }

    /** A success whose worker died before all of it was durable runs again, unless the task has expired by then. */
    private static boolean isToldAsExpired(String id, List<TaskResult> results) {
        return results.stream().anyMatch(result -> result.id().equals(id) && result.state() == TaskState.REVOKED);
    }

    private void checkChildren(List<TaskResult> results, SimulatedCluster cluster) {
        var emitted = cluster.published().stream()
                .filter(publication -> publication.destination() == Destination.NEXT_STEPS)
                .map(publication -> TaskJson.task(publication.value()).id())
                .collect(toSet());
        results.stream()
                .filter(result -> result.state() == TaskState.SUCCESS && !isToldAsExpired(result.id(), results))
                .flatMap(result -> result.children().stream())
                .filter(child -> !emitted.contains(child))
                .forEach(child -> violated("I8", "the child " + child + " is lost"));
        for (var task : submitted.values()) {
            var named = results.stream()
                    .filter(result -> result.id().equals(task.id()) && result.state() == TaskState.SUCCESS);
            if (task.plan() == Plan.SUCCEEDS_WITH_CHILDREN
                    && named.anyMatch(result -> result.children().size() != 2)) {
                violated("I8", task.id() + " has not the children that it emitted");
            }
        }
    }

    private void checkEnd(Submitted task, List<TaskResult> results) {
        var id = task.id();
        var taken = known(id).accepted;
        var ends = results.stream().filter(result -> result.state().isFinal()).toList();
        if (ends.isEmpty()) {
            violated("I1", id + " is lost");
        } else if (exactlyOnce && ends.size() != taken) {
            violated("I1", id + " was accepted " + taken + " times and has " + ends.size() + " outcomes");
        } else if (ends.size() > 1 && !mayBeRevoked(task)) {
            var states = ends.stream().map(TaskResult::state).distinct().toList();
            if (states.size() > 1) {
                violated("I1", id + " has outcomes that contradict each other: " + states);
            }
        }
        var last = ends.isEmpty() ? null : ends.get(ends.size() - 1);
        if (exactlyOnce && taken == 1 && last != null && last.state() != TaskState.REVOKED) {
            var retries = results.stream()
                    .filter(result -> result.state() == TaskState.RETRY)
                    .count();
            if (retries != Math.max(0, task.attempts() - 1)) {
                violated("I4", id + " ended at attempt " + last.attempt() + " and published " + retries + " retries");
            }
        }
    }

    private void checkDeadLetters(SimulatedCluster cluster) {
        var letters = cluster.published().stream()
                .filter(publication -> publication.destination() == Destination.DEAD_LETTERS)
                .toList();
        for (int offset = 0; offset < cluster.topic().size(); offset++) {
            var input = cluster.topic().get(offset);
            var place = offset;
            var mine =
                    letters.stream().filter(letter -> offsetOf(letter) == place).toList();
            var garbage = input.id() == null;
            if (garbage && (mine.isEmpty() || (exactlyOnce && mine.size() > 1))) {
                violated("I6", input.what() + " has " + mine.size() + " dead letters");
            }
            for (var letter : mine) {
                if (!Arrays.equals(letter.value(), input.value()) || !Arrays.equals(letter.key(), input.key())) {
                    violated("I6", input.what() + " is changed in its dead letter");
                }
            }
        }
    }

    private static long offsetOf(OutboundRecord letter) {
        var headers = new RecordHeaders();
        letter.headers().forEach(headers::add);
        return Objects.requireNonNull(DeadLetter.from(headers)).offset();
    }

    private void checkCounters() {
        for (var state : List.of(TaskState.SUCCESS, TaskState.FAILURE, TaskState.REVOKED)) {
            var counted = metrics.get("celeriac.tasks.finished")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .counter()
                    .count();
            checkCounter(state, counted);
        }
        checkCounter(
                TaskState.RETRY, metrics.get("celeriac.tasks.retried").counter().count());
    }

    private void checkCounter(TaskState state, double counted) {
        if (counted != published.getOrDefault(state, 0)) {
            violated(
                    "I7",
                    state + " was published " + published.getOrDefault(state, 0) + " times and counted " + counted);
        }
    }

    /** After the deduplication window; what tells of the partition's owners stays. */
    void checkNothingIsKept(SimulatedCluster cluster, Optional<String> unrest) {
        var kept = cluster.changelog().keySet().stream()
                .filter(key -> !OF_OWNERS.contains(LogKey.parse(key.get()).kind()))
                .toList();
        if (!kept.isEmpty()) {
            violated("I7", "the store still holds " + kept);
        }
        unrest.ifPresent(what -> violated("I7", "nothing is left to do, but " + what));
    }

    void quietWithout(String what) {
        violated("I7", "all should be quiet, but " + what);
    }
}
