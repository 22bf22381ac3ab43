package io.celeriac.engine.readiness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.task.Task;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.attempt.AttemptQueue;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerLimits;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.poison.PoisonPillGuard;
import io.celeriac.engine.poison.Quarantine;
import io.celeriac.engine.readiness.Gate.Verdict;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.QueueProperties.Order;
import io.celeriac.engine.task.SourceRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReadinessTest {

    /** What may keep a task from running, in the order in which the gates ask. */
    private enum Reason {
        REVOKED(Verdict.REVOKED, null),
        EXPIRED(Verdict.EXPIRED, null),
        EARLY(Verdict.WAIT, Stage.ETA),
        TURN_TAKEN(Verdict.WAIT, Stage.TURN),
        POISONOUS(Verdict.POISONOUS, null),
        NO_HANDLER(Verdict.WAIT, Stage.HANDLER),
        AT_LIMIT(Verdict.WAIT, Stage.HANDLER_LIMIT),
        QUARANTINED(Verdict.WAIT, Stage.QUARANTINE);

        private final Verdict verdict;
        private final Stage stage;

        Reason(Verdict verdict, Stage stage) {
            this.verdict = verdict;
            this.stage = stage;
        }
    }

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int WINDOW = 2; // so that one task of a handler with a limit is dispatched

    private final Set<String> revoked = new HashSet<>();
    private final Set<String> poisonous = new HashSet<>();
    private final List<Stage> held = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Dispatcher dispatcher = new Dispatcher(attempt -> {}, timer, 4, null, () -> NOW);
    private final AttemptQueue attempts =
            new AttemptQueue(() -> {}, new EngineMetrics(new SimpleMeterRegistry(), "default"));
    private final Handler plain = Handler.of("plain", (task, context) -> null);
    private final Handler limited =
            Handler.of("limited", (task, context) -> null).limited(new HandlerLimits(1, null));
    private final HandlerRegistry handlers = new HandlerRegistry(List.of(plain, limited));

    private final KeyOrder keyOrder = new KeyOrder(Order.KEY);
    private final Window window = new Window();
    private final DueGate parking = new DueGate(keyOrder, Duration.ZERO, task -> window.contains(task.id()));
    private final MissingHandlerGate missing =
            new MissingHandlerGate(new TopicPartition("celeriac.tasks.default", 0), parking, PATIENCE, Duration.ZERO);
    private final HandlerLimitQueue limits = new HandlerLimitQueue(WINDOW, Handler::limits);
    private final PoisonPillGuard guard = new PoisonPillGuard(new NoThreads(), 3, new Quarantine(), id -> true);
    private final ThreadGate threads = new ThreadGate(attempts, dispatcher, handlers, window, guard::holds);
    private final Readiness readiness = new Readiness(
            List.of(
                    new RevocationGate(revoked::contains, task -> false),
                    new ExpiryGate(task -> false),
                    parking,
                    keyOrder,
                    new PoisonGate(task -> poisonous.contains(task.id())),
                    missing,
                    limits,
                    window,
                    new QuarantineGate(guard, threads, window, task -> false),
                    threads),
            held::add);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    static Stream<Set<Reason>> combinations() {
        var sets = List.of(EnumSet.noneOf(Reason.class));
        for (var reason : Reason.values()) {
            var more = new ArrayList<>(sets);
            for (var set : sets) {
                var with = EnumSet.copyOf(set);
                with.add(reason);
                more.add(with);
            }
            sets = more;
        }
        return sets.stream().map(set -> set);
    }

    /** The first reason in the order of the gates decides, and starting, explaining and withdrawing name the same. */
    @ParameterizedTest
    @MethodSource("combinations")
    void startsExplainsAndWithdrawsByTheSameReason(Set<Reason> reasons) {
        var candidate = arrange(reasons);
        var first = reasons.stream().findFirst();

        assertThat(readiness.start(candidate, NOW))
                .isEqualTo(first.map(reason -> reason.verdict).orElse(Verdict.PASS));

        if (first.isPresent() && first.get().stage == null) {
            assertThat(attempts.withdraw(candidate.id()))
                    .as("nothing of it begins")
                    .isFalse();
            assertThat(held).isEmpty();
            return;
        }
        var stage = first.map(reason -> reason.stage).orElse(Stage.THREAD);
        assertThat(readiness.explain(candidate, NOW))
                .isNotNull()
                .extracting(Wait::stage)
                .isEqualTo(stage);
        assertThat(held).isEqualTo(stage == Stage.THREAD || stage == Stage.ETA ? List.of() : List.of(stage));
        assertThat(readiness.withdraw(candidate)).isTrue();
        assertThat(attempts.withdraw(candidate.id()))
                .as("it is nowhere any more")
                .isFalse();
        assertThat(parking.size() + parking.withTurn()).isZero();
        assertThat(keyOrder.waiting()).isZero();
        assertThat(limits.size()).isZero();
    }

    @Test
    void withdrawsNothingOfATaskThatRuns() {
        var candidate = arrange(Set.of());
        readiness.start(candidate, NOW);
        attempts.withdraw(candidate.id()); // as a thread takes it

        assertThat(readiness.withdraw(candidate)).isFalse();
    }

    @Test
    void saysUntilWhenATaskWaits() {
        var early = arrange(Set.of(Reason.EARLY));
        readiness.start(early, NOW);
        assertThat(readiness.explain(early, NOW)).isEqualTo(new Wait(Stage.ETA, NOW, NOW.plusSeconds(60)));
        assertThat(readiness.explain(early, NOW.plusSeconds(61)))
                .as("due, and not taken yet")
                .isEqualTo(new Wait(Stage.WINDOW, NOW.plusSeconds(60), null));
    }

    /** It fails by its attempt, whose handler tells which names there are. */
    @Test
    void letsATaskWithoutAHandlerPassAfterItsPatience() {
        var candidate = arrange(Set.of(Reason.NO_HANDLER));
        readiness.start(candidate, NOW);
        assertThat(readiness.explain(candidate, NOW)).isEqualTo(new Wait(Stage.HANDLER, NOW, NOW.plus(PATIENCE)));

        assertThat(readiness.start(candidate, NOW.plus(PATIENCE))).isEqualTo(Verdict.PASS);
        assertThat(readiness.explain(candidate, NOW.plus(PATIENCE)))
                .isNotNull()
                .extracting(Wait::stage)
                .isEqualTo(Stage.THREAD);
    }

    /** Otherwise the stream thread would take and park it again within one pass, without an end. */
    @Test
    void takesATaskWithoutAHandlerNotBeforeItPasses() {
        var ahead = Duration.ofMillis(500);
        var due = new DueGate(keyOrder, ahead, task -> false);
        var gate = new MissingHandlerGate(new TopicPartition("celeriac.tasks.default", 0), due, PATIENCE, ahead);
        var candidate = arrange(Set.of(Reason.NO_HANDLER));
        assertThat(gate.admit(candidate, NOW.plusNanos(900_000))).isEqualTo(Verdict.WAIT);

        var tooEarly = NOW.plus(PATIENCE).minus(ahead).plusNanos(200_000);
        assertThat(due.take(tooEarly)).isNull();
        assertThat(due.take(tooEarly.plusMillis(1))).isEqualTo("task");
        assertThat(gate.admit(candidate, tooEarly.plusMillis(1))).isEqualTo(Verdict.PASS);
    }

    /** An earlier gate may end it before it comes to the limit again: expired, revoked or poisonous. */
    @Test
    void givesThePlaceOfAHandlersLimitOnWhenTheTaskThatGetsItEndsAtOnce() {
        var first = limited("first", 1);
        var second = limited("second", 2);
        var third = limited("third", 3);
        assertThat(limits.admit(first, NOW)).isEqualTo(Verdict.PASS);
        assertThat(limits.admit(second, NOW)).isEqualTo(Verdict.WAIT);
        assertThat(limits.admit(third, NOW)).isEqualTo(Verdict.WAIT);

        assertThat(limits.leave(first, id -> true)).containsExactly("second");
        assertThat(limits.leave(second, id -> true)).containsExactly("third");
        assertThat(limits.admit(third, NOW)).isEqualTo(Verdict.PASS);
        assertThat(limits.admit(limited("fourth", 4), NOW)).isEqualTo(Verdict.WAIT);
    }

    private Candidate limited(String id, long offset) {
        return new Candidate(new Waiting(accepted(Task.named("limited").id(id).build(), offset), 0), limited);
    }

    private Candidate arrange(Set<Reason> reasons) {
        guard.start(null, "process", NOW, 0);
        if (!reasons.contains(Reason.QUARANTINED)) {
            guard.release(1, NOW); // the owner's beginning is on record
        }
        var name = reasons.contains(Reason.NO_HANDLER)
                ? "absent"
                : reasons.contains(Reason.AT_LIMIT) ? "limited" : "plain";
        var task = Task.named(name).id("task");
        if (reasons.contains(Reason.EXPIRED)) {
            task.expires(NOW.minusSeconds(1));
        }
        if (reasons.contains(Reason.REVOKED)) {
            revoked.add("task");
        }
        if (reasons.contains(Reason.POISONOUS)) {
            poisonous.add("task");
        }
        if (reasons.contains(Reason.TURN_TAKEN)) {
            keyOrder.enter(accepted(Task.named("plain").id("before").build(), 1), NOW);
        }
        var candidate = new Candidate(
                new Waiting(
                        accepted(task.build(), 2),
                        reasons.contains(Reason.EARLY) ? NOW.plusSeconds(60).toEpochMilli() : 0),
                handlers.find(name).orElse(null));
        if (reasons.contains(Reason.AT_LIMIT)) {
            var other = new Waiting(accepted(Task.named("limited").id("other").build(), 3), 0);
            limits.admit(new Candidate(other, limited), NOW);
        }
        return candidate;
    }

    private static AcceptedTask accepted(Task task, long offset) {
        var record = new SourceRecord(
                "default",
                "celeriac.tasks.default",
                0,
                offset,
                NOW,
                "key".getBytes(UTF_8),
                "{}".getBytes(UTF_8),
                new RecordHeaders());
        return AcceptedTask.first(record, task, NOW);
    }

    /** A worker with threads that run nothing. */
    private static final class NoThreads implements PoisonPillGuard.Threads {

        @Override
        public int concurrency() {
            return 4;
        }

        @Override
        public boolean isAtLimit(Handler handler) {
            return false;
        }

        @Override
        public Map<String, Instant> running() {
            return Map.of();
        }
    }
}
