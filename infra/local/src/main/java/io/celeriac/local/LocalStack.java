package io.celeriac.local;

import io.celeriac.access.setup.FirstAdministrator;
import io.celeriac.beat.BeatApplication;
import io.celeriac.embedded.FreePorts;
import io.celeriac.embedded.KafkaNode;
import io.celeriac.embedded.KafkaNodeSettings;
import io.celeriac.embedded.MariaDbServer;
import io.celeriac.embedded.MariaDbSettings;
import io.celeriac.engine.worker.Worker;
import io.celeriac.gateway.GatewayApplication;
import io.celeriac.worker.WorkerApplication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the servers, then the programs, each as many at once as can be; stops them the other way round. */
final class LocalStack implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalStack.class);
    private static final String DATABASE = "celeriac";
    private static final int GATEWAYS_EIGHTHS = 3; // of the heap, which it shares with all the others
    private static final Duration READY_PATIENCE = Duration.ofSeconds(60);

    private final LocalSettings settings;
    private final DataDirectory data;
    private final boolean reset;
    private final Consumer<String> progress;
    private final List<AutoCloseable> servers = new ArrayList<>();
    private final List<AutoCloseable> programs = new ArrayList<>();
    private volatile String jdbcUrl;
    private volatile @Nullable String setupToken;

    /**
     * @param reset whether what is stored is deleted first
     * @param progress told of each step, a line at a time
     */
    LocalStack(LocalSettings settings, boolean reset, Consumer<String> progress) {
        this.settings = settings;
        this.data = new DataDirectory(settings.data());
        this.reset = reset;
        this.progress = progress;
        this.jdbcUrl = String.valueOf(settings.database());
    }

    void start() {
        Ports.requireFree(settings);
        data.claim();
        if (reset) {
            data.clear();
            progress.accept("Deleted what was stored in " + settings.data());
        }
        progress.accept("Starting " + (settings.ownKafka() ? "broker" : "with " + settings.kafka()) + " and "
                + (settings.ownDatabase() ? "database" : settings.database()) + " ...");
        together(List.of(this::startBroker, this::startDatabase));
        progress.accept("Starting gateway, worker and scheduler ...");
        together(List.of(this::startGateway, this::startWorker, this::startScheduler));
    }

    /** What makes the first administrator; null when there is one, or none is needed. */
    @Nullable
    String setupToken() {
        return setupToken;
    }

    private void startBroker() {
        if (!settings.ownKafka()) {
            requireKafka();
        } else {
            var node =
                    KafkaNodeSettings.single(settings.data().resolve("kafka"), settings.kafkaPort(), FreePorts.pick());
            opened(servers, KafkaNode.start(node));
        }
    }

    private void requireKafka() {
        var config = Map.<String, Object>of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        try (var admin = Admin.create(config)) {
            admin.describeCluster().nodes().get();
        } catch (ExecutionException | KafkaException e) {
            throw new LocalStartException(
                    "no Kafka answers at " + settings.bootstrapServers() + ": check KAFKA_BOOTSTRAP_SERVERS", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStartException("interrupted", e);
        }
    }

    private void startDatabase() {
        if (settings.ownDatabase()) {
            var server = MariaDbServer.start(MariaDbSettings.of(settings.data().resolve("database"), settings.dbPort())
                    .withBinaries(settings.binaries())
                    .withDatabase(DATABASE, DATABASE, DATABASE)
                    .withOptions("--innodb-buffer-pool-size=64M", "--performance-schema=OFF"));
            opened(servers, server);
            jdbcUrl = server.jdbcUrl(DATABASE);
        }
    }

    private void startGateway() {
        var gateway = run(GatewayApplication.application(), settings.port(), true);
        gateway.getBeanProvider(FirstAdministrator.class)
                .ifAvailable(first -> setupToken = first.token().orElse(null));
    }

    private void startWorker() {
        var worker = run(WorkerApplication.application(), settings.workerPort(), false)
                .getBean(Worker.class);
        if (!worker.awaitRunning(READY_PATIENCE)) {
            throw new LocalStartException(
                    "the worker has no partitions after " + READY_PATIENCE.toSeconds() + " s: see " + settings.logs());
        }
    }

    private void startScheduler() {
        run(BeatApplication.application(), settings.schedulerPort(), false);
    }

    private ConfigurableApplicationContext run(SpringApplicationBuilder program, int port, boolean documented) {
        var arguments = new ArrayList<>(List.of(
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--celeriac.access.enabled=" + settings.secure(),
                "--spring.kafka.bootstrap-servers=" + settings.bootstrapServers(),
                "--spring.jmx.enabled=false",
                "--springdoc.api-docs.enabled=" + documented,
                "--springdoc.swagger-ui.enabled=" + documented,
                "--celeriac.web.heap=" + Runtime.getRuntime().maxMemory() * GATEWAYS_EIGHTHS / 8 + "B",
                "--celeriac.worker.drain-timeout=PT2S",
                "--spring.lifecycle.timeout-per-shutdown-phase=4s"));
        if (settings.ownDatabase()) {
            arguments.add("--spring.datasource.url=" + jdbcUrl);
            arguments.add("--spring.datasource.username=" + DATABASE);
            arguments.add("--spring.datasource.password=" + DATABASE);
        }
        var context = program.registerShutdownHook(false)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .run(arguments.toArray(String[]::new));
        opened(programs, context);
        return context;
    }

    private static void opened(List<AutoCloseable> among, AutoCloseable what) {
        synchronized (among) {
            among.add(what);
        }
    }

    /** Safe to call at any time, also while it starts. */
    @Override
    public void close() {
        if (!programs.isEmpty() || !servers.isEmpty()) {
            progress.accept("Stopping ...");
        }
        closeAll(programs);
        closeAll(servers);
    }

    private static void closeAll(List<AutoCloseable> all) {
        List<Runnable> closes;
        synchronized (all) {
            closes = all.stream().<Runnable>map(one -> () -> closeOne(one)).toList();
            all.clear();
        }
        together(closes);
    }

    private static void closeOne(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            LOG.error("{} did not stop as it should", one.getClass().getSimpleName(), e);
        }
    }

    private static void together(List<Runnable> steps) {
        var threads = Executors.newFixedThreadPool(Math.max(1, steps.size()));
        try {
            var all = steps.stream()
                    .map(step -> CompletableFuture.runAsync(step, threads))
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(all).join();
        } finally {
            threads.shutdown();
        }
    }
}
