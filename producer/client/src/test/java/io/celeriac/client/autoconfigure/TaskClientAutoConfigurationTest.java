package io.celeriac.client.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.client.TaskClient;
import io.celeriac.client.TraceHeaders;
import io.celeriac.client.autoconfigure.TaskClientAutoConfiguration.TaskProducer;
import io.celeriac.client.result.MemoryResults;
import io.celeriac.client.result.ResultReader;
import io.celeriac.client.result.ResultSource;
import io.celeriac.contract.topic.TopicProperties;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class TaskClientAutoConfigurationTest {

    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, TaskClientAutoConfiguration.class));

    @Test
    void givesAServiceItsClient() {
        context.run(started -> assertThat(started).hasNotFailed().hasSingleBean(TaskClient.class));
    }

    @Test
    void sendsByTheProducerThatATestGives() {
        var own = new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

        context.withBean(TaskProducer.class, () -> new TaskProducer(own, 1 << 20))
                .run(started -> {
                    started.getBean(TaskClient.class).send("demo.add", 2, 3);

                    assertThat(own.history()).hasSize(1);
                });
    }

    @Test
    void makesNoReaderForResultsOfTheApplication() {
        context.withBean(ResultSource.class, MemoryResults::new)
                .run(started ->
                        assertThat(started).hasSingleBean(TaskClient.class).doesNotHaveBean(ResultReader.class));
    }

    @Test
    void continuesTheTraceOfAServiceThatTraces() {
        context.withBean(Tracer.class, () -> Tracer.NOOP)
                .withBean(Propagator.class, KnownPropagator::new)
                .run(started -> assertThat(started.getBean(TraceHeaders.class).current())
                        .containsEntry("traceparent", "known"));
    }

    @Test
    void needsNoTracing() {
        context.run(started ->
                assertThat(started.getBean(TraceHeaders.class).current()).isEmpty());
        context.withClassLoader(new FilteredClassLoader("io.micrometer.tracing"))
                .run(started -> assertThat(started).hasNotFailed().hasSingleBean(TaskClient.class));
    }

    private static final class KnownPropagator implements Propagator {

        @Override
        public List<String> fields() {
            return List.of("traceparent");
        }

        @Override
        public <C> void inject(TraceContext context, C carrier, Setter<C> setter) {
            setter.set(carrier, "traceparent", "known");
        }

        @Override
        public <C> Span.Builder extract(C carrier, Getter<C> getter) {
            return Span.Builder.NOOP;
        }
    }

    @Test
    void readsWhatAllProgramsShare() {
        context.withPropertyValues("celeriac.namespace=acme", "celeriac.partitions=3", "celeriac.replication-factor=2")
                .run(started -> assertThat(started.getBean(TopicProperties.class))
                        .isEqualTo(new TopicProperties("acme", 3, (short) 2)));
    }

    @Test
    void stopsTheStartOnASettingThatCannotBe() {
        context.withPropertyValues("celeriac.partitions=0")
                .run(started -> assertThat(started)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessage("celeriac.partitions must be at least 1, but is 0"));
    }
}
