package io.celeriac.bench.calling;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.TaskIds;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Median;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.rows.Schema;
import io.celeriac.bench.subject.EngineWorkerMain;
import io.celeriac.bench.subject.GatewayMain;
import io.celeriac.client.TaskHandle;
import io.celeriac.client.TaskOptions;
import io.celeriac.client.TaskType;
import io.celeriac.client.typed.Task;
import io.celeriac.client.typed.TaskCalls;
import io.celeriac.client.typed.TaskInterfaces;
import io.celeriac.contract.TaskJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends tasks as fast as it can in each way that there is. Nobody runs them. The ways take turns, round after round. */
final class SubmitBench {

    private static final int CHUNK = 1_000;
    private static final String CUSTOMER = "customer-4711";
    private static final String KIND = "invoice";

    /** The arguments of a task, as a service would write them. */
    record Noop(int number, String customer, String kind) {
        private static final TaskType<Noop, String> TASK = TaskType.of(EngineWorkerMain.NOOP, Noop.class, String.class);
    }

    /** The same task as a method. */
    interface Noops extends TaskCalls<Noops> {
        @Task(EngineWorkerMain.NOOP)
        TaskHandle<String> noop(int number, String customer, String kind);
    }

    private final Bench bench;
    private final Map<String, Integer> sizes = new LinkedHashMap<>();
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();

    SubmitBench(Bench bench) {
        this.bench = bench;
    }

    Submission run() {
        var tasks = bench.parameters().submitted();
        try (var schema = Schema.open(bench.database(), "calling");
                var pool = schema.newPool()) {
            for (int round = 0; round <= bench.parameters().rounds(); round++) { // the first warms up
                measure(round, "bare producer", tasks, this::bare);
                measure(round, "a producer that writes the JSON", tasks, this::writing);
                measure(round, "`TaskClient.send`", tasks, this::client);
                measure(round, "an interface", tasks, this::typed);
                measure(round, "`TaskClient.sendAll`, " + Figures.whole(CHUNK) + " each", tasks, this::all);
                measure(
                        round,
                        "outbox, one by one",
                        tasks,
                        installation -> new OutboxRound(bench, installation, pool)
                                .seconds((outgoing, numbers) -> numbers.forEach(
                                        number -> outgoing.send(Noop.TASK, noop(number), TaskOptions::outbox))));
                measure(
                        round,
                        "outbox, `sendAll`",
                        tasks,
                        installation -> new OutboxRound(bench, installation, pool)
                                .seconds((outgoing, numbers) -> outgoing.sendAll(
                                        Noop.TASK,
                                        numbers.mapToObj(SubmitBench::noop).toList(),
                                        TaskOptions::outbox)));
                overHttp(round, schema);
            }
        }
        return report();
    }

    private void measure(int round, String name, int tasks, ToDoubleFunction<Installation> way) {
        try (var installation = bench.installation("submit")) {
            note(round, name, tasks, way.applyAsDouble(installation));
        }
    }

    private void note(int round, String name, int tasks, double seconds) {
        if (round > 0) {
            var rate = Rounded.to(0, tasks / seconds);
            bench.tell("round " + round + ", " + name + ": " + Figures.whole(rate) + " tasks/s");
            sizes.put(name, tasks);
            rates.computeIfAbsent(name, none -> new ArrayList<>()).add(rate);
        }
    }

    private Submission report() {
        var bare = Median.of(rates.values().iterator().next());
        var variants = rates.entrySet().stream()
                .map(entry -> {
                    var sorted = entry.getValue().stream().sorted().toList();
                    var median = Median.of(sorted);
                    return new Submission.Variant(
                            entry.getKey(),
                            sizes.getOrDefault(entry.getKey(), 0),
                            median,
                            sorted.get(0),
                            sorted.get(sorted.size() - 1),
                            Rounded.to(2, median / bare));
                })
                .toList();
        return new Submission(json(0).length, variants);
    }

    /** What the client writes, but for the time of submission. */
    private static byte[] json(int number) {
        return TaskJson.bytes(
                Noop.TASK.with(noop(number)).toBuilder().id(id(number)).build());
    }

    private static Noop noop(int number) {
        return new Noop(number, CUSTOMER, KIND);
    }

    private static String id(int number) {
        return TaskIds.of(number);
    }

    /** Values that are there already: what a producer does without any JSON. */
    private double bare(Installation installation) {
        var value = json(0);
        var begun = System.nanoTime();
        try (var producer = new KafkaProducer<byte[], byte[]>(
                Client.producerConfig(bench.harness().bootstrapServers()))) {
            var confirmed = IntStream.range(0, bench.parameters().submitted())
                    .mapToObj(number -> producer.send(new ProducerRecord<>(
                            installation.tasksTopic(), id(number).getBytes(UTF_8), value)))
                    .toList();
            confirmed.forEach(Waiting::forIt);
            return seconds(begun);
        }
    }

    /** What a service would do without Celeriac: an id, and a map that Jackson writes. */
    private double writing(Installation installation) {
        var begun = System.nanoTime();
        try (var producer = new KafkaProducer<byte[], byte[]>(
                Client.producerConfig(bench.harness().bootstrapServers()))) {
            var confirmed = IntStream.range(0, bench.parameters().submitted())
                    .mapToObj(number -> {
                        var id = UUID.randomUUID().toString();
                        var task = new LinkedHashMap<String, Object>();
                        task.put("task", EngineWorkerMain.NOOP);
                        task.put("id", id);
                        task.put("kwargs", noop(number));
                        task.put("submittedAt", bench.clock().instant());
                        return producer.send(new ProducerRecord<>(
                                installation.tasksTopic(),
                                id.getBytes(UTF_8),
                                TaskJson.MAPPER.writeValueAsBytes(task)));
                    })
                    .toList();
            confirmed.forEach(Waiting::forIt);
            return seconds(begun);
        }
    }

    private double client(Installation installation) {
        try (var client = bench.client(installation)) {
            var begun = System.nanoTime();
            return confirmed(
                    begun,
                    IntStream.range(0, bench.parameters().submitted())
                            .mapToObj(number -> client.tasks().send(Noop.TASK, noop(number))));
        }
    }

    private double typed(Installation installation) {
        try (var client = bench.client(installation)) {
            var noops = TaskInterfaces.implement(Noops.class, client.tasks());
            var begun = System.nanoTime();
            return confirmed(
                    begun,
                    IntStream.range(0, bench.parameters().submitted())
                            .mapToObj(number -> noops.noop(number, CUSTOMER, KIND)));
        }
    }

    private double all(Installation installation) {
        try (var client = bench.client(installation)) {
            var begun = System.nanoTime();
            return confirmed(
                    begun,
                    IntStream.range(0, bench.parameters().submitted() / CHUNK)
                            .mapToObj(chunk -> IntStream.range(chunk * CHUNK, (chunk + 1) * CHUNK)
                                    .mapToObj(number -> noop(number))
                                    .toList())
                            .flatMap(chunk -> client.tasks().sendAll(Noop.TASK, chunk).stream()));
        }
    }

    private static double confirmed(long begun, Stream<TaskHandle<String>> handles) {
        CompletableFuture.allOf(handles.map(TaskHandle::receipt).toArray(CompletableFuture[]::new))
                .join();
        return seconds(begun);
    }

    private void overHttp(int round, Schema schema) {
        try (var installation = bench.installation("http");
                var program = bench.harness().start(GatewayMain.class, arguments(installation, schema))) {
            program.awaitReady();
            var calls = new HttpCalls("http://127.0.0.1:" + program.awaitTold(GatewayMain.PORT));
            var single = bench.parameters().httpCalls();
            calls.single(Math.min(single, 500), SubmitBench::text); // a new JVM
            note(round, "HTTP, one task a call", single, calls.single(single, SubmitBench::text));
            var many = bench.parameters().submitted();
            note(
                    round,
                    "HTTP, " + Figures.whole(CHUNK) + " tasks a call",
                    many,
                    calls.batches(many, CHUNK, SubmitBench::text));
        }
    }

    private List<String> arguments(Installation installation, Schema schema) {
        var arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--celeriac.access.enabled=false",
                "--celeriac.namespace=" + installation.namespace(),
                "--celeriac.partitions=" + bench.parameters().partitions(),
                "--spring.kafka.bootstrap-servers=" + bench.harness().bootstrapServers()));
        Arrays.stream(schema.properties()).map(property -> "--" + property).forEach(arguments::add);
        return arguments;
    }

    private static String text(int number) {
        return new String(TaskJson.bytes(Noop.TASK.with(noop(number))), UTF_8);
    }

    static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
