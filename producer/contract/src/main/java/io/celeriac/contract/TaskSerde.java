package io.celeriac.contract;

import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Task;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/** Serdes of tasks and results for Kafka clients; a null value is a tombstone and stays null. */
public final class TaskSerde {

    private TaskSerde() {}

    /** Fails with {@link InvalidTaskException} on a record that is not a task. */
    public static Serde<Task> task() {
        return serde(TaskJson::task);
    }

    /** Fails with {@link InvalidTaskException} on a record that is not a result. */
    public static Serde<TaskResult> result() {
        return serde(TaskJson::result);
    }

    @SuppressWarnings("NullAway") // Kafka's serializers take and give null for a tombstone
    private static <T> Serde<T> serde(java.util.function.Function<byte[], T> read) {
        Serializer<T> serializer = (topic, value) -> value == null ? null : TaskJson.bytes(value);
        Deserializer<T> deserializer = (topic, bytes) -> bytes == null ? null : read.apply(bytes);
        return Serdes.serdeFrom(serializer, deserializer);
    }
}
