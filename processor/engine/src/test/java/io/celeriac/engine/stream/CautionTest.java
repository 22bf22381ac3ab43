package io.celeriac.engine.stream;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.Task;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.attempt.AcceptedTask;
import io.celeriac.engine.attempt.Attempt;
import io.celeriac.engine.attempt.AttemptRunner;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.attempt.Lane;
import io.celeriac.engine.attempt.Origin;
import io.celeriac.engine.attempt.Reporter;
import io.celeriac.engine.attempt.Revocations;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerLimits;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.handler.RateLimit;
import io.celeriac.testkit.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * After a crash each attempt is on record before it begins, and only so many at a time. That must not make the tasks of one
 * handler wait for the limit of another.
 */
class CautionTest {

    private static final int CONCURRENCY = 4;

    private final MutableClock clock = MutableClock.at(QueueScenario.START);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<String> ran = new ArrayList<>();
    private final Handler free = Handler.of("free", (task, context) -> ran.add(task.id()));
    private final Handler rare = Handler.of("rare", (task, context) -> ran.add(task.id()))
            .limited(new HandlerLimits(null, RateLimit.parse("1/m")));
    private final Dispatcher dispatcher = new Dispatcher(
            Runnable::run,
            timer,
            CONCURRENCY,
            new AttemptRunner(
                    new Reporter(new Topics("celeriac"), "worker-1", 1 << 20, new HandlerRegistry(List.of())),
                    "worker-1",
                    Revocations.NONE,
                    topic -> {},
                    List.of(),
                    clock,
                    new Random(7),
                    timer,
                    Runnable::run,
                    ofSeconds(5)),
            clock);
    private final Lane lane = new Lane(() -> {}, new EngineMetrics(new SimpleMeterRegistry(), "default"));
    private final Caution caution = new Caution(lane, dispatcher, 3, new Quarantine());
    private long flushes;
    private long offset;

    CautionTest() {
        dispatcher.open(lane);
        caution.start(true, clock.instant(), flushes);
    }

    /** Else the first death of a pill at the head of its queue would be missed, and cost those beside it one more. */
    @Test
    void putsOnRecordWhatIsThereAtTheBeginningAlsoAfterAPeacefulOwner() {
        caution.start(false, clock.instant(), flushes);
        hold(free, "first", 5);

        commitAndPass(Duration.ofMillis(100));

        assertThat(ran).isEmpty();
        assertThat(caution.named()).containsExactly("first");
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void letsTheTasksOfOthersPastThoseThatWaitForTheLimitOfTheirHandler() {
        for (int i = 0; i < 64; i++) {
            hold(rare, "rare-" + i, 5);
        }
        hold(free, "free-1", 5);
        hold(free, "free-2", 5);

        for (int i = 0; i < 6; i++) {
            commitAndPass(Duration.ofMillis(100));
        }

        assertThat(ran).containsExactlyInAnyOrder("rare-0", "free-1", "free-2");
        assertThat(caution.named()).as("what is on record, beside what runs").hasSizeLessThan(CONCURRENCY);
    }

    @Test
    void putsTheUrgentOnRecordFirst() {
        for (int i = 0; i < 8; i++) {
            hold(free, "calm-" + i, 5);
        }
        hold(free, "urgent", 9);

        commitAndPass(Duration.ofMillis(100));

        assertThat(caution.named()).hasSize(CONCURRENCY).contains("urgent");
    }

    @Test
    void letsEverythingGoWhenTheProbationIsOver() {
        for (int i = 0; i < 64; i++) {
            hold(free, "free-" + i, 5);
        }
        commitAndPass(Duration.ofMillis(100));
        assertThat(ran).isEmpty();

        commitAndPass(ofSeconds(10));

        assertThat(ran).hasSize(64);
        assertThat(caution.wantsCommit()).isFalse();
    }

    private void hold(Handler handler, String id, int priority) {
        var origin = new Origin(
                "default",
                "celeriac.tasks.default",
                0,
                offset++,
                QueueScenario.START,
                null,
                new byte[0],
                new RecordHeaders());
        var task = Task.named(handler.name()).id(id).priority(priority).build();
        caution.hold(
                new Caution.Held(new Attempt(lane, AcceptedTask.first(origin, task, QueueScenario.START), handler), 0));
    }

    private void commitAndPass(Duration later) {
        clock.advance(later);
        flushes++;
        caution.release(flushes, clock.instant()).forEach(held -> dispatcher.submit(held.attempt()));
        for (var report = lane.poll(); report != null; report = lane.poll()) {
            caution.forget(report.id());
        }
    }
}
