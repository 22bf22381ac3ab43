package io.celeriac.workflow.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The workflows of a partition in a store of Kafka Streams, as JSON. Changes stay in memory until {@link #flush}, so that a record that
 * cannot be processed changes nothing: see {@link #discard}. Belongs to the stream thread.
 *
 * <p>Keys are {@code <workflow> NUL w}, {@code … NUL n<path>} for nodes and {@code … NUL r<path>} for results; jobs begin with SOH, which no id
 * has. Ids have no NUL, so all keys of a workflow are neighbours.
 */
public final class KeyValueWorkflowStore implements WorkflowStore {

    private static final String JOBS = "\u0001";
    private static final Object GONE = new Object();

    /** The workflow and the group of an event are nearly always those of events before it. */
    private static final int MOST_KNOWN = 1_000;

    private final KeyValueStore<Bytes, byte[]> store;
    private final StoredJobs jobs = new StoredJobs();
    private final Map<String, Object> changes = new LinkedHashMap<>(); // by key; GONE for a removal
    private final Map<String, Object> known = new LinkedHashMap<>(16, 0.75f, true) { // what the store has, as objects

                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Object> eldest) {
                    return size() > MOST_KNOWN;
                }
            };

    /** Reads the jobs that are left. */
    public KeyValueWorkflowStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
        readJobs();
    }

    private void readJobs() {
        jobs.clear();
        scan(JOBS, Integer.MAX_VALUE, (key, value) -> jobs.put(TaskJson.MAPPER.readValue(value, Job.class)));
    }

    @Override
    public @Nullable StoredWorkflow workflow(String id) {
        return get(id + "\0w", StoredWorkflow.class);
    }

    @Override
    public void put(StoredWorkflow workflow) {
        changes.put(workflow.id() + "\0w", workflow);
    }

    @Override
    public @Nullable StoredNode node(String workflow, String path) {
        return get(nodeKey(workflow, path), StoredNode.class);
    }

    @Override
    public void put(String workflow, String path, StoredNode node) {
        changes.put(nodeKey(workflow, path), node);
    }

    private static String nodeKey(String workflow, String path) {
        return workflow + "\0n" + path;
    }

    @Override
    public @Nullable JsonNode result(String workflow, String path) {
        return get(workflow + "\0r" + path, JsonNode.class);
    }

    @Override
    public void putResult(String workflow, String path, JsonNode result) {
        changes.put(workflow + "\0r" + path, result);
    }

    @Override
    public void put(Job job) {
        jobs.put(job);
        changes.put(JOBS + job.key(), job);
    }

    @Override
    public void remove(Job job) {
        jobs.remove(job);
        changes.put(JOBS + job.key(), GONE);
    }

    @Override
    public boolean isLeft(Job.Kind kind, String workflow) {
        return jobs.isLeft(kind, workflow);
    }

    @Override
    public List<Job> due(Instant now) {
        return jobs.due(now);
    }

    /** Whether work is left that is to be done soon. */
    public boolean areJobsLeft() {
        return jobs.areAny();
    }

    @Override
    public boolean deleteNodes(String workflow, int most) {
        var keys = new LinkedHashSet<String>();
        for (var prefix : List.of(workflow + "\0n", workflow + "\0r")) {
            scan(prefix, most, (key, value) -> keys.add(key));
            changes.keySet().stream().filter(key -> key.startsWith(prefix)).forEach(keys::add);
        }
        keys.removeIf(key -> changes.get(key) == GONE);
        keys.forEach(key -> changes.put(key, GONE));
        return keys.size() < most;
    }

    @Override
    public void delete(String workflow) {
        changes.put(workflow + "\0w", GONE);
    }

    /** Brings all changes into the store. */
    public void flush() {
        changes.forEach((key, value) -> store.put(key(key), value == GONE ? null : TaskJson.bytes(value)));
        known.putAll(changes);
        changes.clear();
    }

    /** Drops all changes since the last flush. */
    public void discard() {
        changes.clear();
        readJobs();
    }

    private <T> @Nullable T get(String key, Class<T> type) {
        var changed = changes.get(key);
        if (changed != null) {
            return changed == GONE ? null : type.cast(changed);
        }
        var before = known.get(key);
        if (before != null) {
            return before == GONE ? null : type.cast(before);
        }
        var stored = store.get(key(key));
        var value = stored == null ? null : TaskJson.MAPPER.readValue(stored, type);
        known.put(key, value == null ? GONE : value);
        return value;
    }

    private void scan(String prefix, int most, BiConsumer<String, byte[]> found) {
        try (var entries = store.prefixScan(prefix, (topic, text) -> text.getBytes(UTF_8))) {
            for (int i = 0; i < most && entries.hasNext(); i++) {
                var entry = entries.next();
                found.accept(new String(entry.key.get(), UTF_8), Objects.requireNonNull(entry.value));
            }
        }
    }

    private static Bytes key(String key) {
        return Bytes.wrap(key.getBytes(UTF_8));
    }
}
