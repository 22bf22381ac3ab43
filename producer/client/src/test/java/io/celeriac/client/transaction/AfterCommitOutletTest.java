package io.celeriac.client.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.client.Delivery;
import io.celeriac.client.SubmitException;
import io.celeriac.client.TaskClient;
import io.celeriac.client.TaskHandle;
import io.celeriac.client.TaskSender;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.Topics;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

class AfterCommitOutletTest {

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(Cluster.empty(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final TaskSender sender =
            new TaskSender(producer, new Topics("celeriac"), InstantSource.fixed(Instant.EPOCH));
    private final TaskClient client =
            new TaskClient(sender).delivering(Delivery.AFTER_COMMIT, new AfterCommitOutlet(sender));
    private final TransactionTemplate transaction = new TransactionTemplate(new NoDatabase());

    @Test
    void sendsWhenTheTransactionHasCommitted() {
        var handle = transaction.execute(status -> {
            var sent = client.sendAfterCommit(Task.of("mail.send"));
            assertThat(producer.history()).isEmpty();
            return sent;
        });

        assertThat(producer.history()).hasSize(1);
        assertThat(handle)
                .extracting(TaskHandle::receipt)
                .satisfies(receipt -> assertThat(receipt.join().id()).isEqualTo(handle.id()));
    }

    @Test
    void sendsNothingAfterARollback() {
        var handle = transaction.execute(status -> {
            var sent = client.sendAfterCommit(Task.of("mail.send"));
            status.setRollbackOnly();
            return sent;
        });

        assertThat(producer.history()).isEmpty();
        assertThat(handle.receipt())
                .isCompletedExceptionally()
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(SubmitException.class)
                .withMessageContaining("was rolled back");
    }

    @Test
    void sendsAtOnceWithoutATransaction() {
        client.sendAfterCommit(Task.of("mail.send"));

        assertThat(producer.history()).hasSize(1);
    }

    private static final class NoDatabase extends AbstractPlatformTransactionManager {

        private static final long serialVersionUID = 1L;

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected void doBegin(Object begun, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }
}
