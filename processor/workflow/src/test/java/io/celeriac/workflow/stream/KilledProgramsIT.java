package io.celeriac.workflow.stream;

import static io.celeriac.contract.workflow.WorkflowNode.chain;
import static io.celeriac.contract.workflow.WorkflowNode.chord;
import static io.celeriac.contract.workflow.WorkflowNode.group;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.GroupAppend;
import io.celeriac.contract.workflow.GroupComplete;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowIds;
import io.celeriac.contract.workflow.WorkflowNode;
import io.celeriac.contract.workflow.WorkflowRecord;
import io.celeriac.embedded.ChildProcess;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.KafkaCluster;
import io.celeriac.testkit.TestStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many workflows, while coordinators, the worker and the producer are killed at random. Every workflow must end as it would have without
 * the kills, and each of its tasks must end once: a count that an event misses would leave a chord without its body, and one that an event
 * meets twice would start the body early. A handler may run twice only where its worker was killed.
 *
 * <p>{@code -Dworkflows=1000 -Dkills=30 -Dbrokers=3 -Dseed=…} makes it longer, kills a broker's node now and then, and repeats a run.
 */
class KilledProgramsIT {

    private static final int WORKFLOWS = Integer.getInteger("workflows", 50);
    private static final int KILLS = Integer.getInteger("kills", 4);
    private static final int BROKERS = Integer.getInteger("brokers", 1);
    private static final int KINDS = 5;
    private static final WorkflowNode FAIL =
            WorkflowNode.task(Signature.of(Task.named("fail").maxAttempts(1).build()));
    private static final Duration READY = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    private final AtomicInteger logs = new AtomicInteger();
    private final List<Path> workerLogs = new ArrayList<>();
    private final List<ChildProcess> coordinators = new ArrayList<>();
    private ChildProcess worker;
    private KafkaProducer<byte[], byte[]> producer;
    private TestWorkflows workflows;
    private String servers;
    private int workerKills;

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void everyWorkflowEndsAsWithoutTheKills(Guarantee guarantee) throws Exception {
        if (BROKERS == 1) {
            run(guarantee, TestStack.kafka().bootstrapServers(), null);
        } else {
            try (var cluster = KafkaCluster.start(BROKERS)) {
                run(guarantee, cluster.bootstrapServers(), cluster);
            }
        }
    }

    private void run(Guarantee guarantee, String bootstrapServers, KafkaCluster cluster) throws Exception {
        var seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        servers = bootstrapServers;
        workflows = new TestWorkflows(servers, TestStack.uniqueName("killed"), 4);
        try {
            producer = producer();
            worker = start(KillableProgram.WORKER, guarantee);
            coordinators.add(start(KillableProgram.COORDINATOR, guarantee));
            coordinators.add(start(KillableProgram.COORDINATOR, guarantee));
            for (int kill = 0; kill < KILLS; kill++) {
                submit(random, kill * WORKFLOWS / KILLS, (kill + 1) * WORKFLOWS / KILLS);
                var life = System.nanoTime()
                        + Duration.ofMillis(500 + random.nextInt(3_500)).toNanos();
                await().atMost(READY).pollInterval(Duration.ofMillis(10)).until(() -> System.nanoTime() > life);
                kill(random, guarantee, cluster, kill);
            }
            check(guarantee, "%s, seed %d".formatted(guarantee, seed));
        } finally {
            coordinators.forEach(ChildProcess::kill);
            if (worker != null) {
                worker.kill();
            }
            producer.close(Duration.ZERO);
            workflows.close();
        }
    }

    /** The kinds of programs in turn, so that each dies also in a short run. */
    private void kill(Random random, Guarantee guarantee, KafkaCluster cluster, int kill) {
        if (cluster != null && kill % 4 == 3) {
            var node = 1 + random.nextInt(BROKERS);
            cluster.kill(node);
            cluster.restart(node);
        } else if (kill % 2 == 0) {
            coordinators.remove(random.nextInt(coordinators.size())).kill();
            coordinators.add(start(KillableProgram.COORDINATOR, guarantee));
        } else {
            worker.kill();
            workerKills++;
            worker = start(KillableProgram.WORKER, guarantee);
        }
    }

    private ChildProcess start(String role, Guarantee guarantee) {
        var log = directory.resolve(role + "-" + logs.incrementAndGet() + ".log");
        var program = ChildProcess.startJava(
                role,
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                KillableProgram.class,
                List.of(role, servers, workflows.topics().namespace(), guarantee.name()),
                log);
        if (role.equals(KillableProgram.WORKER)) {
            workerLogs.add(log);
        }
        program.awaitLog(KillableProgram.READY, READY);
        return program;
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "acks", "all", "linger.ms", 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A producer that dies in the middle of its work; its successor does not know what was taken, and sends all of it again. */
    private void submit(Random random, int from, int to) throws Exception {
        var records = new ArrayList<WorkflowRecord>();
        IntStream.range(from, to).forEach(number -> records.addAll(records(number)));
        records.subList(0, random.nextInt(records.size() + 1)).forEach(this::send);
        producer.close(Duration.ZERO);
        producer = producer();
        for (var sent : records.stream().map(this::send).toList()) {
            sent.get();
        }
    }

    private Future<?> send(WorkflowRecord record) {
        return producer.send(new ProducerRecord<>(
                workflows.topics().workflows(), record.id().getBytes(UTF_8), TaskJson.bytes(record)));
    }

    private static String id(int number) {
        return "w" + number;
    }

    private static WorkflowNode task(String name, Object... args) {
        return WorkflowNode.task(Signature.of(Task.of(name, args)));
    }

    private static List<WorkflowNode> adds(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> task("add", i)).toList();
    }

    private static List<WorkflowRecord> records(int number) {
        var id = id(number);
        return switch (number % KINDS) {
            case 0 -> List.of(Workflow.of(id, chain(List.of(task("add", number), task("flaky", 1), task("add", 2)))));
            case 1 -> List.of(Workflow.of(id, chord(group(adds(0, 10)), task("sum"))));
            case 2 ->
                List.of(Workflow.of(
                        id,
                        chord(
                                group(List.of(
                                        chain(List.of(task("add", 1), task("add", 2))),
                                        chord(group(adds(0, 4)), task("sum")),
                                        task("flaky", 5))),
                                task("sum"))));
            case 3 ->
                List.of(Workflow.of(
                        id, chain(List.of(group(List.of(task("add", 1), FAIL, task("add", 2))), task("sum")))));
            default ->
                List.of(
                        Workflow.of(id, chord(group(adds(0, 2)).asOpen(), task("sum"))),
                        new GroupAppend(id, "0.0", 2, adds(2, 5)),
                        new GroupComplete(id, "0.0", 5));
        };
    }

    /** The result of a workflow; null for a failure. */
    private static Integer expected(int number) {
        return switch (number % KINDS) {
            case 0 -> number + 3;
            case 1 -> 45;
            case 2 -> 14;
            case 3 -> null;
            default -> 10;
        };
    }

    /** The paths of the tasks of a workflow that run in any case. */
    private static Set<String> paths(int number) {
        return switch (number % KINDS) {
            case 0 -> Set.of("0.0", "0.1", "0.2");
            case 1 ->
                IntStream.range(0, 11)
                        .mapToObj(i -> i == 10 ? "0.1" : "0.0." + i)
                        .collect(toSet());
            case 2 ->
                Set.of(
                        "0.0.0.0",
                        "0.0.0.1",
                        "0.0.1.0.0",
                        "0.0.1.0.1",
                        "0.0.1.0.2",
                        "0.0.1.0.3",
                        "0.0.1.1",
                        "0.0.2",
                        "0.1");
            case 3 -> Set.of("0.0.1");
            default -> Set.of("0.0.0", "0.0.1", "0.0.2", "0.0.3", "0.0.4", "0.1");
        };
    }

    private void check(Guarantee guarantee, String run) throws IOException {
        for (int number = 0; number < WORKFLOWS; number++) {
            var end = workflows.awaitEnd(id(number));
            var state = workflows.awaitSettled(id(number));
            if (expected(number) == null) {
                assertThat(end.state()).as(run).isEqualTo(TaskState.FAILURE);
            } else {
                assertThat(end.state()).as("%s, %s", run, id(number)).isEqualTo(TaskState.SUCCESS);
                assertThat(end.result().asInt()).as(run).isEqualTo(expected(number));
            }
            assertThat(state.state()).as(run).isEqualTo(end.state());
        }
        var all = workflows.ends();
        var last = workflows.lastStates();
        for (int number = 0; number < WORKFLOWS; number++) {
            var id = id(number);
            var ends = all.getOrDefault(id, Map.of());
            var state = workflows.awaitSettled(id);
            assertThat(ends).as("%s, %s", run, id).hasSize(state.tasks());
            if (guarantee == Guarantee.EXACTLY_ONCE) {
                assertThat(ends.values()).as("%s, %s", run, id).allMatch(times -> times == 1);
            }
            var states = ends.keySet().stream().map(last::get).toList();
            assertThat(states).as(run).filteredOn(TaskState.FAILURE::equals).hasSize(state.failed());
            assertThat(states).as(run).filteredOn(TaskState.REVOKED::equals).hasSize(state.revoked());
        }
        assertThat(workflows.deadLetters())
                .as(run)
                .extracting(letter -> DeadLetter.from(letter.headers()).reason())
                .containsOnly(DeadLetter.Reason.FAILED); // of the tasks that fail on purpose
        checkRuns(run);
    }

    /** Each task's handler has run, and again only in another worker, after one has died. */
    private void checkRuns(String run) throws IOException {
        var usual = new HashMap<String, Long>();
        for (int number = 0; number < WORKFLOWS; number++) {
            for (var path : paths(number)) {
                var isFlaky =
                        (number % KINDS == 0 && path.equals("0.1")) || (number % KINDS == 2 && path.equals("0.0.2"));
                usual.put(WorkflowIds.ofTask(id(number), path, 0), isFlaky ? 2L : 1L);
            }
        }
        var all = new HashMap<String, Long>();
        for (var log : workerLogs) {
            var runs = Files.readAllLines(log).stream()
                    .filter(line -> line.startsWith(KillableProgram.RUN))
                    .map(line -> line.substring(KillableProgram.RUN.length()))
                    .collect(groupingBy(id -> id, counting()));
            runs.forEach((id, times) -> all.merge(id, times, Long::sum));
            if (BROKERS == 1) { // otherwise a partition may begin again in the same worker
                assertThat(runs)
                        .as("%s: runs in one worker", run)
                        .allSatisfy((id, times) -> assertThat(times).isLessThanOrEqualTo(usual.getOrDefault(id, 1L)));
            }
        }
        var again = usual.entrySet().stream()
                .mapToLong(task -> all.getOrDefault(task.getKey(), 0L) - task.getValue())
                .filter(more -> more > 0)
                .sum();
        System.out.printf(
                "%s: %,d workflows, %d kills of which %d of a worker; %,d runs of handlers, %d of them again%n",
                run,
                WORKFLOWS,
                KILLS,
                workerKills,
                all.values().stream().mapToLong(times -> times).sum(),
                again);
        assertThat(usual)
                .allSatisfy((id, times) -> assertThat(all.getOrDefault(id, 0L))
                        .as("%s: runs of %s", run, id)
                        .isGreaterThanOrEqualTo(times));
    }
}
