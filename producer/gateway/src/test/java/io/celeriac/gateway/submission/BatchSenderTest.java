package io.celeriac.gateway.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.celeriac.client.Receipt;
import io.celeriac.client.TaskSender;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.Topics;
import io.celeriac.web.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A batch is taken as a whole or not at all, and whoever sent it is told which, or that nobody knows. */
class BatchSenderTest {

    private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private boolean answers = true;

    private final BatchSender sender = new BatchSender(
            new BatchProducers(
                    id -> {
                        ids.add(id);
                        producers.add(producer(answers));
                        return producers.get(producers.size() - 1);
                    },
                    "gateway",
                    1),
            new TaskSender(producer(true), new Topics("t"), () -> Instant.EPOCH));

    @AfterEach
    void close() {
        sender.close();
    }

    @Test
    void sendsAllInOneTransaction() {
        var receipts = sender.send(items("a", "b"));

        assertThat(receipts).extracting(Receipt::id).containsExactly("a", "b");
        assertThat(producers.get(0).commitCount()).isEqualTo(1);
        assertThat(producers.get(0).history()).hasSize(2);
        sender.send(items("c"));
        assertThat(producers).as("one is enough").hasSize(1);
    }

    @Test
    void sendsNothingWhereOneIsRefused() {
        answers = false;
        var answer = CompletableFuture.supplyAsync(() -> sender.send(items("a", "b")));
        await().until(() -> producers.size() == 1 && producers.get(0).completeNext());
        await().until(() -> producers.get(0).errorNext(new TimeoutException("no answer")));

        assertThat(answer)
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(ProblemException.class)
                .withMessageContaining("none of the batch was taken");
        assertThat(producers.get(0).transactionAborted()).isTrue();
        assertThat(producers.get(0).history()).isEmpty();
    }

    @Test
    void saysThatNobodyKnowsAndStartsAfreshWhereTheEndIsNotKnown() {
        sender.send(items("a"));
        producers.get(0).commitTransactionException = new TimeoutException("no answer");

        assertThatThrownBy(() -> sender.send(items("b")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("did not say");
        assertThat(sender.send(items("b"))).hasSize(1);
        assertThat(ids).as("the same id ends the transaction that was left").containsExactly("gateway.0", "gateway.0");
        assertThat(producers.get(0).closed()).isTrue();
    }

    @Test
    void aProducerThatCannotBeginIsMadeAnew() {
        sender.send(items("a"));
        producers.get(0).commitTransactionException = new KafkaException("fenced");
        assertThatThrownBy(() -> sender.send(items("b"))).isInstanceOf(ProblemException.class);

        assertThat(sender.send(items("c"))).extracting(Receipt::id).containsExactly("c");
    }

    @Test
    void anEmptyBatchNeedsNoBroker() {
        assertThat(sender.send(List.of())).isEmpty();
        assertThat(producers).isEmpty();
    }

    private List<BatchSender.Item> items(String... names) {
        return List.of(names).stream()
                .map(id -> sender.item(
                        new Submission("default", Task.named("x").id(id).build())))
                .toList();
    }

    private static MockProducer<byte[], byte[]> producer(boolean answers) {
        return new MockProducer<>(
                answers, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    }
}
