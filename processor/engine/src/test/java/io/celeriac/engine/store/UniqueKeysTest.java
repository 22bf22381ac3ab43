package io.celeriac.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.task.Unique;
import io.celeriac.engine.store.LogKey.Kind;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.SourceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.InMemoryKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Unique keys over the changelog: what a new owner of the partition knows. */
class UniqueKeysTest {

    private static final Uuid TOPIC = Uuid.randomUuid();
    private static final Unique WHILE_UNFINISHED = Unique.by("invoice-7");
    private static final Unique FOR_A_MINUTE = Unique.by("invoice-7", Duration.ofMinutes(1));

    private final KeyValueStore<Bytes, byte[]> log = new InMemoryKeyValueStore("log");

    @Test
    void logsNothingOfATaskThatCameAndWentBetweenTwoCommits() {
        var owner = owner(1);
        accept(owner, "a", WHILE_UNFINISHED);
        end(owner, "a", WHILE_UNFINISHED, 10);

        owner.flushCache();

        assertThat(entries()).isZero();
        assertThat(rival(owner, "b", WHILE_UNFINISHED, 20)).isNull();
    }

    @Test
    void handsAKeyOver() {
        var owner = owner(1);
        accept(owner, "a", WHILE_UNFINISHED);
        owner.flushCache();

        var next = owner(2);

        assertThat(rival(next, "b", WHILE_UNFINISHED, 20)).isEqualTo("a");
        end(next, "a", WHILE_UNFINISHED, 30);
        next.flushCache();
        assertThat(entries()).isZero();
        assertThat(rival(owner(3), "b", WHILE_UNFINISHED, 40)).isNull();
    }

    @Test
    void handsTheWindowOfAnEndedTaskOver() {
        var owner = owner(1);
        accept(owner, "a", FOR_A_MINUTE);
        end(owner, "a", FOR_A_MINUTE, 10);
        owner.flushCache();

        var next = owner(2);

        assertThat(rival(next, "b", FOR_A_MINUTE, 59_999)).isEqualTo("a");
        assertThat(rival(next, "b", FOR_A_MINUTE, 60_000)).isNull();
        next.expire(60_000);
        next.flushCache();
        assertThat(entries()).isZero();
    }

    @Test
    void keepsOneEntryOfAKeyHoweverManyOwnersWroteIt() {
        for (int i = 1; i < 5; i++) {
            var owner = owner(i);
            replace(owner, "task-" + (i - 1), "task-" + i);
            end(owner, "task-" + (i - 1), WHILE_UNFINISHED, 10);
            owner.flushCache();
        }

        assertThat(entries()).isOne();
        assertThat(rival(owner(9), "b", WHILE_UNFINISHED, 20)).isEqualTo("task-4");
    }

    /** It runs while the later one comes, goes on when that one has ended, and must not begin again. */
    @Test
    void handsOverWhoWasReplaced() {
        var owner = owner(1);
        accept(owner, "a", WHILE_UNFINISHED);
        replace(owner, "a", "b");
        owner.flushCache();

        var next = owner(2);

        assertThat(entries()).isEqualTo(2);
        assertThat(next.uniqueKeys().replacedBy(task("a", WHILE_UNFINISHED))).isEqualTo("b");
        assertThat(next.uniqueKeys().replacedBy(task("b", WHILE_UNFINISHED))).isNull();
        assertThat(running(next, "c")).isEqualTo("b");
        end(next, "b", WHILE_UNFINISHED, 10);
        assertThat(running(next, "c")).isEqualTo("a");
        assertThat(rival(next, "c", WHILE_UNFINISHED, 10))
                .as("it waits for a retry that will not come")
                .isNull();
        end(next, "a", WHILE_UNFINISHED, 20);
        assertThat(running(next, "c")).isNull();
        next.flushCache();
        assertThat(entries()).isZero();
    }

    @Test
    void keepsTheWindowOfTheNewestOnly() {
        var owner = owner(1);
        accept(owner, "a", FOR_A_MINUTE);
        accept(owner, "b", FOR_A_MINUTE, "a");
        end(owner, "b", FOR_A_MINUTE, 10);
        end(owner, "a", FOR_A_MINUTE, 20);
        owner.flushCache();

        assertThat(entries()).isOne();
        assertThat(rival(owner(2), "c", FOR_A_MINUTE, 59_999)).isEqualTo("b");
    }

    /** The clock of the owner that took the later one is behind. */
    @Test
    void takesTheOneThatWasNotReplacedForTheNewest() {
        var keys = new UniqueKeys();
        keys.claim(task("a", FOR_A_MINUTE, Instant.ofEpochMilli(500)), null);
        keys.claim(task("b", FOR_A_MINUTE, Instant.EPOCH), "a");
        keys.ended(task("b", FOR_A_MINUTE), TaskState.SUCCESS, 600);
        keys.ended(task("a", FOR_A_MINUTE), TaskState.SUCCESS, 700);

        assertThat(keys.rival(task("c", FOR_A_MINUTE), id -> null, 800)).isEqualTo("b");
    }

    @Test
    void forgetsTheFirstOfTooManyThatHaveEnded() {
        var keys = new UniqueKeys(2);
        for (int i = 1; i <= 3; i++) {
            var task = task("task-" + i, Unique.by("key-" + i, Duration.ofMinutes(i)));
            keys.claim(task, null);
            keys.ended(task, TaskState.SUCCESS, 10);
        }

        assertThat(keys.remembered()).isEqualTo(2);
        assertThat(keys.forgottenEarly()).isOne();
        assertThat(keys.rival(task("b", Unique.by("key-1", Duration.ofMinutes(1))), id -> null, 20))
                .isNull();
        assertThat(keys.rival(task("b", Unique.by("key-2", Duration.ofMinutes(2))), id -> null, 20))
                .isEqualTo("task-2");
        keys.expire(Duration.ofMinutes(3).toMillis());
        assertThat(keys.remembered()).isZero();
        assertThat(keys.isEmpty()).isTrue();
    }

    /** As they were written before a key could have several tasks. */
    @Test
    void readsEntriesWithoutTheIdInTheirKey() {
        var owner = owner(1);
        owner.add(new Waiting(task("a", WHILE_UNFINISHED), 0));
        owner.flushCache();
        log.put(
                LogKey.of(Kind.UNIQUE, 1, "/invoice-7".getBytes(UTF_8)),
                new UniqueKeys.Holder("a", 0, 0, null, null).bytes());

        var next = owner(2);

        assertThat(rival(next, "b", WHILE_UNFINISHED, 20)).isEqualTo("a");
        end(next, "a", WHILE_UNFINISHED, 30);
        next.flushCache();
        assertThat(entries()).isZero();
    }

    /** It was suspended for longer than its session, and writes when its successor has ended the task. */
    @Test
    void forgetsWhatASuspendedOwnerLogsOfATaskThatItsSuccessorHasEnded() {
        var suspended = owner(1);
        suspended.take(7);
        accept(suspended, "a", WHILE_UNFINISHED);
        var successor = owner(2);
        successor.take(7);
        accept(successor, "a", WHILE_UNFINISHED);
        end(successor, "a", WHILE_UNFINISHED, 10);
        successor.flushCache();

        suspended.flushCache();

        var next = owner(3);
        assertThat(rival(next, "b", WHILE_UNFINISHED, 20)).isNull();
        next.flushCache();
        assertThat(entries()).isZero();
    }

    private UnfinishedTasks owner(long generation) {
        var owner = new UnfinishedTasks(
                log,
                new StoredTaskCodec("default", "celeriac.tasks.default", (task, why) -> List.of()),
                new DeduplicationWindow(600_000, 1_000));
        owner.restore(0, TOPIC, generation, (id, outline) -> {});
        return owner;
    }

    private static void accept(UnfinishedTasks owner, String id, Unique unique) {
        accept(owner, id, unique, null);
    }

    private static void replace(UnfinishedTasks owner, String earlier, String later) {
        accept(owner, later, WHILE_UNFINISHED, earlier);
    }

    private static void accept(UnfinishedTasks owner, String id, Unique unique, @Nullable String rival) {
        owner.add(new Waiting(task(id, unique), 0));
        owner.uniqueKeys().claim(task(id, unique), rival);
    }

    private static String running(UnfinishedTasks owner, String id) {
        return owner.uniqueKeys()
                .rival(task(id, WHILE_UNFINISHED), other -> owner.contains(other) ? TaskState.STARTED : null, 10);
    }

    private static void end(UnfinishedTasks owner, String id, Unique unique, long now) {
        owner.finish(task(id, unique), TaskState.SUCCESS, now);
    }

    private static String rival(UnfinishedTasks owner, String id, Unique unique, long now) {
        return owner.uniqueKeys()
                .rival(task(id, unique), other -> owner.contains(other) ? TaskState.PENDING : null, now);
    }

    private static AcceptedTask task(String id, Unique unique) {
        return task(id, unique, Instant.EPOCH);
    }

    private static AcceptedTask task(String id, Unique unique, Instant acceptedAt) {
        var task = Task.named("a").id(id).unique(unique).build();
        var origin = new SourceRecord(
                "default",
                "celeriac.tasks.default",
                0,
                7,
                Instant.EPOCH,
                "invoice-7".getBytes(UTF_8),
                TaskJson.bytes(task),
                new RecordHeaders());
        return AcceptedTask.first(origin, task, acceptedAt);
    }

    private long entries() {
        var keys = new ArrayList<LogKey>();
        try (var all = log.all()) {
            all.forEachRemaining(entry -> keys.add(LogKey.parse(entry.key.get())));
        }
        return keys.stream().filter(key -> key.kind() == Kind.UNIQUE).count();
    }
}
