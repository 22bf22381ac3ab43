package io.celeriac.djangoimport;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person asked for.
 *
 * @param sourceUrl JDBC URL of the database to read
 * @param sourceUser who may read it
 * @param prefix in front of every name; may be empty
 * @param queueMap queues here by queues there, for those that are to have another name
 * @param redisPriorities whether 0 is the highest priority of the source
 * @param paused whether nothing of it is to fire yet
 * @param overwrite whether what was changed here is lost
 * @param dryRun whether nothing is written
 * @param report file for the report as JSON; null for none
 */
record ImportOptions(
        String sourceUrl,
        String sourceUser,
        String prefix,
        Map<String, String> queueMap,
        boolean redisPriorities,
        boolean paused,
        boolean overwrite,
        boolean dryRun,
        @Nullable Path report) {

    ImportOptions {
        queueMap = Map.copyOf(queueMap);
        checkGiven("--source-url", sourceUrl);
        checkGiven("--source-user", sourceUser);
        if (report != null) {
            checkGiven("--report", report.toString());
        }
        if (!prefix.matches("[A-Za-z0-9_.:-]{0,100}")) {
            throw new IllegalArgumentException("--prefix must match [A-Za-z0-9_.:-]{0,100}, but is \"" + prefix + '"');
        }
    }

    private static void checkGiven(String name, String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException(name + " needs a value");
        }
    }
}
