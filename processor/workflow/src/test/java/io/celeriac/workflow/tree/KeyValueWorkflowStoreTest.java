package io.celeriac.workflow.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.workflow.tree.WorkflowStore.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.InMemoryKeyValueStore;
import org.junit.jupiter.api.Test;

class KeyValueWorkflowStoreTest {

    private static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");

    private final KeyValueStore<Bytes, byte[]> log = new InMemoryKeyValueStore("log");
    private final KeyValueWorkflowStore store = new KeyValueWorkflowStore(log);

    /** What is deleted stays in the log until the flush, and is not to be taken for what is left. */
    @Test
    void deletesAllHoweverOftenItIsAskedBeforeAFlush() {
        for (int i = 0; i < 2_500; i++) {
            store.putResult("w", "0." + i, TaskJson.tree(i));
        }
        store.flush();

        assertThat(store.deleteNodes("w", 1_000)).isFalse();
        assertThat(store.deleteNodes("w", 1_000)).isFalse();
        assertThat(store.deleteNodes("w", 1_000)).isTrue();

        store.flush();
        assertThat(keys()).isEmpty();
    }

    @Test
    void discardsTheJobsOfARecord() {
        var before = new Job(Job.Kind.DELETE, "w", "0", NOW);
        store.put(before);
        store.flush();

        store.put(new Job(Job.Kind.DELETE, "w", "0", NOW.plusSeconds(60)));
        store.put(new Job(Job.Kind.START, "w", "0.1", null));
        store.discard();

        assertThat(store.due(NOW)).containsExactly(before);
        assertThat(store.areJobsLeft()).isFalse();
    }

    @Test
    void movesAJobBehindTheOthers() {
        var first = new Job(Job.Kind.START, "w", "0.1", null);
        var second = new Job(Job.Kind.START, "w", "0.2", null);
        store.put(first);
        store.put(second);

        store.toTheEnd(first);

        assertThat(store.due(NOW)).containsExactly(second, first);
    }

    private List<String> keys() {
        var keys = new ArrayList<String>();
        try (var all = log.all()) {
            all.forEachRemaining(entry -> keys.add(new String(entry.key.get(), UTF_8)));
        }
        return keys;
    }
}
