package io.celeriac.local;

import io.celeriac.embedded.ServerStartException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of {@code infra/up}. */
@Command(
        name = "infra/up",
        mixinStandardHelpOptions = true,
        version = "Celeriac 0.1.0-SNAPSHOT",
        sortOptions = false,
        description = {
            "Starts all of Celeriac on this machine: broker, database, gateway, worker and scheduler.",
            "It listens on 127.0.0.1 only. Ctrl-C stops it; what was stored is there again at the next start.%n"
        },
        footer = {
            "%nEnvironment:",
            "  KAFKA_BOOTSTRAP_SERVERS   use this Kafka cluster instead of a broker of its own",
            "  SPRING_DATASOURCE_URL     use this MySQL or MariaDB (also _USERNAME, _PASSWORD)"
        })
public final class LocalCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description =
                    "port of the API; worker and scheduler show their health on the two after it (${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "port of the broker (${DEFAULT-VALUE})")
    private int kafkaPort;

    @Option(
            names = "--db-port",
            paramLabel = "PORT",
            defaultValue = "13306",
            description = "port of the database (${DEFAULT-VALUE})")
    private int dbPort;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "where everything is stored (data/local in the project)")
    private @Nullable Path data;

    @Option(
            names = "--secure",
            description =
                    "ask for credentials, as in production; without it, everybody on this machine may do everything")
    private boolean secure;

    @Option(names = "--reset", description = "delete what is stored there first")
    private boolean reset;

    public static void main(String[] args) {
        SLF4JBridgeHandler.removeHandlersForRootLogger(); // Tomcat writes to java.util.logging
        SLF4JBridgeHandler.install();
        System.exit(new CommandLine(new LocalCommand())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(command.getColorScheme().errorText(message(failure)));
                    return 1;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        var project = Path.of(System.getProperty("celeriac.project", "."))
                .toAbsolutePath()
                .normalize();
        var directory = data == null
                ? project.resolve("data/local")
                : data.toAbsolutePath().normalize();
        var settings = new LocalSettings(
                port,
                kafkaPort,
                dbPort,
                directory,
                project.resolve("data/mariadb"),
                secure,
                System.getenv("KAFKA_BOOTSTRAP_SERVERS"),
                System.getenv("SPRING_DATASOURCE_URL"));
        var out = spec.commandLine().getOut();
        var stopped = new CountDownLatch(1);
        var stack = new LocalStack(settings, reset, line -> {
            out.println(line);
            out.flush();
        });
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stack.close();
                            stopped.countDown();
                        },
                        "stop"));
        stack.start();
        out.println(Welcome.text(settings, stack.setupToken()));
        out.flush();
        stopped.await();
        return 0;
    }

    /** What went wrong, without the layers around it: the innermost message of a start that failed. */
    private static String message(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ServerStartException || cause instanceof LocalStartException) {
                return String.valueOf(cause.getMessage());
            }
        }
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "cannot start: " + (root.getMessage() == null ? root : root.getMessage());
    }
}
