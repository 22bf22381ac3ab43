package io.celeriac.resultsweb.event;

import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.topic.Topics;
import io.celeriac.web.kafka.TopicConsumers;
import io.celeriac.web.load.Bounds;
import io.celeriac.web.loop.Loops;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the beans behind {@link EventController}. */
@Configuration(proxyBeanMethods = false)
class EventConfiguration {

    private static final int CATCH_UP_FETCH = 2 << 20;

    @Bean(initMethod = "start", destroyMethod = "close")
    EventHub eventHub(
            Bounds bounds,
            Loops loops,
            TopicConsumers consumers,
            Topics topics,
            RedactionRules rules,
            MeterRegistry registry) {
        return new EventHub(
                bounds.streams(),
                bounds.eventBytes(),
                new StateChangeReader(rules::redact),
                new EventMetrics(registry),
                () -> consumers.open("catch-up", "none", CATCH_UP_FETCH),
                topics.results(),
                loops);
    }

    /** Ends the streams before the server waits for its requests to end. */
    @Bean
    SmartLifecycle endOfStreams(EventHub hub) {
        return new EndOfStreams(hub);
    }

    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> abortValve() {
        return factory -> factory.addEngineValves(new AbortValve());
    }

    /** Ends the streams. Its phase is the last to start, and so the first to stop. */
    private static final class EndOfStreams implements SmartLifecycle {
        private final EventHub hub;
        private volatile boolean running;

        EndOfStreams(EventHub hub) {
            this.hub = hub;
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            running = false;
            hub.endAll();
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }
}
