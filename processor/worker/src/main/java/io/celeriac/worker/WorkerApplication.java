package io.celeriac.worker;

import io.celeriac.engine.worker.Worker;
import io.celeriac.results.loop.LoopWatch;
import io.celeriac.results.materializer.HandlerRedactions;
import io.celeriac.results.materializer.MaterializerConfiguration;
import io.celeriac.results.retention.RetentionConfiguration;
import io.celeriac.workflow.CoordinatorConfiguration;
import io.celeriac.workflow.stream.Coordinator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * The worker program runs the tasks of its queues, coordinates workflows and writes results into the database. With
 * {@code celeriac.worker.enabled=false} it runs no tasks. With {@code rebuild-results} as its first argument it is {@link RebuildResultsApplication}.
 */
@SpringBootApplication
@Import({CoordinatorConfiguration.class, MaterializerConfiguration.class, RetentionConfiguration.class})
public class WorkerApplication {

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(RebuildResultsApplication.NAME)) {
            System.exit(RebuildResultsApplication.run(RebuildResultsApplication.behindName(args)));
        }
        application().run(args);
    }

    /** The program, to be run with arguments; its settings are in {@code celeriac-worker.yml}. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(WorkerApplication.class)
                .properties(Map.of("spring.config.name", "celeriac-worker,application"))
                .initializers(WorkerApplication::requireDatabase);
    }

    static void requireDatabase(ConfigurableApplicationContext context) {
        for (var setting : List.of("url", "username", "password")) {
            if (context.getEnvironment().getProperty("spring.datasource." + setting) == null) {
                throw new IllegalStateException("SPRING_DATASOURCE_" + setting.toUpperCase(Locale.ROOT)
                        + " is not set: the worker writes results into a database");
            }
        }
    }

    /** Up while every queue is worked on, commands are read and threads are left. Each has a component that says what is wrong. */
    @Bean
    @ConditionalOnBooleanProperty(name = "celeriac.worker.enabled", matchIfMissing = true)
    CompositeHealthContributor workerHealthContributor(Worker worker) {
        var parts = new LinkedHashMap<String, HealthContributor>();
        parts.put("id", (HealthIndicator)
                () -> Health.up().withDetail("worker", worker.id()).build());
        worker.conditions().keySet().forEach(part -> parts.put(part, indicator(worker, part)));
        return CompositeHealthContributor.fromMap(parts);
    }

    private static HealthIndicator indicator(Worker worker, String part) {
        return () -> {
            var condition = Objects.requireNonNull(worker.conditions().get(part), part);
            var health = switch (condition.health()) {
                case UP -> Health.up();
                case NOT_NOW -> Health.outOfService();
                case DOWN -> Health.down();
            };
            health.withDetail("state", condition.state());
            if (condition.reason() != null) {
                health.withDetail("reason", condition.reason());
            }
            return health.build();
        };
    }

    /**
     * Down while a loop that writes or deletes rows cannot go on, for example because the database is down. Tasks run all the same, so
     * readiness and liveness do not ask it.
     */
    @Bean
    @ConditionalOnBooleanProperty(name = "celeriac.results.materializer.enabled", matchIfMissing = true)
    HealthIndicator resultsHealthIndicator(LoopWatch loops) {
        return () -> {
            var down = loops.down();
            return (down.isEmpty() ? Health.up() : Health.down())
                    .withDetails(down)
                    .build();
        };
    }

    /** Down while workflows do not go on. Tasks run all the same, so readiness and liveness do not ask it. */
    @Bean
    @ConditionalOnBooleanProperty(name = "celeriac.workflow.enabled", matchIfMissing = true)
    HealthIndicator workflowsHealthIndicator(Coordinator coordinator) {
        return () -> {
            var health = coordinator.isRunning()
                    ? Health.up()
                    : coordinator.isDown() ? Health.down() : Health.outOfService();
            return health.withDetail("state", coordinator.state()).build();
        };
    }

    /** Lets the rows of accepted tasks show the arguments that are not secret. */
    @Bean
    @ConditionalOnBooleanProperty(name = "celeriac.worker.enabled", matchIfMissing = true)
    HandlerRedactions knownTasks(Worker worker) {
        return worker::redaction;
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "celeriac.worker.enabled", matchIfMissing = true)
    TasksEndpoint tasksEndpoint(Worker worker) {
        return new TasksEndpoint(worker);
    }
}
