package io.celeriac.results.materializer;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.rule.TaskRules;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the results topic.
 *
 * <pre>
 * in     results   task id → TaskResult; a tombstone changes nothing
 * out    the result, redacted by the rules of this program; the worker has already redacted it by the handler's and its own rules
 * fails  when the value is not a result, or has an id, name or queue that no task can have
 * </pre>
 */
final class ResultRecordReader implements RecordReader<ResultChange> {

    private final RedactionRules rules;

    ResultRecordReader(RedactionRules rules) {
        this.rules = rules;
    }

    @Override
    public Optional<ResultChange> read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        var result = rules.redact(TaskJson.result(record.value()));
        TaskRules.oldId("id", result.id()); // allows ids that are reserved by now: their failures have results, too
        TaskRules.name(result.task());
        TaskRules.queue(result.queue());
        return Optional.of(new ResultChange(result, Instant.ofEpochMilli(record.timestamp())));
    }

    @Override
    public String reason(ConsumerRecord<byte[], byte[]> record, Throwable error) {
        if (!DeadLetters.mayBeSecret(rules, record.value())) {
            return String.valueOf(error.getMessage());
        }
        return DeadLetters.withoutValues(error);
    }
}
