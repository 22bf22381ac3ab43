package io.celeriac.engine.worker;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.embedded.ChildProcess;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two workers under load, with retries, parked tasks, long ones and revocations, that are killed at any moment, or suspended for
 * longer than their session and then go on; in the middle of it the queue gets one more partition. Each task must come to one outcome and only one, under exactly-once in one record; none
 * is to be blamed for the deaths of the workers, and all are done in time after the last of these.
 *
 * <p>{@code -Dcampaign=200} is the number of kills, a suspension for each ten; {@code -Dseed=…} repeats a run.
 */
class FaultCampaignIT {

    private static final int WORKERS = 2;
    private static final int PARTITIONS = 4;
    private static final int TASKS_PER_FAULT = 300;
    private static final Duration SUSPENSION = ofSeconds(8); // the session is of six
    private static final Duration IN_TIME = ofMinutes(2);
    private static final Pattern CHARGED = Pattern.compile("the process that ran task \\S+ has died");
    private static final Pattern TRIED = Pattern.compile("begins on trial after (\\d+) ms");

    private final List<ChildProcess> workers = new ArrayList<>();
    private final Set<String> revoked = new HashSet<>();
    private int started;
    private int submitted;

    @TempDir
    private Path directory;

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void losesNothingAndBlamesNobody(Guarantee guarantee) throws Exception {
        var seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        var kills = Integer.getInteger("campaign", 3);
        var suspensions = Math.max(1, kills / 10);
        try (var queue =
                new TestQueue(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("faults"), PARTITIONS)) {
            for (int i = 0; i < WORKERS; i++) {
                workers.add(start(queue, guarantee));
            }
            for (int fault = 0; fault < kills + suspensions; fault++) {
                if (fault == (kills + suspensions) / 2) {
                    queue.grow(PARTITIONS + 1);
                }
                submit(queue, random);
                workers.forEach(worker -> worker.awaitLog(KillableWorker.READY, ofMinutes(3)));
                pause(ofMillis(500 + random.nextInt(4_000)));
                var which = random.nextInt(WORKERS);
                if (fault % (kills / suspensions + 1) == 1) {
                    suspend(workers.get(which));
                } else {
                    workers.get(which).kill();
                    workers.set(which, start(queue, guarantee));
                }
                System.out.printf(
                        "%s: fault %d of %d, %d of %d tasks have ended%n",
                        guarantee,
                        fault + 1,
                        kills + suspensions,
                        queue.outcomes().size(),
                        submitted);
            }

            var begun = Instant.now();
            await("seed " + seed).atMost(IN_TIME).until(() -> queue.outcomes().size() >= submitted);
            var took = Duration.between(begun, Instant.now());
            workers.forEach(ChildProcess::kill);

            print(guarantee, seed, kills, suspensions, took, queue);
            check(queue, guarantee, "seed " + seed);
        } finally {
            workers.forEach(ChildProcess::kill);
        }
    }

    private void check(TestQueue queue, Guarantee guarantee, String seed) {
        var outcomes = new HashMap<String, Set<String>>();
        var all = finals(queue);
        all.forEach(result -> outcomes.computeIfAbsent(result.id(), id -> new HashSet<>())
                .add(result.state() + " "
                        + (result.error() == null ? "" : result.error().type())));
        assertThat(outcomes.keySet())
                .as(seed)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, submitted).mapToObj(i -> "t" + i).toList());
        assertThat(outcomes).as(seed).allSatisfy((id, states) -> {
            assertThat(states).as(id).hasSize(1);
            assertThat(states.iterator().next())
                    .as(id)
                    .isIn(revoked.contains(id) ? List.of("SUCCESS ", "REVOKED ") : List.of("SUCCESS "));
        });
        if (guarantee == Guarantee.EXACTLY_ONCE) {
            assertThat(all).as(seed).hasSize(submitted);
        }
    }

    private static List<TaskResult> finals(TestQueue queue) {
        return queue.results().stream()
                .filter(result -> result.state().isFinal())
                .toList();
    }

    private void submit(TestQueue queue, Random random) {
        var now = Instant.now();
        for (int i = 0; i < TASKS_PER_FAULT; i++) {
            var dice = random.nextInt(100);
            var id = "t" + submitted++;
            var task = Task.named(dice < 15 ? "flaky" : dice < 18 ? "long" : "work")
                    .id(id);
            if (random.nextInt(6) == 0) {
                task.eta(now.plusMillis(random.nextInt(10_000)));
            }
            queue.submit(task.build());
            if (dice == 99) {
                revoked.add(id);
                queue.revoke(id);
            }
        }
        queue.flush();
    }

    private static void suspend(ChildProcess worker) throws IOException, InterruptedException {
        signal(worker, "STOP");
        pause(SUSPENSION);
        signal(worker, "CONT");
    }

    private static void signal(ChildProcess worker, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(worker.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** A fault comes at a moment that nothing tells of. */
    private static void pause(Duration duration) {
        var end = System.nanoTime() + duration.toNanos();
        await().atMost(duration.plusSeconds(10)).pollInterval(ofMillis(10)).until(() -> System.nanoTime() > end);
    }

    private ChildProcess start(TestQueue queue, Guarantee guarantee) {
        return ChildProcess.startJava(
                "worker",
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dtest.log.level=INFO"),
                KillableWorker.class,
                List.of(TestStack.kafka().bootstrapServers(), queue.topics().namespace(), guarantee.name(), "3"),
                directory.resolve(guarantee + "-" + started++ + ".log"));
    }

    private void print(Guarantee guarantee, long seed, int kills, int suspensions, Duration took, TestQueue queue) {
        var states = new HashMap<TaskState, Integer>();
        finals(queue).forEach(result -> states.merge(result.state(), 1, Integer::sum));
        System.out.printf(
                "%s, seed %d: %d kills, %d suspensions, %d tasks, final records %s, %d deaths charged,"
                        + " %d trials, longest wait of a suspect %d ms, all done %d ms after the last fault%n",
                guarantee,
                seed,
                kills,
                suspensions,
                submitted,
                Map.copyOf(states),
                matches(CHARGED).count(),
                matches(TRIED).count(),
                matches(TRIED)
                        .mapToLong(match -> Long.parseLong(match.group(1)))
                        .max()
                        .orElse(0),
                took.toMillis());
    }

    private Stream<MatchResult> matches(Pattern pattern) {
        try (var logs = Files.list(directory)) {
            return logs
                    .map(FaultCampaignIT::read)
                    .flatMap(log -> pattern.matcher(log).results())
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
