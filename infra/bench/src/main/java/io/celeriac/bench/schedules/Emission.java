package io.celeriac.bench.schedules;

import io.celeriac.bench.harness.Installation;
import io.celeriac.contract.TaskJson;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A task that a scheduler emitted.
 *
 * @param firing its number, as {@link Fleet} counts them
 * @param taskId its id
 * @param fireTime when it was due
 * @param taken when the broker had it, in whole milliseconds
 */
record Emission(int firing, String taskId, Instant fireTime, Instant taken) {

    /** All that a installation has. */
    static List<Emission> all(Installation installation, Fleet fleet) {
        var all = new ArrayList<Emission>();
        installation.eachTask(record -> all.add(of(record, fleet)));
        return all;
    }

    private static Emission of(ConsumerRecord<byte[], byte[]> record, Fleet fleet) {
        var task = TaskJson.task(record.value());
        var firing = Objects.requireNonNull(task.schedule(), "a task that no schedule emitted");
        return new Emission(
                fleet.number(Fleet.schedule(firing.name()), firing.fireTime()),
                Objects.requireNonNull(task.id(), "a firing without id"),
                firing.fireTime(),
                Instant.ofEpochMilli(record.timestamp()));
    }

    /** In microseconds; what the whole milliseconds of the broker's clock cut off may make it 1 ms too little. */
    long lateMicros() {
        return Math.max(0, fireTime.until(taken, ChronoUnit.MICROS));
    }

    boolean isDueIn(Window window) {
        return window.contains(fireTime);
    }

    /** A time that is measured, without its end. */
    record Window(Instant from, Instant to) {

        boolean contains(Instant instant) {
            return !instant.isBefore(from) && instant.isBefore(to);
        }

        double seconds() {
            return Duration.between(from, to).toMillis() / 1e3;
        }
    }
}
