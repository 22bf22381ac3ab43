package io.celeriac.djangoimport;

import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The arguments of the import on its command line. */
final class ImportArguments {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--source-url",
            required = true,
            paramLabel = "URL",
            description = "JDBC URL of Django's database, such as jdbc:mysql://127.0.0.1:3306/django")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String sourceUrl;

    @Option(
            names = "--source-user",
            required = true,
            paramLabel = "NAME",
            description = "who may read it; the password is in the environment, SOURCE_DATASOURCE_PASSWORD")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String sourceUser;

    @Option(names = "--dry-run", arity = "0", description = "write nothing, tell the same")
    private boolean dryRun;

    @Option(names = "--paused", arity = "0", description = "import everything paused")
    private boolean paused;

    @Option(
            names = "--overwrite",
            arity = "0",
            description = "replace what somebody changed here, and schedules that happen to have the name of a task")
    private boolean overwrite;

    @Option(names = "--prefix", paramLabel = "TEXT", defaultValue = "", description = "put in front of every name")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String prefix;

    @Option(
            names = "--queue-map",
            paramLabel = "OLD=NEW",
            description =
                    "the queue NEW for OLD; can be repeated, and has to be for names that are not [a-z0-9-]{1,80}")
    private List<String> queueMap = List.of();

    @Option(
            names = "--redis-priorities",
            arity = "0",
            description = "0 is the highest priority there, as on Redis, not the lowest")
    private boolean redisPriorities;

    @Option(names = "--report", paramLabel = "FILE", description = "write the report as JSON too")
    private @Nullable Path report;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    @SuppressWarnings("unused") // read by picocli
    private boolean help;

    /**
     * The options that they stand for.
     *
     * @throws ParameterException if one of them has no valid value
     */
    ImportOptions options() {
        try {
            return new ImportOptions(
                    sourceUrl, sourceUser, prefix, queues(), redisPriorities, paused, overwrite, dryRun, report);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** The last {@code =} divides a pair: a new queue has none in its name. */
    private Map<String, String> queues() {
        var map = new HashMap<String, String>();
        for (var pair : queueMap) {
            var middle = pair.lastIndexOf('=');
            if (middle < 1) {
                throw new IllegalArgumentException("--queue-map must be old=new, but is \"" + pair + '"');
            }
            try {
                map.put(pair.substring(0, middle), TaskRules.queue(pair.substring(middle + 1)));
            } catch (InvalidTaskException e) {
                throw new IllegalArgumentException("--queue-map: the new " + e.getMessage(), e);
            }
        }
        return map;
    }
}
