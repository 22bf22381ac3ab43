package io.celeriac.engine.stream;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.engine.stream.SimulatedMachine.Work;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hundreds of deaths of workers, by a simulated clock. However often and however regularly the machine kills them, no task must be
 * set aside for it, not even one that runs for ever and so is there at each death. A task that does kill must be set aside after a
 * few deaths, how long ever it takes to, and nobody with it.
 *
 * <p>{@code -Dcampaign=200} runs each with so many seeds, and prints the figures.
 */
class PoisonPillTrialsTest {

    private static final int SEEDS = Integer.getInteger("campaign", 1);
    private static final int KILLS = 200;
    private static final Duration PATIENCE = ofHours(6);

    private int submitted;

    private static Stream<Arguments> seeds(int... values) {
        return IntStream.of(values)
                .boxed()
                .flatMap(value -> IntStream.range(0, SEEDS).mapToObj(seed -> Arguments.of(value, seed)));
    }

    static Stream<Arguments> meanSecondsBetweenKills() {
        return seeds(5, 19);
    }

    @ParameterizedTest
    @MethodSource("meanSecondsBetweenKills")
    void setsNobodyAsideWhenTheMachineKillsAtRandom(int mean, int seed) {
        var machine = new SimulatedMachine(seed, 2, 2, 6);
        submitEternal(machine, 2);
        var next = machine.now();
        while (machine.deaths() < KILLS) {
            if (!machine.now().isBefore(next)) {
                machine.kill(machine.random().nextInt(2));
                next = machine.now()
                        .plusMillis((long) (-Math.log(machine.random().nextDouble()) * mean * 1_000));
            }
            live(machine);
        }

        print("kills at random every " + mean + " s", seed, machine);
        assertThat(machine.condemned()).isEmpty();
    }

    static Stream<Arguments> secondsOfLife() {
        return seeds(2, 12);
    }

    /** As when each process runs out of memory by itself, at the same age. */
    @ParameterizedTest
    @MethodSource("secondsOfLife")
    void setsNobodyAsideInACrashLoop(int age, int seed) {
        var machine = new SimulatedMachine(seed, 1, 2, 6);
        submitEternal(machine, 2);
        while (machine.deaths() < KILLS) {
            if (machine.age(0).toSeconds() >= age) {
                machine.kill(0);
            }
            live(machine);
        }

        print("crash loop of " + age + " s", seed, machine);
        assertThat(machine.condemned()).isEmpty();
    }

    static Stream<Arguments> millisUntilItKills() {
        return seeds(1, 500, 5_000, 30_000);
    }

    @ParameterizedTest
    @MethodSource("millisUntilItKills")
    void setsAPillAsideAfterFewDeathsAndNobodyElse(int millis, int seed) {
        var machine = new SimulatedMachine(seed, 2, 2, 8);
        load(machine);
        submitEternal(machine, 3);
        machine.submit(new Work("pill", ofDays(1), ofMillis(millis)));

        liveUntil(machine, () -> !machine.condemned().isEmpty());

        print("a pill of " + millis + " ms", seed, machine);
        assertThat(machine.condemned()).containsOnlyKeys("pill");
        assertThat(machine.deaths()).isLessThanOrEqualTo(millis <= 500 ? 9 : millis <= 5_000 ? 16 : 30);
    }

    static Stream<Arguments> numberOfPills() {
        return seeds(2, 6);
    }

    /** Each is there when the others kill, and must neither be taken for them nor be cleared by them for ever. */
    @ParameterizedTest
    @MethodSource("numberOfPills")
    void setsSeveralPillsAsideAndNobodyElse(int pills, int seed) {
        var machine = new SimulatedMachine(seed, 1, 2, 8);
        load(machine);
        submitEternal(machine, 2);
        var all = IntStream.range(0, pills).mapToObj(i -> "pill" + i).toList();
        all.forEach(pill -> machine.submit(
                new Work(pill, ofDays(1), ofMillis(machine.random().nextInt(1_000)))));

        liveUntil(machine, () -> machine.condemned().size() >= pills);

        print(pills + " pills", seed, machine);
        assertThat(machine.condemned().keySet()).containsExactlyInAnyOrderElementsOf(all);
        assertThat(machine.deaths()).isLessThanOrEqualTo(12 * pills);
    }

    private void liveUntil(SimulatedMachine machine, BooleanSupplier end) {
        while (!end.getAsBoolean() && age(machine).compareTo(PATIENCE) < 0) {
            live(machine);
        }
    }

    private void live(SimulatedMachine machine) {
        load(machine);
        machine.step();
    }

    private void load(SimulatedMachine machine) {
        while (machine.backlog() < 50) {
            machine.submit(new Work("t" + submitted++, duration(machine.random().nextInt(100)), null));
        }
    }

    private static Duration duration(int dice) {
        return dice < 90 ? ofMillis(20L + 2L * dice) : dice < 99 ? ofSeconds(dice - 89L) : ofSeconds(60);
    }

    private static void submitEternal(SimulatedMachine machine, int tasks) {
        for (int i = 0; i < tasks; i++) {
            machine.submit(new Work("eternal" + i, ofDays(1_000), null));
        }
    }

    private static Duration age(SimulatedMachine machine) {
        return Duration.between(SimulatedMachine.START, machine.now());
    }

    private static void print(String what, int seed, SimulatedMachine machine) {
        if (SEEDS > 1) {
            System.out.printf(
                    "%s, seed %d: %d deaths in %d s, %d tasks done, longest wait of a suspect %d s, set aside %s%n",
                    what,
                    seed,
                    machine.deaths(),
                    age(machine).toSeconds(),
                    machine.ended(),
                    machine.longestWait().toSeconds(),
                    machine.condemned());
        }
    }
}
