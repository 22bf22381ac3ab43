package io.celeriac.workflow.tree;

import io.celeriac.contract.TaskJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Workflows in memory, as JSON, for tests. Changes take effect at once. Belongs to one thread. */
public final class MemoryWorkflowStore implements WorkflowStore {

    private final Map<String, byte[]> workflows = new TreeMap<>();
    private final Map<String, byte[]> nodes = new TreeMap<>();
    private final StoredJobs jobs = new StoredJobs();

    @Override
    public @Nullable StoredWorkflow workflow(String id) {
        return read(workflows.get(id), StoredWorkflow.class);
    }

    @Override
    public void put(StoredWorkflow workflow) {
        workflows.put(workflow.id(), TaskJson.bytes(workflow));
    }

    @Override
    public @Nullable StoredNode node(String workflow, String path) {
        return read(nodes.get(key(workflow, 'n', path)), StoredNode.class);
    }

    @Override
    public void put(String workflow, String path, StoredNode node) {
        nodes.put(key(workflow, 'n', path), TaskJson.bytes(node));
    }

    @Override
    public @Nullable JsonNode result(String workflow, String path) {
        return read(nodes.get(key(workflow, 'r', path)), JsonNode.class);
    }

    @Override
    public void putResult(String workflow, String path, JsonNode result) {
        nodes.put(key(workflow, 'r', path), TaskJson.bytes(result));
    }

    private static String key(String workflow, char kind, String path) {
        return workflow + '\0' + kind + path;
    }

    private static <T> @Nullable T read(byte @Nullable [] json, Class<T> type) {
        return json == null ? null : TaskJson.MAPPER.readValue(json, type);
    }

    @Override
    public @Nullable StoredList list(String workflow, String path) {
        return read(nodes.get(key(workflow, 'l', path)), StoredList.class);
    }

    @Override
    public void putList(String workflow, String path, StoredList list) {
        nodes.put(key(workflow, 'l', path), TaskJson.bytes(list));
    }

    @Override
    public void put(Job job) {
        jobs.put(job);
    }

    @Override
    public void remove(Job job) {
        jobs.remove(job);
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

    /** When the next job with a time is to be done; null for none. */
    public @Nullable Instant nextDue() {
        return jobs.nextDue();
    }

    /** Deletes all at once. */
    @Override
    public boolean deleteNodes(String workflow, int most) {
        nodes.keySet().removeIf(key -> key.startsWith(workflow + '\0'));
        return true;
    }

    @Override
    public void delete(String workflow) {
        workflows.remove(workflow);
    }
}
