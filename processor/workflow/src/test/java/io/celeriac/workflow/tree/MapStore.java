package io.celeriac.workflow.tree;

import io.celeriac.contract.TaskJson;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A store in memory that keeps everything as JSON, as the real one does. */
final class MapStore implements WorkflowStore {

    private final Map<String, byte[]> entries = new TreeMap<>();
    private final StoredJobs jobs = new StoredJobs();

    @Override
    public @Nullable StoredWorkflow workflow(String id) {
        return get(id + "/w", StoredWorkflow.class);
    }

    @Override
    public void put(StoredWorkflow workflow) {
        entries.put(workflow.id() + "/w", TaskJson.bytes(workflow));
    }

    @Override
    public @Nullable StoredNode node(String workflow, String path) {
        return get(workflow + "/n" + path, StoredNode.class);
    }

    @Override
    public void put(String workflow, String path, StoredNode node) {
        entries.put(workflow + "/n" + path, TaskJson.bytes(node));
    }

    @Override
    public @Nullable JsonNode result(String workflow, String path) {
        return get(workflow + "/r" + path, JsonNode.class);
    }

    @Override
    public void putResult(String workflow, String path, JsonNode result) {
        entries.put(workflow + "/r" + path, TaskJson.bytes(result));
    }

    @Override
    public @Nullable StoredList list(String workflow, String path) {
        return get(workflow + "/l" + path, StoredList.class);
    }

    @Override
    public void putList(String workflow, String path, StoredList list) {
        entries.put(workflow + "/l" + path, TaskJson.bytes(list));
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

    @Override
    public boolean deleteNodes(String workflow, int most) {
        entries.keySet().removeIf(key -> Stream.of("/n", "/r", "/l").anyMatch(kind -> key.startsWith(workflow + kind)));
        return true;
    }

    @Override
    public void delete(String workflow) {
        entries.remove(workflow + "/w");
    }

    int size() {
        return entries.size();
    }

    long bytes() {
        return entries.values().stream().mapToLong(value -> value.length).sum();
    }

    /** All nodes of a workflow, by path. */
    Map<String, StoredNode> nodes(String workflow) {
        var nodes = new HashMap<String, StoredNode>();
        var prefix = workflow + "/n";
        entries.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                nodes.put(key.substring(prefix.length()), TaskJson.MAPPER.readValue(value, StoredNode.class));
            }
        });
        return nodes;
    }

    private <T> @Nullable T get(String key, Class<T> type) {
        var value = entries.get(key);
        return value == null ? null : TaskJson.MAPPER.readValue(value, type);
    }
}
