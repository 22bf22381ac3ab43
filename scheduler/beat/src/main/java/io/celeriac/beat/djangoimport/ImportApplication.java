package io.celeriac.beat.djangoimport;

import io.celeriac.contract.TaskJson;
import io.celeriac.schedule.store.ScheduleStoreConfiguration;
import io.celeriac.schedule.store.Schedules;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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

/** {@code import-django-celery-beat}: makes schedules of the tasks of a django-celery-beat. */
public final class ImportApplication {

    /** Of the command. */
    public static final String NAME = "import-django-celery-beat";

    private static final int INCOMPLETE = 1;
    private static final int FAILED = 2;

    private static final String PASSWORD = "source.datasource.password";

    private static final String HELP = """
            Usage: import-django-celery-beat --source-url=URL --source-user=NAME [options]
            Makes schedules of the periodic tasks of a django-celery-beat from 2.2 on, and tells for each task what became of it.
            Only reads the source. Can be repeated: what changed there since is changed here, what somebody changed here is left
            alone, and so is a schedule whose task is gone. Stop beat before schedules fire here too, or import them paused.
              --source-url=URL      JDBC URL of Django's database, such as jdbc:mysql://127.0.0.1:3306/django
              --source-user=NAME    who may read it; the password is in the environment, SOURCE_DATASOURCE_PASSWORD
              --dry-run             write nothing, tell the same
              --paused              import everything paused
              --overwrite           replace what somebody changed here, and schedules that happen to have the name of a task
              --prefix=TEXT         put in front of every name
              --queue-map=OLD=NEW   the queue NEW for OLD; can be repeated, and has to be for names that are not [a-z0-9-]{1,80}
              --redis-priorities    0 is the highest priority there, as on Redis, not the lowest
              --report=FILE         write the report as JSON too
            The schedules' database is that of SPRING_DATASOURCE_URL, SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD.
            Exit code: 0 when all is here, 1 when a task could not be imported, 2 when nothing was done or it broke off.""";

    private ImportApplication() {}

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
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.println(HELP);
            return 0;
        }
        try {
            var options = ImportOptions.of(arguments);
            try (var context = start(options, settings)) {
                var report = report(options, context);
                out.println(report.text());
                if (options.report() != null) {
                    Files.writeString(options.report(), TaskJson.MAPPER.writeValueAsString(report.json()) + '\n');
                }
                return report.isIncomplete() ? INCOMPLETE : 0;
            }
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage() + "\n--help tells what there is.");
        } catch (IllegalStateException | IOException e) {
            err.println(e.getMessage());
        } catch (BeanCreationException e) {
            err.println("Cannot use the schedules' database, which SPRING_DATASOURCE_URL names: "
                    + e.getMostSpecificCause().getMessage());
        } catch (DataAccessException | TransactionException e) {
            err.println("The schedules' database refused: "
                    + e.getMostSpecificCause().getMessage() + "\nWhat was imported until then stays; run it again.");
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
