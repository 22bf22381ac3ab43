package io.celeriac.engine.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.TaskHandler;
import io.celeriac.engine.TaskListener;
import io.celeriac.engine.worker.Worker;
import io.celeriac.testkit.TestStack;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** What a service gets that has nothing but its handlers, its listeners and its settings. */
class EngineAutoConfigurationIT {

    private final String bootstrapServers = TestStack.kafka().bootstrapServers();
    private final String namespace = TestStack.uniqueName("auto");
    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, EngineAutoConfiguration.class))
            .withUserConfiguration(Service.class)
            .withPropertyValues(
                    "spring.kafka.bootstrap-servers=" + bootstrapServers,
                    "celeriac.namespace=" + namespace,
                    "celeriac.partitions=2",
                    "celeriac.worker.concurrency=8");

    @Configuration(proxyBeanMethods = false)
    static class Service {

        private final Queue<String> told = new ConcurrentLinkedQueue<>();
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        @TaskHandler("report.write")
        void write() throws InterruptedException {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.sleep(20); // so that two would overlap
            running.decrementAndGet();
        }

        @Bean
        @Order(2)
        TaskListener second() {
            return telling("second");
        }

        @Bean
        @Order(1)
        TaskListener first() {
            return telling("first");
        }

        private TaskListener telling(String name) {
            return new TaskListener() {
                @Override
                public void afterReturn(TaskContext context, TaskState state) {
                    told.add(name + " " + context.id() + " " + state);
                }
            };
        }
    }

    @Test
    void runsTheHandlersWithinTheirLimitsAndTellsTheListenersInOrder() {
        context.withPropertyValues("celeriac.worker.handler.[report.write].concurrency=1")
                .run(started -> {
                    assertThat(started).hasNotFailed();
                    var service = started.getBean(Service.class);
                    send(List.of("a", "b", "c", "d", "e"));

                    await().atMost(ofSeconds(60)).until(() -> service.told.size() == 10);
                    assertThat(service.most).hasValue(1);
                    assertThat(service.told.stream().filter(line -> line.contains(" a ")))
                            .containsExactly("first a SUCCESS", "second a SUCCESS");
                });
    }

    private void send(List<String> ids) {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", (Object) bootstrapServers),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (var id : ids) {
                var task = TaskJson.bytes(Task.named("report.write").id(id).build());
                producer.send(new ProducerRecord<>(namespace + ".tasks.default", id.getBytes(UTF_8), task));
            }
        }
    }

    @Test
    void stopsTheStartOnLimitsOfAHandlerThatIsNotThere() {
        context.withPropertyValues("celeriac.worker.handler.[report.right].rate-limit=10/s")
                .run(started -> assertThat(started)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("\"report.right\"")
                        .hasMessageContaining("[report.write]"));
    }

    @Test
    void stopsTheStartOnALimitThatIsNone() {
        context.withPropertyValues("celeriac.worker.handler.[report.write].rate-limit=often")
                .run(started -> assertThat(started)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("celeriac.worker.handler.report.write: rate limit \"often\""));
    }

    @Test
    void makesNoWorkerWhereNoneIsWanted() {
        context.withPropertyValues("celeriac.worker.enabled=false")
                .run(started -> assertThat(started).hasNotFailed().doesNotHaveBean(Worker.class));
    }
}
