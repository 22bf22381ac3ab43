package io.celeriac.engine.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.celeriac.contract.Task;
import io.celeriac.engine.attempt.AcceptedTask;
import io.celeriac.engine.attempt.Origin;
import io.celeriac.engine.stream.StoredTask.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.InMemoryKeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnfinishedTasksTest {

    private final KeyValueStore<Bytes, byte[]> log = new InMemoryKeyValueStore("log");
    private final List<String> order = new ArrayList<>();
    private final UnfinishedTasks store = store(log);

    @BeforeEach
    void putTheBarrier() {
        store.barrier(() -> order.add("barrier with " + log.approximateNumEntries() + " logged"));
    }

    @Test
    void logsNothingOfATaskThatCameAndWentBetweenTwoCommits() {
        var plain = new UnfinishedTasks(log, codec(), new RecentIds(0));
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

    @Test
    void forgetsWhatAnAbortedTransactionHadFinished() {
        store.add(waiting("a"));
        store.flushCache();
        store.finish("a", 0);

        var again = new ArrayList<String>();
        store.restore((id, outline) -> again.add(id));

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

    private List<String> restored() {
        var ids = new ArrayList<String>();
        store(log).restore((id, outline) -> ids.add(id));
        return ids;
    }

    private static UnfinishedTasks store(KeyValueStore<Bytes, byte[]> log) {
        return new UnfinishedTasks(log, codec(), new RecentIds(600_000));
    }

    private static StoredTaskCodec codec() {
        return new StoredTaskCodec("default", "celeriac.tasks.default", (task, why) -> List.of());
    }

    private static Waiting waiting(String id) {
        var value = "{\"task\":\"a\"}".getBytes(UTF_8);
        var origin =
                new Origin("default", "celeriac.tasks.default", 0, 7, Instant.EPOCH, null, value, new RecordHeaders());
        return new Waiting(AcceptedTask.first(origin, Task.named("a").id(id).build(), Instant.EPOCH), 0);
    }
}
