package io.celeriac.djangoimport;

import io.celeriac.contract.TaskJson;
import io.celeriac.schedule.store.ScheduleStoreConfiguration;
import io.celeriac.schedule.store.Schedules;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.TransactionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code import-django-celery-beat}: makes schedules of the tasks of a django-celery-beat. */
@Command(
        name = ImportApplication.NAME,
        sortOptions = false,
        description = {
            "Makes schedules of the periodic tasks of a django-celery-beat from 2.2 on, and tells for each task what"
                    + " became of it.",
            "Only reads the source. Can be repeated: what changed there since is changed here, what somebody changed here"
                    + " is left alone, and so is a schedule whose task is gone. Stop beat before schedules fire here too,"
                    + " or import them paused.%n"
        },
        footer = {
            "%nThe schedules' database is that of SPRING_DATASOURCE_URL, SPRING_DATASOURCE_USERNAME and"
                    + " SPRING_DATASOURCE_PASSWORD.",
            "Exit code: 0 when all is here, 1 when a task could not be imported, 2 when nothing was done or it broke off."
        })
public final class ImportApplication implements Callable<Integer> {

    /** The first argument of the program that runs it. */
    public static final String NAME = "import-django-celery-beat";

    private static final int INCOMPLETE = 1;
    private static final int FAILED = 2;
    private static final int WIDTH = 120;

    private static final String PASSWORD = "source.datasource.password";

    private final Map<String, String> settings;
    private final PrintStream out;
    private final PrintStream err;

    @Mixin
    private final ImportArguments arguments = new ImportArguments();

    private ImportApplication(Map<String, String> settings, PrintStream out, PrintStream err) {
        this.settings = settings;
        this.out = out;
        this.err = err;
    }

    /**
     * @param arguments behind the name of the command
     * @return the exit code
     */
    public static int run(List<String> arguments) {
        return run(arguments, Map.of(), System.out, System.err);
    }

    /**
     * @param settings where the environment says nothing
     */
    static int run(List<String> arguments, Map<String, String> settings, PrintStream out, PrintStream err) {
        return commandLine(new ImportApplication(settings, out, err))
                .setOut(writer(out))
                .setErr(writer(err))
                .setParameterExceptionHandler((error, given) -> {
                    err.println(message(error) + "\n--help tells what there is.");
                    return FAILED;
                })
                .execute(arguments.toArray(String[]::new));
    }

    static CommandLine commandLine(Object command) {
        return new CommandLine(command)
                .setExpandAtFiles(false)
                .setOverwrittenOptionsAllowed(true)
                .setUsageHelpWidth(WIDTH);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, Charset.defaultCharset()), true);
    }

    /** Without the value of an option that does not exist: it may be a password. */
    private static String message(ParameterException error) {
        return error instanceof UnmatchedArgumentException unmatched
                ? unmatched.getUnmatched().get(0).replaceFirst("=.*", "") + " is not known here"
                : String.valueOf(error.getMessage());
    }

    @Override
    public Integer call() {
        var options = arguments.options();
        try (var context = start(options, settings)) {
            var report = report(options, context);
            out.println(report.text());
            if (options.report() != null) {
                Files.writeString(options.report(), TaskJson.MAPPER.writeValueAsString(report.json()) + '\n');
            }
            return report.isIncomplete() ? INCOMPLETE : 0;
        } catch (IllegalArgumentException | IllegalStateException | IOException e) {
            err.println(e.getMessage());
        } catch (BeanCreationException e) {
            err.println("Cannot use the schedules' database, which SPRING_DATASOURCE_URL names: "
                    + e.getMostSpecificCause().getMessage());
        } catch (DataAccessException | TransactionException e) {
            err.println("The schedules' database refused: "
                    + e.getMostSpecificCause().getMessage()
                    + "\nWhat was imported until then stays; run it again.");
        }
        return FAILED;
    }

    private static ImportReport report(ImportOptions options, ConfigurableApplicationContext context) {
        var password = context.getEnvironment().getProperty(PASSWORD, "");
        var source = new DriverManagerDataSource(options.sourceUrl(), options.sourceUser(), password);
        source.setConnectionProperties(timeouts());
        return new Importer(context.getBean(Schedules.class), options, context.getBean(InstantSource.class))
                .run(tasks(new SourceTaskRepository(source)));
    }

    /** In milliseconds: somebody is waiting, and a network that swallows everything is not to keep them for ever. */
    private static Properties timeouts() {
        var timeouts = new Properties();
        timeouts.setProperty("connectTimeout", "10000");
        timeouts.setProperty("socketTimeout", "120000");
        return timeouts;
    }

    private static List<SourceTask> tasks(SourceTaskRepository source) {
        try {
            return source.tasks();
        } catch (DataAccessException e) {
            throw new IllegalStateException(
                    "The source refused: " + e.getMostSpecificCause().getMessage(), e);
        }
    }

    private static ConfigurableApplicationContext start(ImportOptions options, Map<String, String> settings) {
        var properties = new HashMap<String, Object>(settings);
        properties.putIfAbsent("celeriac.schedule.database-retries", "0"); // somebody is waiting
        properties.put("spring.config.name", "celeriac-beat,application");
        return new SpringApplicationBuilder(Program.class)
                .properties(properties)
                .initializers(context -> {
                    for (var setting : List.of("url", "username", "password")) {
                        if (context.getEnvironment().getProperty("spring.datasource." + setting) == null) {
                            throw new IllegalStateException(
                                    "SPRING_DATASOURCE_URL, _USERNAME and _PASSWORD must be set: they"
                                            + " name the database that holds the schedules");
                        }
                    }
                    if (options.dryRun()) {
                        context.addBeanFactoryPostProcessor(migrateNothing());
                    }
                })
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .run();
    }

    /** A dry run does not bring tables up to date either. */
    private static BeanFactoryPostProcessor migrateNothing() {
        return beans -> beans.getBeanDefinition("scheduleSchema").setInitMethodName(null);
    }

    /** Not annotated as a configuration, so that a scheduler that looks for those does not find it. */
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        DataSourceTransactionManagerAutoConfiguration.class,
        TransactionAutoConfiguration.class
    })
    @Import(ScheduleStoreConfiguration.class)
    static class Program {

        @Bean
        InstantSource clock() {
            return InstantSource.system();
        }
    }

    /** What is behind the name of the command. */
    public static List<String> behindName(String[] arguments) {
        return Arrays.asList(arguments).subList(1, arguments.length);
    }
}
