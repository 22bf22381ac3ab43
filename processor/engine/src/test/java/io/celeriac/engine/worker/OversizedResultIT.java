package io.celeriac.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.DeadLetter.Reason;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.TestStack;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What user code returns or throws may be of any size, and a record may not. A result that is sent and refused would take the
 * stream thread with it, and again each time its task is brought back: so what does not fit must be told before it is sent, as a
 * failure of that one task, and everything that is published must pass the real producer and the real broker.
 */
class OversizedResultIT {

    private static final int RECORD = 1 << 20;

    private final TestQueue queue =
            new TestQueue(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("oversized"), 1);
    private final TestWorkers workers = new TestWorkers(queue, TestStack.kafka().bootstrapServers());

    @AfterEach
    void close() {
        workers.close();
        queue.close();
    }

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void failsATaskWhoseResultDoesNotFit(Guarantee guarantee) {
        workers.start(guarantee, handlers(), Map.of());
        submit("far-too-large", "sized", 2 * RECORD);
        submit("small", "sized", 1);

        var states = queue.awaitFinal(2);

        assertThat(states.get("far-too-large").state()).isEqualTo(TaskState.FAILURE);
        assertThat(states.get("far-too-large").error().type()).isEqualTo("ResultTooLarge");
        assertThat(states.get("small").state()).isEqualTo(TaskState.SUCCESS);
        assertThat(queue.deadLetters())
                .singleElement()
                .satisfies(record ->
                        assertThat(DeadLetter.from(record.headers()).reason()).isEqualTo(Reason.FAILED));
    }

    /** At the limit every byte counts, and our sum must not be more generous than the producer's or the broker's. */
    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void drawsTheLineWhereTheProducerDoes(Guarantee guarantee) {
        workers.start(guarantee, handlers(), Map.of());
        var sizes = new TreeMap<Integer, String>();
        for (int size = RECORD - 1_800; size < RECORD - 1_000; size += 40) {
            sizes.put(size, "r" + size);
            submit("r" + size, "sized", size);
        }

        var states = queue.awaitFinal(sizes.size());

        var fitted = sizes.keySet().stream()
                .filter(size -> states.get("r" + size).state() == TaskState.SUCCESS)
                .toList();
        var failed = sizes.keySet().stream()
                .filter(size -> isTooLarge(states.get("r" + size)))
                .toList();
        assertThat(fitted).isNotEmpty();
        assertThat(failed).isNotEmpty().allMatch(size -> size > fitted.get(fitted.size() - 1));
        assertThat(fitted.size() + failed.size()).isEqualTo(sizes.size());
        assertThat(fitted)
                .allSatisfy(size -> assertThat(states.get("r" + size).result().stringValue())
                        .hasSize(size));
        assertThat(queue.outcomes().values()).containsOnly(1L);
    }

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void clipsWhatAnExceptionSays(Guarantee guarantee) {
        workers.start(guarantee, handlers(), Map.of());
        submit("wordy", "explode", 5_000_000);
        submit("small", "sized", 1);

        var states = queue.awaitFinal(2);

        assertThat(states.get("wordy").state()).isEqualTo(TaskState.FAILURE);
        assertThat(states.get("wordy").error().type()).isEqualTo(IllegalStateException.class.getName());
        assertThat(states.get("wordy").error().message())
                .hasSizeLessThan(10_000)
                .startsWith("yyy");
        assertThat(states.get("small").state()).isEqualTo(TaskState.SUCCESS);
    }

    /** The result fits and so does the next step, but not both in the record of the next step. */
    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void failsATaskWhoseNextStepDoesNotFit(Guarantee guarantee) {
        workers.start(guarantee, handlers(), Map.of());
        var next = Task.named("sized").args(1, "z".repeat(600_000)).build();
        queue.submit(Task.named("sized")
                .id("first")
                .args(600_000)
                .onSuccess(List.of(Signature.of(next)))
                .build());
        submit("small", "sized", 1);

        var states = queue.awaitFinal(2);

        assertThat(isTooLarge(states.get("first"))).isTrue();
        assertThat(states.get("small").state()).isEqualTo(TaskState.SUCCESS);
        assertThat(states).containsOnlyKeys("first", "small");
    }

    private void submit(String id, String task, int size) {
        queue.submit(Task.named(task).id(id).args(size).build());
    }

    private static boolean isTooLarge(TaskResult result) {
        return result.state() == TaskState.FAILURE && result.error().type().equals("ResultTooLarge");
    }

    private static List<Handler> handlers() {
        return List.of(
                Handler.of(
                        "sized",
                        (task, context) -> "x".repeat(task.args().get(0).intValue())),
                Handler.of("explode", (task, context) -> {
                    throw new IllegalStateException(
                            "y".repeat(task.args().get(0).intValue()));
                }));
    }
}
