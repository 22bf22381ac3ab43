package io.celeriac.web.load;

import io.celeriac.web.WebProperties;
import io.celeriac.web.loop.Loops;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/** Configures the bounds and the beans that enforce them. */
@Configuration(proxyBeanMethods = false)
class LoadConfiguration {

    private static final String MAX_CONNECTIONS = "server.tomcat.max-connections";

    /** Characters that RFC 3986 wants escaped, and that people still type into a query. */
    private static final String TYPED_BY_PEOPLE = "\"<>[\\]^`{|}";

    private static final Duration BETWEEN_BYTES_OF_A_BODY = Duration.ofSeconds(5);
    private static final int QUESTION_THREADS = 4;

    @Bean
    Loops loops(MeterRegistry registry) {
        return new Loops(registry);
    }

    @Bean
    Bounds bounds(WebProperties settings) {
        return Bounds.of(settings, Runtime.getRuntime().maxMemory());
    }

    @Bean
    WaitingRequests waitingRequests(Bounds bounds, MeterRegistry registry) {
        var waitingRequests = new WaitingRequests(bounds.waiting());
        Gauge.builder("celeriac.web.waiting", waitingRequests, WaitingRequests::taken)
                .description("Requests that wait for a result, or for the database")
                .register(registry);
        return waitingRequests;
    }

    @Bean
    BodyMemory bodyMemory(Bounds bounds, MeterRegistry registry) {
        return memory("bodies", bounds.bodyBytes(), registry);
    }

    @Bean
    BodyMemory batchMemory(Bounds bounds, MeterRegistry registry) {
        return memory("batches", bounds.batchBytes(), registry);
    }

    private static BodyMemory memory(String of, long most, MeterRegistry registry) {
        var memory = new BodyMemory(most);
        Gauge.builder("celeriac.web.body.memory", memory, BodyMemory::taken)
                .tag("of", of)
                .baseUnit("bytes")
                .description("Memory taken by bodies that are being read")
                .register(registry);
        return memory;
    }

    @Bean
    Searches searches(WebProperties settings) {
        return new Searches(settings.maxSearches());
    }

    /** Queries the database for requests that have waited. Each of them has a seat, so the queue has room for all. */
    @Bean(destroyMethod = "shutdownNow")
    Questions questions(Bounds bounds) {
        var threads = new ThreadPoolExecutor(
                QUESTION_THREADS,
                QUESTION_THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(bounds.waiting() + QUESTION_THREADS),
                new CustomizableThreadFactory("question-"));
        threads.allowCoreThreadTimeOut(true);
        return new Questions(threads);
    }

    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> boundedServer(
            Bounds bounds, Environment environment) {
        var threads = environment.getProperty("server.tomcat.threads.max", Integer.class, 200);
        var management = environment.getProperty("management.endpoints.web.base-path", "/actuator");
        return factory -> {
            factory.addEngineValves(new AdmissionValve(Math.max(1, threads * 3 / 4), management));
            factory.addContextCustomizers(
                    context -> context.getParent().getPipeline().addValve(new ProblemReportValve()));
            factory.addConnectorCustomizers(connector -> bound(connector, bounds, environment));
        };
    }

    private static void bound(Connector connector, Bounds bounds, Environment environment) {
        // A schedule that somebody named a/b by SQL is found at a%2Fb, and can be deleted. So can one with a backslash.
        connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
        connector.setEncodedReverseSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
        if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol) {
            protocol.setRelaxedQueryChars(TYPED_BY_PEOPLE);
            protocol.setDisableUploadTimeout(false);
            protocol.setConnectionUploadTimeout((int) BETWEEN_BYTES_OF_A_BODY.toMillis());
            if (!environment.containsProperty(MAX_CONNECTIONS)) {
                protocol.setMaxConnections(bounds.connections());
            }
        }
    }
}
