package io.celeriac.results;

import io.celeriac.contract.DeadLetter.Reason;
import io.celeriac.contract.InvalidTaskException;
import io.celeriac.contract.RedactionRules;
import io.celeriac.contract.TaskJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Writes what the results topic says to the database.
 *
 * <pre>
 * in     results        task id → TaskResult; a tombstone changes nothing
 * out    task_result, task_attempt, task_label, materialized_offset, in one transaction, without what is secret by the rules of
 *        this program: what is so by the handler or the worker's rules has not come this far
 * fails  unreadable, or refused by the database: to the dead letters, and on
 *        database or broker away: throws, and the same poll is tried again until they are back
 * </pre>
 *
 * <p>A dead letter is written before the offset passes its record, so after a crash there may be two of it, never none.
 */
final class Materializer implements PollListener.Writer {

    private final MaterializedResultRepository repository;
    private final DeadLetters deadLetters;
    private final RedactionRules rules;

    Materializer(MaterializedResultRepository repository, DeadLetters deadLetters, RedactionRules rules) {
        this.repository = repository;
        this.deadLetters = deadLetters;
        this.rules = rules;
    }

    @Override
    public void write(List<ConsumerRecord<byte[], byte[]>> records, List<Advance> advances) {
        var reads = readable(records);
        try {
            repository.write(changes(reads), advances);
        } catch (RefusedRowException e) {
            writeWithoutRefused(reads, e);
            repository.write(List.of(), advances);
        }
    }

    /** Halves until the refused row stands alone: some twenty transactions for one among a thousand. */
    private void writeWithoutRefused(List<Read> reads, RefusedRowException refusal) {
        if (reads.size() == 1) {
            deadLetters.add(reads.get(0).record(), Reason.REFUSED, String.valueOf(refusal.getMessage()));
            return;
        }
        var middle = reads.size() / 2;
        for (var half : List.of(reads.subList(0, middle), reads.subList(middle, reads.size()))) {
            try {
                repository.write(changes(half), List.of());
            } catch (RefusedRowException e) {
                writeWithoutRefused(half, e);
            }
        }
    }

    private List<Read> readable(List<ConsumerRecord<byte[], byte[]>> records) {
        var reads = new ArrayList<Read>(records.size());
        for (var record : records) {
            if (record.value() == null) {
                continue;
            }
            try {
                var result = rules.redact(TaskJson.result(record.value()));
                reads.add(new Read(record, new Change(result, Instant.ofEpochMilli(record.timestamp()))));
            } catch (InvalidTaskException e) {
                var why = rules.concern(record.value()) ? e.withoutValues() : String.valueOf(e.getMessage());
                deadLetters.add(record, Reason.UNREADABLE, why);
            }
        }
        return reads;
    }

    private static List<Change> changes(List<Read> reads) {
        return reads.stream().map(Read::change).toList();
    }

    private record Read(ConsumerRecord<byte[], byte[]> record, Change change) {}
}
