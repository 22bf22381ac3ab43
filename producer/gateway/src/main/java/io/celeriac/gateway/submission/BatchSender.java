package io.celeriac.gateway.submission;

import io.celeriac.client.Receipt;
import io.celeriac.client.TaskSender;
import io.celeriac.gateway.submission.BatchProducers.UnusableException;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends batches, each in one transaction. Workers and materializers read committed records only, so they see all of a batch or
 * nothing of it. A batch ends within half a minute, however many queues it names.
 */
public final class BatchSender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BatchSender.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration SOON = Duration.ofSeconds(2);

    private final BatchProducers producers;
    private final TaskSender client;

    /**
     * A task as a record, no longer as a tree.
     *
     * @param id of the task
     * @param queue whose topic the record is for
     */
    record Item(String id, String queue, ProducerRecord<byte[], byte[]> record) {}

    /**
     * @param producers closed by this class
     * @param client turns tasks into records
     */
    BatchSender(BatchProducers producers, TaskSender client) {
        this.producers = producers;
        this.client = client;
    }

    Item item(Submission submission) {
        var task = client.stamped(submission.task());
        return new Item(String.valueOf(task.id()), submission.queue(), client.recordFor(submission.queue(), task));
    }

    /**
     * Sends all tasks or none.
     *
     * @throws ProblemException when no task was taken, or when it is not known whether all were; the message says which
     */
    List<Receipt> send(List<Item> batch) {
        if (batch.isEmpty()) {
            return List.of();
        }
        try {
            return producers.use(producer -> send(producer, batch));
        } catch (KafkaException e) {
            LOG.warn("a batch was not sent", e);
            if (e instanceof UnusableException unusable && unusable.mayBeCommitted()) {
                throw ProblemException.busy(
                        "the broker did not say whether it took the batch: all of it or nothing. Sending it again with"
                                + " the same ids is safe",
                        SOON);
            }
            throw ProblemException.busy("none of the batch was taken: the broker does not answer", SOON);
        }
    }

    private List<Receipt> send(Producer<byte[], byte[]> producer, List<Item> batch) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        requireTopics(producer, batch, end);
        producer.beginTransaction();
        List<Receipt> receipts;
        try {
            receipts = receipts(batch, sent(producer, batch, end), end);
        } catch (RuntimeException e) {
            abort(producer, e);
            throw e;
        }
        commit(producer);
        return receipts;
    }

    /** Checks that the topics exist, once for each queue, not for each task. */
    private static void requireTopics(Producer<byte[], byte[]> producer, List<Item> batch, long end) {
        var topics = new HashSet<String>();
        for (var item : batch) {
            if (topics.add(item.record().topic())) {
                left(end);
                producer.partitionsFor(item.record().topic());
            }
        }
    }

    private static List<Future<RecordMetadata>> sent(Producer<byte[], byte[]> producer, List<Item> batch, long end) {
        var sent = new ArrayList<Future<RecordMetadata>>(batch.size());
        for (var item : batch) {
            left(end);
            sent.add(producer.send(item.record()));
        }
        return sent;
    }

    private static List<Receipt> receipts(List<Item> batch, List<Future<RecordMetadata>> sent, long end) {
        var receipts = new ArrayList<Receipt>(batch.size());
        for (var index = 0; index < batch.size(); index++) {
            var item = batch.get(index);
            var place = place(index, sent.get(index), end);
            receipts.add(new Receipt(item.id(), item.queue(), place.partition(), place.offset()));
        }
        return receipts;
    }

    private static RecordMetadata place(int index, Future<RecordMetadata> sent, long end) {
        try {
            return sent.get(left(end), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException) {
                throw ProblemException.tooLarge("[" + index + "]", "is larger than the broker takes");
            }
            throw new KafkaException("a task of a batch was not taken", e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("a task of a batch was not taken in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    private static long left(long end) {
        var nanos = end - System.nanoTime();
        if (nanos <= 0) {
            throw new TimeoutException("the batch took longer than " + PATIENCE.toSeconds() + " s");
        }
        return nanos;
    }

    private static void abort(Producer<byte[], byte[]> producer, RuntimeException why) {
        try {
            producer.abortTransaction();
        } catch (KafkaException e) {
            why.addSuppressed(e);
            throw new UnusableException(false, why);
        }
    }

    private static void commit(Producer<byte[], byte[]> producer) {
        try {
            producer.commitTransaction();
        } catch (KafkaException e) {
            throw new UnusableException(true, e);
        }
    }

    @Override
    public void close() {
        producers.close();
    }
}
