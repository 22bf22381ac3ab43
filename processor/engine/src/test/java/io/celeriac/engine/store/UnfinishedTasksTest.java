package io.celeriac.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.task.Unique;
import io.celeriac.engine.poison.OwnerMark;
import io.celeriac.engine.poison.Trace.Trials;
import io.celeriac.engine.store.LogKey.Kind;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.SourceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.InMemoryKeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnfinishedTasksTest {

    private static final Uuid TOPIC = Uuid.randomUuid();

    private final List<String> changes = new ArrayList<>();
    private final KeyValueStore<Bytes, byte[]> log = new InMemoryKeyValueStore("log") {
        @Override
        public synchronized void put(Bytes key, byte[] value) {
            changes.add("put " + LogKey.parse(key.get()).kind());
            super.put(key, value);
        }

        @Override
        public synchronized byte[] delete(Bytes key) {
            changes.add("delete " + LogKey.parse(key.get()).kind());
            return super.delete(key);
        }
    };
    private final List<String> order = new ArrayList<>();
    private final UnfinishedTasks store = store(log);

    @BeforeEach
    void putTheBarrier() {
        store.barrier(() -> order.add("barrier with " + log.approximateNumEntries() + " logged"));
    }

    @Test
    void logsNothingOfATaskThatCameAndWentBetweenTwoCommits() {
        var plain = new UnfinishedTasks(log, codec(), new DeduplicationWindow(0, 10));
        plain.add(waiting("a"));
        plain.finish("a", 0);

        plain.flushCache();

        assertThat(log.approximateNumEntries()).isZero();
    }

    @Test
    void logsWhatIsUnfinishedAndTakesItOutBehindTheBarrier() {
        store.add(waiting("a"));
        assertThat(store.hasUnlogged()).isTrue();
        store.flushCache();
        assertThat(store.hasUnlogged()).isFalse();
        assertThat(order).isEmpty();

        store.finish("a", 0);
        assertThat(store.contains("a")).isFalse();
        store.flushCache();

        assertThat(order).containsExactly("barrier with 1 logged");
        assertThat(restored()).isEmpty();
    }

    /** Streams flushes once more when it closes a task whose send has failed: a barrier that throws must hold each time. */
    @Test
    void keepsATaskWhoseResultIsNotDurableHoweverOftenItIsFlushed() {
        store.add(waiting("a"));
        store.flushCache();
        store.finish("a", 0);
        store.barrier(() -> {
            throw new IllegalStateException("not durable");
        });

        assertThatIllegalStateException().isThrownBy(store::flushCache);
        assertThatIllegalStateException().isThrownBy(store::flushCache);

        assertThat(restored()).containsExactly("a");
    }

    /** The process may die between any two records of the changelog: later tasks of the key would run. */
    @Test
    void logsThatATaskHasEndedAndKeepsItsKeyBeforeItRemovesTheTask() {
        var task = unique("a", Duration.ofHours(1));
        store.uniqueKeys().claim(task.task(), null);
        store.add(task);
        store.flushCache();
        changes.clear();

        store.finish(task.task(), TaskState.SUCCESS, 1);
        store.flushCache();

        assertThat(changes).containsSubsequence("put UNIQUE", "delete TASK");
    }

    /** A task that is restored must have its key. */
    @Test
    void givesAKeyBackAfterItHasRemovedTheTask() {
        var task = unique("a", null);
        store.uniqueKeys().claim(task.task(), null);
        store.add(task);
        store.flushCache();
        changes.clear();

        store.finish(task.task(), TaskState.SUCCESS, 1);
        store.flushCache();

        assertThat(changes).containsSubsequence("delete TASK", "delete UNIQUE");
    }

    private static Waiting unique(String id, Duration window) {
        var unique = window == null ? Unique.by("k") : Unique.by("k", window);
        var task = Task.named("a").id(id).unique(unique).build();
        return new Waiting(AcceptedTask.first(waiting(id).task().origin(), task, Instant.EPOCH), 0);
    }

    @Test
    void forgetsWhatAnAbortedTransactionHadFinished() {
        store.add(waiting("a"));
        store.flushCache();
        store.finish("a", 0);

        var again = new ArrayList<String>();
        store.restore(0, Uuid.ZERO_UUID, 1, (id, outline) -> again.add(id));

        assertThat(again).containsExactly("a");
        assertThat(store.finishedLately("a")).isFalse();
    }

    @Test
    void logsNothingWhenThePartitionIsLost() {
        store.add(waiting("a"));
        store.discard();

        store.flushCache();

        assertThat(log.approximateNumEntries()).isZero();
    }

    /** It was suspended for longer than its session, and flushes before it hears that the partition has gone. */
    @Test
    void leavesOutWhatAFormerOwnerLogsOfATaskThatItsSuccessorHasFinished() {
        var suspended = ownerAt(1_000);
        suspended.take(7);
        suspended.add(waiting("a"));
        var successor = ownerAt(2_000);
        successor.take(7);
        successor.add(waiting("a"));
        successor.finish("a", 2_001);
        successor.flushCache();

        suspended.flushCache();

        var next = store(log);
        assertThat(restored(next, 3_000)).isEmpty();
        next.flushCache();
        assertThat(log.all())
                .toIterable()
                .extracting(entry -> LogKey.parse(entry.key.get()).kind())
                .doesNotContain(Kind.TASK);
    }

    /** Both find the same log, and the clock of the later is behind: only the group knows who came later. */
    @Test
    void tellsTheLaterOfTwoOwnersByTheGenerationAndNotByTheClock() {
        var suspended = ownerAt(9_000, 1);
        suspended.take(7);
        suspended.add(waiting("a"));
        suspended.mark(() -> markOf("suspended"));
        suspended.committed(() -> 7L);
        var successor = ownerAt(1_000, 2);
        successor.take(7);
        successor.add(waiting("a"));
        successor.finish("a", 1_001);
        successor.mark(() -> markOf("successor"));
        successor.committed(() -> 8L);
        successor.flushCache();

        suspended.flushCache();

        var next = store(log);
        assertThat(restored(next, 500)).isEmpty();
        assertThat(next.formerMark()).isEqualTo(markOf("successor"));
        assertThat(next.isBehind(7)).as("what the successor has committed").isTrue();
    }

    /** A group that was deleted begins to count anew, under protocol streams too. */
    @Test
    void comesAfterAllThatIsLoggedWhateverTheGeneration() {
        var first = ownerAt(1_000, 1_000);
        first.take(7);
        first.add(waiting("a"));
        first.mark(() -> markOf("first"));
        first.flushCache();
        for (var generation : List.of(1, 0, -1)) {
            var later = ownerAt(1_000, generation);
            assertThat(later.formerMark()).isNotNull();
            later.mark(() -> markOf("after " + generation));
            later.flushCache();

            var next = ownerAt(1_000, 1);
            assertThat(next.formerMark()).isEqualTo(markOf("after " + generation));
        }
    }

    @Test
    void keepsTheTaskOfASuccessorWhateverItsFormerOwnerLogs() {
        var suspended = ownerAt(1_000);
        suspended.take(7);
        suspended.add(waiting("a"));
        var successor = ownerAt(2_000);
        successor.take(7);
        successor.add(new Waiting(waiting("a").task().survived(), 5));
        successor.flushCache();

        suspended.flushCache();
        suspended.finish("a", 2_500);
        suspended.flushCache();

        var next = store(log);
        assertThat(restored(next, 3_000)).containsExactly("a");
        assertThat(next.get("a")).isInstanceOfSatisfying(Waiting.class, task -> {
            assertThat(task.due()).isEqualTo(5);
            assertThat(task.task().deaths()).isEqualTo(1);
        });
    }

    /** Logged, and not committed: the record is read again, and the entry of the first owner must not count as late. */
    @Test
    void keepsATaskWhoseRecordASecondOwnerReadsAgain() {
        var first = ownerAt(1_000);
        first.take(7);
        first.add(waiting("a"));
        first.flushCache();
        var second = ownerAt(2_000);
        second.take(7);
        second.adopt("a", 7);
        second.flushCache();

        assertThat(restored(store(log), 3_000)).containsExactly("a");
    }

    /** The second owner charges the task with the death of the first, before it reads the record again. */
    @Test
    void takesATaskOverThatHasChangedAlready() {
        var first = ownerAt(1_000);
        first.take(7);
        first.add(waiting("a"));
        first.flushCache();
        var second = ownerAt(2_000);
        var charged = ((Waiting) second.get("a")).task().survived();
        second.update(new Waiting(charged, 0));
        second.take(7);
        second.adopt("a", 7);
        second.flushCache();

        var third = store(log);
        assertThat(restored(third, 3_000)).containsExactly("a");
        assertThat(third.get("a").task().deaths()).isEqualTo(1);
    }

    @Test
    void keepsWhatNobodyReadAgainOverAnyNumberOfOwners() {
        var first = ownerAt(1_000);
        first.take(7);
        first.add(waiting("a"));
        first.flushCache();
        for (int i = 2; i < 100; i++) {
            var later = store(log);
            assertThat(restored(later, i * 1_000L)).containsExactly("a");
            later.take(7 + i);
            later.flushCache();
        }
    }

    /** An id may be used again where nothing is remembered; the second task must not pass for the first. */
    @Test
    void takesATaskOnUnderAnIdThatAnEarlierOwnerHadLogged() {
        var first = ownerAt(1_000);
        first.take(7);
        first.add(waiting("a"));
        first.flushCache();
        var second = ownerAt(2_000);
        second.finish("a", 2_001);
        second.take(8);
        second.add(waiting("a"));
        second.flushCache();
        second.finish("a", 2_002);
        second.add(waiting("a"));
        second.flushCache();

        assertThat(restored(store(log), 3_000)).containsExactly("a");
    }

    /** The group's offsets expire after seven days without a worker. */
    @Test
    void knowsWhichRecordsWereTakenWhenTheGroupHasForgottenIt() {
        var first = ownerAt(1_000);
        first.committed(() -> 42L);
        first.flushCache();

        var second = ownerAt(2_000);
        assertThat(second.isBehind(41)).isTrue();
        assertThat(second.isBehind(42)).isFalse();
        var anew = store(log);
        anew.restore(3_000, Uuid.randomUuid(), 3, (id, outline) -> {});
        assertThat(anew.isBehind(0)).as("a topic that was made anew").isFalse();
    }

    /** After an outage longer than the window, a parent that runs again emits its next steps again: they must be known. */
    @Test
    void countsTheDeduplicationWindowInTimeWithAnOwner() {
        var first = ownerAt(1_000);
        first.committed(() -> 1L);
        first.finish("a", 2_000);
        first.flushCache();

        var afterAWeek = ownerAt(600_000_000);
        assertThat(afterAWeek.finishedLately("a")).isTrue();
        afterAWeek.expire(600_000_000 + 600_000 - 1_000);
        assertThat(afterAWeek.finishedLately("a")).isTrue();
        afterAWeek.expire(600_000_000 + 720_001);
        assertThat(afterAWeek.finishedLately("a")).isFalse();
    }

    /** A worker that was suspended finds out before it writes. */
    @Test
    void logsNothingBehindAFence() {
        store.add(waiting("a"));
        store.fence(() -> {
            throw new IllegalStateException("has gone");
        });

        assertThatIllegalStateException().isThrownBy(store::flushCache);

        assertThat(log.approximateNumEntries()).isZero();
    }

    private UnfinishedTasks ownerAt(long now) {
        return ownerAt(now, now / 1_000);
    }

    private UnfinishedTasks ownerAt(long now, long generation) {
        var owner = store(log);
        owner.restore(now, TOPIC, generation, (id, outline) -> {});
        return owner;
    }

    private static OwnerMark markOf(String process) {
        return new OwnerMark(process, false, Set.of(), Set.of(), Trials.NONE, List.of());
    }

    private static List<String> restored(UnfinishedTasks owner, long now) {
        var ids = new ArrayList<String>();
        owner.restore(now, TOPIC, now / 1_000, (id, outline) -> ids.add(id));
        return ids;
    }

    private List<String> restored() {
        var ids = new ArrayList<String>();
        store(log).restore(0, Uuid.ZERO_UUID, 1, (id, outline) -> ids.add(id));
        return ids;
    }

    private static UnfinishedTasks store(KeyValueStore<Bytes, byte[]> log) {
        return new UnfinishedTasks(log, codec(), new DeduplicationWindow(600_000, 1_000));
    }

    private static StoredTaskCodec codec() {
        return new StoredTaskCodec("default", "celeriac.tasks.default", (task, why) -> List.of());
    }

    private static Waiting waiting(String id) {
        var value = "{\"task\":\"a\"}".getBytes(UTF_8);
        var origin = new SourceRecord(
                "default", "celeriac.tasks.default", 0, 7, Instant.EPOCH, null, value, new RecordHeaders());
        return new Waiting(AcceptedTask.first(origin, Task.named("a").id(id).build(), Instant.EPOCH), 0);
    }
}
