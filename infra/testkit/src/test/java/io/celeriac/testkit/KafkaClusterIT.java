package io.celeriac.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class KafkaClusterIT {

    private static final int PARTITIONS = 3;

    /**
     * What was acknowledged with acks=all must survive the crash of any one node, sending must go on without it, and
     * it must come back as a full member: otherwise a fault test on this cluster tests the cluster.
     */
    @Test
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    void losesNothingWhenANodeIsKilled() throws Exception {
        try (var cluster = KafkaCluster.start(3);
                var admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
                var producer = producer(cluster)) {
            admin.createTopics(List.of(new NewTopic("orders", PARTITIONS, (short) 3)))
                    .all()
                    .get();
            send(producer, 100);
            cluster.kill(1);
            send(producer, 100);
            cluster.restart(1);
            cluster.stop(2);
            send(producer, 100);
            assertThat(records(admin)).isEqualTo(300);
        }
    }

    private static KafkaProducer<String, String> producer(KafkaCluster cluster) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "acks", "all", "enable.idempotence", true),
                new StringSerializer(),
                new StringSerializer());
    }

    private static void send(KafkaProducer<String, String> producer, int count)
            throws ExecutionException, InterruptedException {
        var sent = IntStream.range(0, count)
                .mapToObj(i -> producer.send(new ProducerRecord<>("orders", i % PARTITIONS, "key", "value")))
                .toList();
        for (var record : sent) {
            var unused = record.get();
        }
    }

    private static long records(Admin admin) throws ExecutionException, InterruptedException {
        long records = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            var latest = Map.of(new TopicPartition("orders", partition), OffsetSpec.latest());
            records += admin.listOffsets(latest)
                    .all()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .offset();
        }
        return records;
    }
}
