package io.celeriac.controlweb.queue;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.control.LiveSetting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A queue, as it is shown. A number that is not known is null, and {@code unknown} says why.
 *
 * @param queue its name
 * @param pause who has paused it; absent while it is not paused
 * @param depth tasks that have not begun: those that no worker has read, and those that wait; null when a part is not known
 * @param unread records that no worker has read yet
 * @param running attempts that run; null when a part is not known
 * @param waiting tasks that workers have read and that wait, by reason; null when a part is not known
 * @param oldestReadyAt since when the oldest task waits that could run; absent for none, or when it is not known
 * @param oldestReadyAge seconds since then
 * @param rates how fast tasks come and are taken; absent when nobody has asked for queues within the last minute
 * @param workers ids of the workers that own its partitions
 * @param unknown what is not known, and why
 * @param warnings what keeps its tasks from running
 * @param asOf when the broker was asked
 * @param partitions each with its owner; absent in a list of queues
 */
public record QueueView(
        String queue,
        @Nullable Pause pause,
        @JsonInclude @Nullable Long depth,
        @JsonInclude @Nullable Long unread,
        @JsonInclude @Nullable Long running,
        @JsonInclude @Nullable Map<String, Long> waiting,
        @Nullable Instant oldestReadyAt,
        @Nullable Double oldestReadyAge,
        @Nullable Rates rates,
        List<String> workers,
        @JsonInclude(Include.NON_EMPTY) List<String> unknown,
        @JsonInclude(Include.NON_EMPTY) List<String> warnings,
        Instant asOf,
        @Nullable List<Partition> partitions) {

    /**
     * A pause.
     *
     * @param by who made it
     * @param at when
     * @param note why; absent for none
     */
    public record Pause(String by, Instant at, @Nullable String note) {

        static Pause of(LiveSetting setting) {
            return new Pause(setting.by(), setting.at(), setting.note());
        }
    }

    /**
     * Rates over the last minute, or as much of it as was observed.
     *
     * @param submitted records that came in, per second
     * @param taken records that workers have taken, per second
     * @param seconds that were observed
     */
    public record Rates(double submitted, double taken, double seconds) {}

    /**
     * A partition.
     *
     * @param partition its number
     * @param owner id of the worker that owns it; absent for none
     * @param end offset behind the last record
     * @param committed offset behind the last record that a worker has taken; absent when none ever did
     * @param unread records between them
     * @param running attempts that run; null when not known
     * @param waiting tasks that wait, by reason; null when not known
     * @param oldestReadyAt since when the oldest task waits that could run
     * @param window tasks that the owner has handed over: they run, or are next; absent when not known
     */
    public record Partition(
            int partition,
            @Nullable String owner,
            long end,
            @Nullable Long committed,
            long unread,
            @JsonInclude @Nullable Long running,
            @JsonInclude @Nullable Map<String, Long> waiting,
            @Nullable Instant oldestReadyAt,
            @Nullable Integer window) {}

    /** This queue without its partitions. */
    QueueView brief() {
        return new QueueView(
                queue,
                pause,
                depth,
                unread,
                running,
                waiting,
                oldestReadyAt,
                oldestReadyAge,
                rates,
                workers,
                unknown,
                warnings,
                asOf,
                null);
    }
}
