package io.celeriac.beat;

import io.celeriac.beat.declaration.DeclarationReaderConfiguration;
import io.celeriac.beat.djangoimport.ImportApplication;
import io.celeriac.client.TaskClient;
import io.celeriac.contract.topic.TopicSettings;
import io.celeriac.results.ResultQueryConfiguration;
import io.celeriac.results.TaskResultRepository;
import io.celeriac.schedule.Claimer;
import io.celeriac.schedule.HistoryJanitor;
import io.celeriac.schedule.ScheduleConfiguration;
import io.celeriac.schedule.TaskStates;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.springframework.boot.ApplicationRunner;
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
 * The scheduler as a program: {@code celeriac-beat.yml}, and {@code application.yml} over it. With {@code import-django-celery-beat} as
 * its first argument it is {@link ImportApplication}.
 */
@SpringBootApplication
@EnableConfigurationProperties(BeatSettings.class)
@Import({ScheduleConfiguration.class, ResultQueryConfiguration.class, DeclarationReaderConfiguration.class})
public class BeatApplication {

    private static final Duration STALE = Duration.ofSeconds(15);

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(ImportApplication.NAME)) {
            System.exit(ImportApplication.run(ImportApplication.behindName(args)));
        }
        application().run(args);
    }

    /** The program, to be run in a JVM with others; what is to differ goes into the arguments of {@code run}. */
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
    ClockWatch clockWatch(BeatSettings settings) {
        return new ClockWatch(settings.maxClockSkew());
    }

    @Bean
    BeatThreads beatThreads(
            Claimer claimer,
            TaskClient client,
            Admin admin,
            TopicSettings topics,
            BeatSettings settings,
            MeterRegistry meters,
            ClockWatch clocks,
            InstantSource clock) {
        var metrics = new BeatMetrics(meters);
        var broker = new Outage("The broker");
        var database = new Outage("The database");
        var beats = IntStream.range(0, settings.threads())
                .mapToObj(i -> {
                    var emitter = new Emitter(client, new QueueTopics(admin, topics), metrics, broker, clock);
                    return new Beat(claimer, emitter, settings, database, clocks, clock);
                })
                .toList();
        return new BeatThreads(beats, clock);
    }

    /** What became of earlier runs. */
    @Bean
    TaskStates taskStates(TaskResultRepository results) {
        return results::states;
    }

    @Bean
    ApplicationRunner historyJanitorStart(HistoryJanitor janitor, BeatSettings settings) {
        return arguments -> janitor.start(settings.historyInterval());
    }

    /** Down when no turn has ended well for long: the database or the broker is away, or the loop is stuck; or by its clock. */
    @Bean
    HealthIndicator beatHealthIndicator(BeatThreads beats, ClockWatch clocks, InstantSource clock) {
        return () -> {
            var since = Duration.between(beats.lastTurn(), clock.instant());
            var ahead = clocks.ahead();
            var health = since.compareTo(STALE) > 0 || ahead.isPresent() ? Health.down() : Health.up();
            ahead.ifPresent(difference -> health.withDetail("clockAheadOfDatabase", difference.toString()));
            return health.withDetail("lastTurn", beats.lastTurn()).build();
        };
    }
}
