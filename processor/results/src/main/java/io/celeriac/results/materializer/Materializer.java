package io.celeriac.results.materializer;

import io.celeriac.contract.result.DeadLetter.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Writes the records of a topic to the database.
 *
 * <pre>
 * in     records that a {@link RecordReader} reads
 * out    task_result, task_attempt, task_label, task_argument, task_count, task_count_hour, failure_count, failure_count_hour, or workflow, workflow_node;
 *        and materialized_offset, in one transaction
 * fails  a record that cannot be read, or that the database refuses: sets it aside and goes on
 *        database or broker unavailable: throws; the same poll is tried again until they are back
 * </pre>
 *
 * <p>A record is set aside before its offset is committed. After a crash it may have two dead letters, but never none.
 *
 * @param <T> what a record changes
 */
final class Materializer<T> implements PollListener.Writer {

    /**
     * Writes changes and advances to the tables, in one transaction.
     *
     * @param <T> the change
     */
    @FunctionalInterface
    interface Rows<T> {

        /**
         * @throws RefusedRowException when one of the changes cannot be written
         */
        void write(List<T> changes, Collection<OffsetAdvance> advances);
    }

    private record Read<T>(ConsumerRecord<byte[], byte[]> record, T change) {}

    private final RecordReader<T> reader;
    private final Rows<T> rows;
    private final SetAside setAside;

    Materializer(RecordReader<T> reader, Rows<T> rows, SetAside setAside) {
        this.reader = reader;
        this.rows = rows;
        this.setAside = setAside;
    }

    @Override
    public void write(List<ConsumerRecord<byte[], byte[]>> records, List<OffsetAdvance> advances) {
        var reads = records.stream().map(this::read).flatMap(Optional::stream).toList();
        try {
            rows.write(changes(reads), advances);
        } catch (RefusedRowException e) {
            writeWithoutRefused(reads, held(advances), e);
            rows.write(List.of(), advances);
        }
        setAside.passed(advances);
    }

    private Optional<Read<T>> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return reader.read(record).map(change -> new Read<>(record, change));
        } catch (RuntimeException | StackOverflowError e) {
            setAside.add(record, Reason.UNREADABLE, reader.reason(record, e));
            return Optional.empty();
        }
    }

    /** Halves the records until the refused one stands alone: some twenty transactions for one record among a thousand. */
    private void writeWithoutRefused(List<Read<T>> reads, List<OffsetAdvance> held, RefusedRowException refusal) {
        if (reads.isEmpty()) {
            throw refusal; // no record is at fault
        }
        if (reads.size() == 1) {
            var record = reads.get(0).record();
            setAside.add(record, Reason.REFUSED, reader.reason(record, refusal));
            return;
        }
        var middle = reads.size() / 2;
        for (var half : List.of(reads.subList(0, middle), reads.subList(middle, reads.size()))) {
            try {
                rows.write(changes(half), held);
            } catch (RefusedRowException e) {
                writeWithoutRefused(half, held, e);
            }
        }
    }

    /** Keeps a program that has the partitions by now from writing the same records at the same time. */
    private static List<OffsetAdvance> held(List<OffsetAdvance> advances) {
        return advances.stream().map(OffsetAdvance::held).toList();
    }

    private static <T> List<T> changes(List<Read<T>> reads) {
        return reads.stream().map(Read::change).collect(ArrayList::new, List::add, List::addAll);
    }
}
