package io.celeriac.workflow.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
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

    /** Of a value that is kept as an object. */
    private static final int MOST_BYTES = 16 * 1024;

    private final KeyValueStore<Bytes, byte[]> store;
    private final StoredJobs jobs = new StoredJobs();

    // made anew by each flush: to clear a map that once had many thousand entries takes longer than an event
    private Map<String, Optional<Job>> jobsBefore = new LinkedHashMap<>(); // what changes have replaced, by key
    private Map<String, Object> changes = new LinkedHashMap<>(); // by key; GONE for a removal

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
        try (var entries = scan(JOBS)) {
            entries.forEachRemaining(entry -> jobs.put(TaskJson.MAPPER.readValue(entry.value, Job.class)));
        }
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
    public @Nullable StoredList list(String workflow, String path) {
        return get(workflow + "\0l" + path, StoredList.class);
    }

    @Override
    public void putList(String workflow, String path, StoredList list) {
        changes.put(workflow + "\0l" + path, list);
    }

    @Override
    public void put(Job job) {
        remember(job);
        jobs.put(job);
        changes.put(JOBS + job.key(), job);
    }

    @Override
    public void remove(Job job) {
        remember(job);
        jobs.remove(job);
        changes.put(JOBS + job.key(), GONE);
    }

    @Override
    public void toTheEnd(Job job) {
        jobs.toTheEnd(job);
    }

    @Override
    public boolean isPut(Job job) {
        return job.equals(jobs.get(job.key()));
    }

    @Override
    public List<Job> all(Job.Kind kind) {
        return jobs.all(kind);
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
        for (var prefix : List.of(workflow + "\0n", workflow + "\0r", workflow + "\0l")) {
            scan(prefix, most, key -> changes.get(key) != GONE && keys.add(key));
            changes.forEach((key, value) -> {
                if (value != GONE && key.startsWith(prefix)) {
                    keys.add(key);
                }
            });
        }
        keys.forEach(key -> changes.put(key, GONE));
        return keys.size() < most;
    }

    @Override
    public void delete(String workflow) {
        changes.put(workflow + "\0w", GONE);
    }

    /** Brings all changes into the store. */
    public void flush() {
        changes.forEach((key, value) -> {
            var bytes = value == GONE ? null : TaskJson.bytes(value);
            store.put(key(key), bytes);
            remember(key, value, bytes == null ? 0 : bytes.length);
        });
        changes = new LinkedHashMap<>();
        jobsBefore = new LinkedHashMap<>();
    }

    /** Large values are read again: a thousand results could take a gigabyte. */
    private void remember(String key, Object value, int bytes) {
        if (bytes <= MOST_BYTES) {
            known.put(key, value);
        } else {
            known.remove(key);
        }
    }

    private void remember(Job job) {
        jobsBefore.putIfAbsent(job.key(), Optional.ofNullable(jobs.get(job.key())));
    }

    /** Drops all changes since the last flush. */
    public void discard() {
        changes = new LinkedHashMap<>();
        jobsBefore.forEach((key, before) -> {
            var now = jobs.get(key);
            if (now != null) {
                jobs.remove(now);
            }
            before.ifPresent(jobs::put);
        });
        jobsBefore = new LinkedHashMap<>();
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
        remember(key, value == null ? GONE : value, stored == null ? 0 : stored.length);
        return value;
    }

    /** Looks at the keys with a prefix, until {@code most} of them count. */
    private void scan(String prefix, int most, Predicate<String> counts) {
        int found = 0;
        try (var entries = scan(prefix)) {
            while (found < most && entries.hasNext()) {
                found += counts.test(new String(entries.next().key.get(), UTF_8)) ? 1 : 0;
            }
        }
    }

    private KeyValueIterator<Bytes, byte[]> scan(String prefix) {
        return store.prefixScan(prefix, (topic, text) -> text.getBytes(UTF_8));
    }

    private static Bytes key(String key) {
        return Bytes.wrap(key.getBytes(UTF_8));
    }
}
