package io.celeriac.engine.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.schedule.ScheduleDeclaration;
import io.celeriac.contract.schedule.ScheduleDeclaration.Declared;
import io.celeriac.engine.PeriodicTask;
import io.celeriac.engine.TaskHandler;
import io.celeriac.engine.worker.Worker;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What a service that has schedules in its code puts on the control topic. */
class PeriodicTaskIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String bootstrapServers = TestStack.kafka().bootstrapServers();
    private final String namespace = TestStack.uniqueName("periodic");
    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, EngineAutoConfiguration.class))
            .withPropertyValues(
                    "spring.kafka.bootstrap-servers=" + bootstrapServers,
                    "celeriac.namespace=" + namespace,
                    "celeriac.partitions=1",
                    "celeriac.worker.queues=mail,default");

    static class Shop {

        @TaskHandler("report.write")
        @PeriodicTask(every = "${report.every:PT1H}")
        void write() {}
    }

    static class Plain {

        @TaskHandler("plain")
        void run() {}
    }

    static class Wrong {

        @TaskHandler("wrong")
        @PeriodicTask(every = "${not.set}")
        void run() {}
    }

    @Test
    void declaresOnceTheWorkerRuns() {
        context.withBean(Shop.class)
                .withPropertyValues("spring.application.name=shop", "report.every=PT2H")
                .run(started -> {
                    assertThat(started).hasNotFailed();
                    await().atMost(PATIENCE).until(() -> !declarations().isEmpty());

                    var declaration = declarations().get("schedules/shop");
                    assertThat(declaration.deleteGone()).isFalse();
                    assertThat(declaration.schedules())
                            .extracting(Declared::schedule)
                            .containsExactly(TaskJson.MAPPER
                                    .createObjectNode()
                                    .put("name", "report.write")
                                    .put("task", "report.write")
                                    .put("queue", "mail")
                                    .put("kind", "interval")
                                    .put("every", "PT2H"));
                    assertThat(started.getBean(Worker.class).trouble())
                            .as("it reads its own declaration")
                            .isEmpty();
                });
    }

    @Test
    void declaresNothingWhereThereIsNothingOrNothingIsWanted() {
        runsWithoutDeclaring(context.withBean(Plain.class));
        runsWithoutDeclaring(
                context.withBean(Shop.class).withPropertyValues("celeriac.worker.periodic-tasks.enabled=false"));
        runsWithoutDeclaring(context.withBean(Shop.class).withPropertyValues("report.every=-"));
    }

    private void runsWithoutDeclaring(ApplicationContextRunner service) {
        service.run(started -> {
            assertThat(started).hasNotFailed();
            assertThat(started.getBean(Worker.class).awaitRunning(PATIENCE)).isTrue();
            await().during(Duration.ofSeconds(1))
                    .atMost(PATIENCE)
                    .until(() -> declarations().isEmpty());
        });
    }

    @Test
    void declaresThatThereIsNothingAnyMoreWhereWhatIsGoneIsDeleted() {
        context.withBean(Plain.class)
                .withPropertyValues(
                        "spring.application.name=shop",
                        "celeriac.worker.periodic-tasks.source=mall",
                        "celeriac.worker.periodic-tasks.delete-gone=true")
                .run(started -> await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(declarations())
                                .isEqualTo(
                                        Map.of("schedules/mall", new ScheduleDeclaration("mall", true, List.of())))));
    }

    @Test
    void stopsTheStartOnWhatItCanSeeToBeWrong() {
        context.withBean(Wrong.class)
                .withPropertyValues("spring.application.name=shop")
                .run(started -> assertThat(started)
                        .getFailure()
                        .hasStackTraceContaining(Wrong.class.getName() + ".run")
                        .hasStackTraceContaining("not.set"));
        context.withBean(Shop.class)
                .run(started -> assertThat(started)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("celeriac.worker.periodic-tasks.source"));
    }

    /** The last of each key. */
    private Map<String, ScheduleDeclaration> declarations() {
        var partition = new TopicPartition(namespace + ".control", 0);
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", (Object) bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var end = consumer.endOffsets(List.of(partition)).get(partition);
            var found = new HashMap<String, ScheduleDeclaration>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record ->
                                found.put(new String(record.key(), UTF_8), TaskJson.declaration(record.value())));
            }
            return found;
        }
    }
}
