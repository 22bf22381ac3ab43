package io.celeriac.engine.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.handler.RetryPolicy;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.poison.Quarantine;
import io.celeriac.engine.stream.LifeStep.Next;
import io.celeriac.engine.stream.LifeStep.Plan;
import io.celeriac.engine.stream.SimulatedCluster.Input;
import io.celeriac.engine.stream.SimulatedWorker.Call;
import io.celeriac.engine.task.QueueProperties;
import io.celeriac.engine.task.QueueProperties.Order;
import io.celeriac.engine.topic.StepCheck;
import io.celeriac.testkit.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.streams.errors.TaskCorruptedException;

/**
 * Lets the steps happen to the tasks of one partition and its workers, then lets all of them come to rest, and has
 * {@link TaskLives} look at everything. To be used on one thread, which is the stream thread, and by one scenario only.
 */
final class LifeScenario implements AutoCloseable {

    /** In which of its ways the engine works. */
    record Way(Order order, boolean exactlyOnce, boolean deduplicates, boolean startsAhead) {}

    private static final Duration WINDOW = Duration.ofHours(1);
    private static final Backoff TWO_SECONDS =
            new Backoff(Backoff.Kind.FIXED, Duration.ofSeconds(2), Duration.ofSeconds(2), false);
    private static final int ROUNDS_TO_REST = 100;
    private static final int MOST_ATTEMPTS = 1_000;
    private static final Topics TOPICS = new Topics("celeriac");

    private final MutableClock clock = MutableClock.at(QueueScenario.START);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final EngineMetrics engineMetrics = new EngineMetrics(metrics, "default");
    private final Set<String> revoked = new HashSet<>();
    private final List<SimulatedWorker> workers = new ArrayList<>(); // the first has the partition
    private final QueueProperties settings;
    private final SimulatedCluster cluster;
    private final TaskLives lives;
    private final AtomicReference<String> told;
    private SimulatedPartition partition;
    private int workersStarted;

    /**
     * @param told what has happened so far, for one who waits in vain
     */
    LifeScenario(Way way, AtomicReference<String> told) {
        this.told = told;
        settings = new QueueProperties(
                "default",
                TOPICS.tasks("default"),
                way.exactlyOnce,
                way.order,
                3,
                4,
                4,
                0,
                way.deduplicates ? WINDOW : Duration.ZERO,
                Duration.ofMinutes(1),
                way.startsAhead ? Duration.ofMillis(500) : Duration.ZERO,
                Duration.ofMillis(100));
        cluster = new SimulatedCluster(way.exactlyOnce);
        lives = new TaskLives(settings, revoked::contains, clock, metrics);
        workers.add(newWorker());
        workers.add(newWorker());
        takeOver();
    }

    private SimulatedWorker newWorker() {
        var name = "worker-" + ++workersStarted;
        return new SimulatedWorker(name, outcomes(name), revoked::contains, clock);
    }

    /** Which handlers there are decides what it publishes; it calls none. */
    private static OutcomeRecords outcomes(String worker) {
        var handlers = Arrays.stream(Plan.values())
                .filter(plan -> plan != Plan.UNHEARD_OF)
                .map(plan -> Handler.of(plan.name(), (task, context) -> null))
                .toList();
        return new OutcomeRecords(TOPICS, worker, 1 << 20, new HandlerRegistry(handlers));
    }

    private QueueContext with(SimulatedWorker worker) {
        var handlers = Arrays.stream(Plan.values())
                .filter(plan -> plan != Plan.UNHEARD_OF)
                .map(plan -> handler(worker, plan))
                .toList();
        return new QueueContext(
                new HandlerRegistry(handlers),
                worker.dispatcher(),
                outcomes(worker.name()),
                revoked::contains,
                worker.name(),
                new Quarantine(),
                cluster,
                new StepCheck(topic -> {}, Runnable::run, clock),
                topic -> Uuid.ZERO_UUID,
                clock,
                engineMetrics);
    }

    private Handler handler(SimulatedWorker worker, Plan plan) {
        var policy = new RetryPolicy(TaskLives.MAX_ATTEMPTS, TWO_SECONDS, List.of(IOException.class), List.of());
        return new Handler(plan.name(), (task, context) -> run(worker, plan, context), policy, null);
    }

    private String run(SimulatedWorker worker, Plan plan, TaskContext context) throws Exception {
        var call = new Call(context.id(), context.attempt());
        if (!worker.isDead()) {
            lives.begins(worker, call.id(), call.attempt());
        }
        emitIf(plan == Plan.SUCCEEDS_WITH_CHILDREN, context);
        worker.hold(call);
        emitIf(plan == Plan.SUCCEEDS_WITH_CHILDREN, context);
        var attempt = context.attempt(); // a later one, where it was taken up as such
        lives.returns(worker, call.id(), attempt);
        if (plan == Plan.FAILS) {
            throw new IllegalStateException("never works");
        }
        if (plan == Plan.FAILS_ALWAYS || (plan == Plan.FAILS_ONCE && attempt == 1)) {
            throw new IOException("may work later");
        }
        return "done";
    }

    private static void emitIf(boolean emits, TaskContext context) {
        if (emits) {
            context.submit(Task.named("child").build());
        }
    }

    private SimulatedWorker owner() {
        return workers.get(0);
    }

    private void takeOver() {
        lives.tell(owner().name() + " takes the partition over");
        lives.restoring(cluster.changelog());
        partition = new SimulatedPartition(cluster, settings, with(owner()), clock, lives);
        partition.open();
    }

    void run(List<LifeStep> steps) {
        for (var step : steps) {
            lives.tell(String.valueOf(step));
            told.set(lives.story());
            whileNothingFails(() -> happen(step));
            lives.check();
        }
        comeToRest();
    }

    /** A failed send makes the stream thread fail, now or later; nothing else does. */
    private void whileNothingFails(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            if (!cluster.sendHasFailed()) {
                throw lives.broken(e);
            }
            streamThreadFails(e instanceof TaskCorruptedException);
        }
    }

    private void happen(LifeStep step) {
        if (step instanceof LifeStep.Submit submit) {
            submit(submit);
        } else if (step instanceof LifeStep.SubmitAgain again) {
            submitAgain(again.which());
        } else if (step instanceof LifeStep.SubmitGarbage) {
            cluster.append(new Input("k1".getBytes(UTF_8), "no task".getBytes(UTF_8), null));
        } else if (step instanceof LifeStep.Pass pass) {
            pass(pass.records(), pass.commits());
        } else if (step instanceof LifeStep.ThreadStarts start) {
            threadStarts(start.which());
        } else if (step instanceof LifeStep.HandlerReturns returns) {
            handlerReturns(returns.which());
        } else if (step instanceof LifeStep.TimePasses time) {
            timePasses(time.duration());
        } else if (step instanceof LifeStep.Revoke revoke) {
            revoke(revoke.which(), revoke.terminate());
        } else if (step instanceof LifeStep.SendFails) {
            cluster.failNextSend();
        } else if (step instanceof LifeStep.Killed killed) {
            kill(killed);
        } else if (step instanceof LifeStep.StreamThreadFails fails) {
            streamThreadFails(fails.sameObjects());
        } else if (step instanceof LifeStep.HandedOver handedOver) {
            handOver(handedOver);
        } else if (step instanceof LifeStep.Lost lost) {
            partition.lost();
            moveTo(lost.next());
        }
    }

    private void submit(LifeStep.Submit submit) {
        var now = clock.instant();
        var task = Task.named(submit.plan().name())
                .id(nextId())
                .key(submit.key())
                .eta(submit.eta() == null ? null : now.plus(submit.eta()))
                .expires(submit.expires() == null ? null : now.plus(submit.expires()))
                .trackStarted(submit.tracked())
                .build();
        lives.submitted(new TaskLives.Submitted(submit.plan(), task));
        append(lives.submitted().size() - 1);
    }

    private String nextId() {
        return "t" + (lives.submitted().size() + 1);
    }

    private void submitAgain(int which) {
        if (!lives.submitted().isEmpty()) {
            append(which % lives.submitted().size());
        }
    }

    private void append(int which) {
        var task = lives.submitted().get(which);
        cluster.append(new Input(task.key(), task.value(), task.id()));
    }

    private void pass(int records, boolean commits) {
        workers.forEach(SimulatedWorker::fireTimers);
        partition.pass(records, commits);
    }

    private void threadStarts(int which) {
        var ready = workers.stream().filter(SimulatedWorker::hasQueued).toList();
        if (!ready.isEmpty()) {
            ready.get(which % ready.size()).start(which);
        }
    }

    private void handlerReturns(int which) {
        var running =
                workers.stream().filter(worker -> !worker.held().isEmpty()).toList();
        if (!running.isEmpty()) {
            var worker = running.get(which % running.size());
            worker.letGo(worker.held().get(which % worker.held().size()));
        }
    }

    private void timePasses(Duration duration) {
        clock.advance(duration);
        workers.forEach(SimulatedWorker::fireTimers);
    }

    private void revoke(int which, boolean terminate) {
        var next = lives.submitted().size() + 1;
        var id = "t" + (which % next + 1);
        lives.tell("  that is " + id);
        revoked.add(id);
        workers.forEach(worker -> worker.revoke(id, terminate));
    }

    private void kill(LifeStep.Killed killed) {
        try {
            partition.beginCommit(killed.commit());
        } catch (RuntimeException e) {
            if (!cluster.sendHasFailed()) {
                throw e;
            }
        }
        cluster.killProducer(new Random(killed.dice()));
        moveTo(Next.NEW_WORKER);
    }

    private void streamThreadFails(boolean sameObjects) {
        lives.tell("  the stream thread fails");
        partition.closeDirty(swallowed -> {});
        if (sameObjects) {
            lives.restoring(cluster.changelog());
            partition.open();
        } else {
            takeOver();
        }
    }

    private void handOver(LifeStep.HandedOver handedOver) {
        if (handedOver.next() == Next.NEW_WORKER) {
            drain();
        }
        try {
            partition.comeToPoll();
            partition.drain();
            for (int i = 0; i < handedOver.inTime() && !owner().held().isEmpty(); i++) {
                owner().letGo(owner().held().get(0));
            }
            partition.revoked();
        } catch (RuntimeException e) {
            if (!cluster.sendHasFailed()) {
                throw e;
            }
            partition.closeDirty(swallowed -> {});
        }
        moveTo(handedOver.next());
    }

    private void drain() {
        try {
            owner().dispatcher().drain(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts the stream thread", e);
        }
    }

    private void moveTo(Next next) {
        switch (next) {
            case SAME_WORKER -> {}
            case OTHER_WORKER -> workers.add(workers.remove(0));
            case NEW_WORKER -> {
                owner().kill();
                workers.set(0, newWorker());
            }
        }
        takeOver();
    }

    /** From here on nothing goes wrong any more. */
    private void comeToRest() {
        lives.tell("nothing more happens");
        told.set(lives.story());
        var round = 0;
        do {
            timePasses(Duration.ofSeconds(round % 2 == 0 ? 1 : 5));
            whileNothingFails(this::doAllThereIs);
            timePasses(
                    settings.commitInterval()); // attempts have published; their tasks are settled now, and committed
            whileNothingFails(() -> pass(0, true));
            whileNothingFails(() -> pass(0, true));
            lives.check();
        } while (isMoreToDo() && ++round < ROUNDS_TO_REST);
        if (isMoreToDo()) {
            lives.quietWithout("records are not taken, or tasks still wait");
        }
        lives.checkWhenQuiet(cluster);
        lives.check();
        forget();
    }

    private boolean isMoreToDo() {
        return partition.hasMoreToDo() || lives.anyUnfinished();
    }

    private void doAllThereIs() {
        for (int i = 0; i < 3; i++) {
            timePasses(Duration.ofMillis(1));
            pass(2, i == 1);
            runAllAttempts();
        }
    }

    private void runAllAttempts() {
        for (int ran = 0; workers.stream().anyMatch(SimulatedWorker::isBusy); ran++) {
            if (ran > MOST_ATTEMPTS) {
                lives.quietWithout("attempts go on for ever");
                lives.check();
            }
            threadStarts(0);
            handlerReturns(0);
        }
    }

    private void forget() {
        timePasses(WINDOW.multipliedBy(2));
        for (int i = 0; i < 3; i++) {
            timePasses(Duration.ofSeconds(1));
            pass(0, true);
        }
        lives.checkNothingIsKept(cluster, partition.unrest());
        lives.check();
    }

    @Override
    public void close() {
        workers.forEach(SimulatedWorker::kill);
    }
}
