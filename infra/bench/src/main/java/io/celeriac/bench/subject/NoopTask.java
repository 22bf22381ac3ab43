package io.celeriac.bench.subject;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A task that does nothing, run by hand: its JSON parsed, and a result with the fields that the engine's would have. */
final class NoopTask {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final String worker;
    private final InstantSource clock;

    NoopTask(String worker, InstantSource clock) {
        this.worker = worker;
        this.clock = clock;
    }

    byte[] run(byte[] json, int partition, long offset) {
        var startedAt = now();
        var task = MAPPER.readTree(json);
        var result = MAPPER.createObjectNode();
        copy("id", task, result);
        copy("task", task, result);
        result.put("queue", "default").put("state", "SUCCESS").put("attempt", 1).put("revision", 1);
        copy("args", task, result);
        copy("kwargs", task, result);
        result.put("result", EngineWorkerMain.NOOP_RESULT)
                .put("worker", worker)
                .put("partition", partition)
                .put("offset", offset)
                .put("priority", 5);
        copy("submittedAt", task, result);
        result.put("startedAt", startedAt).put("finishedAt", now());
        return MAPPER.writeValueAsBytes(result);
    }

    private static void copy(String field, JsonNode from, ObjectNode to) {
        var value = from.get(field);
        if (value != null) {
            to.set(field, value);
        }
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).toString();
    }
}
