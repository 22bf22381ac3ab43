package io.celeriac.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.WireText;
import io.celeriac.contract.schedule.ScheduleDeclaration;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whatever comes about as a record is written, and read back the same: nothing is accepted that a reader would refuse. */
class RoundTripTest {

    @Test
    void readsBackATask() {
        repeat(RandomWire::task, task -> {
            var json = TaskJson.bytes(task);

            assertThat(TaskJson.task(json)).isEqualTo(task);
            assertThat(TaskJson.boundTask(json)).isEqualTo(task);
            assertThat(TaskJson.task(TaskJson.parse(json))).isEqualTo(task);
            assertThat(TaskJson.nameIn(json)).contains(task.task());
        });
    }

    @Test
    void readsBackAResult() {
        repeat(
                RandomWire::result,
                result -> assertThat(TaskJson.result(TaskJson.bytes(result))).isEqualTo(result));
    }

    @Test
    void readsBackACommand() {
        repeat(
                RandomWire::command,
                command -> assertThat(TaskJson.command(TaskJson.bytes(command))).isEqualTo(command));
    }

    @Test
    void readsBackADeclaration() {
        repeat(RandomWire::declaration, declaration -> {
            var json = TaskJson.bytes(declaration);

            assertThat(TaskJson.declaration(json)).isEqualTo(declaration);
            assertThat(TaskJson.commandIn(json)).contains(ScheduleDeclaration.COMMAND);
        });
    }

    /** They come back as readers make them, and stay so. */
    @Test
    void readsBackWhatJavaCodeGivesAsArguments() {
        repeat(wire -> Task.named("a").args(Arrays.asList(wire.javaValue())).build(), task -> {
            var read = TaskJson.task(TaskJson.bytes(task));

            assertThat(TaskJson.task(TaskJson.bytes(read))).isEqualTo(read);
        });
    }

    @Test
    void writesNoMoreCharactersOfANumberThanItReads() {
        for (var text : List.of("9".repeat(1_000), "-" + "9".repeat(999), "1." + "5".repeat(990) + "e-7", "1e10000")) {
            var value = TaskJson.parse(text.getBytes(UTF_8));
            assertThat(TaskJson.task(TaskJson.bytes(taskOf(value)))).isEqualTo(taskOf(value));
        }
        var grows = TaskJson.parse(("9".repeat(998) + "e1").getBytes(UTF_8));
        assertThatExceptionOfType(InvalidTaskException.class).isThrownBy(() -> taskOf(grows));
    }

    /** Each level was once read again by all levels around it. */
    @Test
    void readsAndWritesNestedStepsInOnePass() {
        var large = IntStream.range(0, 100_000).mapToObj(TaskJson::tree).toList();
        var task = Task.named("last").args(large).build();
        for (int i = 0; i < Limits.STEP_DEPTH; i++) {
            task = Task.named("step").onSuccess(List.of(Signature.of(task))).build();
        }
        var started = System.nanoTime();

        assertThat(TaskJson.task(TaskJson.bytes(task))).isEqualTo(task);

        assertThat(System.nanoTime() - started).isLessThan(5_000_000_000L);
    }

    private static Task taskOf(JsonNode value) {
        return Task.named("a").args(List.of(value)).build();
    }

    private static <T> void repeat(Function<RandomWire, T> make, Consumer<T> check) {
        var outcomes = new int[2];
        Tries.repeat(1_500, random -> {
            var made = made(make, random);
            outcomes[made == null ? 0 : 1]++;
            if (made != null) {
                check.accept(made);
            }
        });
        assertThat(outcomes).as("refused, accepted").doesNotContain(0);
    }

    private static <T> T made(Function<RandomWire, T> make, Random random) {
        try {
            return make.apply(new RandomWire(random));
        } catch (InvalidTaskException e) {
            assertThat(WireText.isWellFormed(e.getMessage())).isTrue();
            return null;
        }
    }
}
