package io.celeriac.beat;

import io.celeriac.beat.Emitter.Sending;
import io.celeriac.beat.declaration.DeclarationReaderConfiguration;
import io.celeriac.beat.loop.Loop;
import io.celeriac.beat.loop.Loops;
import io.celeriac.client.TaskSender;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.djangoimport.ImportApplication;
import io.celeriac.results.query.ResultQueryConfiguration;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.schedule.due.DueFirings;
import io.celeriac.schedule.due.DueFiringsConfiguration;
import io.celeriac.schedule.firing.ResultsHorizon;
import io.celeriac.schedule.firing.SentTasks;
import io.celeriac.schedule.firing.TaskStates;
import io.celeriac.schedule.retention.HistoryJanitor;
import io.celeriac.schedule.retention.HistoryRetentionConfiguration;
import io.celeriac.schedule.store.LabelIndexer;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * The scheduler as a program. It reads {@code celeriac-beat.yml}, and {@code application.yml} over it. With {@code
 * import-django-celery-beat} as its first argument, it runs {@link ImportApplication}.
 */
@SpringBootApplication
@EnableConfigurationProperties(BeatProperties.class)
@Import({
    DueFiringsConfiguration.class,
    HistoryRetentionConfiguration.class,
    ResultQueryConfiguration.class,
    DeclarationReaderConfiguration.class
})
public class BeatApplication {

    private static final Duration STALE = Duration.ofSeconds(15);

    /** How soon a search by labels finds a schedule that was written by SQL. */
    private static final Duration LABELS_INTERVAL = Duration.ofSeconds(1);

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(ImportApplication.NAME)) {
            System.exit(ImportApplication.run(ImportApplication.behindName(args)));
        }
        application().run(args);
    }

    /** The program, to run in one JVM with others. Arguments of {@code run} override its settings. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(BeatApplication.class)
                .properties("spring.config.name=celeriac-beat,application")
                .initializers(BeatApplication::requireDatabase);
    }

    private static void requireDatabase(ConfigurableApplicationContext context) {
        for (var setting : new String[] {"url", "username", "password"}) {
            var name = "spring.datasource." + setting;
            if (context.getEnvironment().getProperty(name) == null) {
                throw new IllegalStateException("SPRING_DATASOURCE_" + setting.toUpperCase(Locale.ROOT) + " (" + name
                        + ") is not set: the scheduler needs the database that holds the schedules");
            }
        }
    }

    @Bean(destroyMethod = "close")
    Admin beatAdmin(KafkaProperties properties, KafkaConnectionDetails connection) {
        Map<String, Object> config = properties.buildAdminProperties();
        config.put(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getAdmin().getBootstrapServers());
        config.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
        config.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2_000);
        return Admin.create(config);
    }

    @Bean
    ClockWatch clockWatch(BeatProperties settings) {
        return new ClockWatch(settings.maxClockSkew());
    }

    @Bean
    Loops loops(MeterRegistry meters) {
        return new Loops(meters);
    }

    @Bean
    Emitters emitters(
            TaskSender client,
            Admin admin,
            TopicProperties topics,
            SentTasks sent,
            BeatProperties settings,
            MeterRegistry meters,
            InstantSource clock) {
        var sending = new Sending(sent, new SickPartitions());
        var metrics = new BeatMetrics(meters);
        var broker = new Outage("The broker");
        return () -> new Emitter(
                client, new QueueTopics(admin, topics), sending, metrics, broker, clock, settings.sendPatience());
    }

    /** Makes an emitter for each thread. */
    @FunctionalInterface
    interface Emitters extends Supplier<Emitter> {}

    @Bean
    BeatThreads beatThreads(
            DueFirings due,
            Emitters emitters,
            Tidying tidying,
            Loops loops,
            BeatProperties settings,
            ClockWatch clocks,
            InstantSource clock) {
        var database = new Outage("The database");
        var beats = IntStream.range(0, settings.threads())
                .mapToObj(i -> new Beat(due, emitters.get(), settings, database, clocks, clock))
                .toList();
        var all = new ArrayList<Loop>();
        for (var beat : beats) {
            all.add(loops.of("celeriac-beat-" + (all.size() + 1), beat::turn));
        }
        all.addAll(tidying.loops());
        return new BeatThreads(beats, all, clock);
    }

    /** The loops beside firing. */
    record Tidying(List<Loop> loops) {}

    @Bean
    Tidying tidying(HistoryJanitor janitor, LabelIndexer labels, Loops loops, BeatProperties settings) {
        return new Tidying(List.of(
                loops.of("celeriac-history-janitor", () -> {
                    janitor.look();
                    return settings.historyInterval();
                }),
                loops.of("celeriac-label-indexer", () -> labels.refresh() ? Duration.ZERO : LABELS_INTERVAL)));
    }

    /** The states of earlier tasks. */
    @Bean
    TaskStates taskStates(TaskResultRepository results) {
        return results::states;
    }

    /** How far the results are behind. */
    @Bean
    ResultsHorizon resultsHorizon(Admin beatAdmin, TopicProperties topics, TaskResultRepository results) {
        return new MaterializedHorizon(
                beatAdmin, topics.topics(), partition -> results.nextOffset(partition.topicPartition()));
    }

    /**
     * Is down if no turn has succeeded for long, if the clock is ahead, or if a thread cannot continue. The details have the reason.
     */
    @Bean
    HealthIndicator beatHealthIndicator(BeatThreads beats, Loops loops, ClockWatch clocks, InstantSource clock) {
        return () -> {
            var since = Duration.between(beats.lastTurn(), clock.instant());
            var ahead = clocks.ahead();
            var troubles = loops.troubles();
            var isWell = since.compareTo(STALE) <= 0 && ahead.isEmpty() && troubles.isEmpty();
            var health = isWell ? Health.up() : Health.down();
            ahead.ifPresent(difference -> health.withDetail("clockAheadOfDatabase", difference.toString()));
            return health.withDetails(troubles)
                    .withDetail("lastTurn", beats.lastTurn())
                    .build();
        };
    }
}
