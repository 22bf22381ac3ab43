package io.celeriac.results;

import io.celeriac.contract.task.TaskState;
import io.celeriac.results.table.ArgumentPath;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code celeriac.results.*}.
 *
 * <p>Frequent:
 *
 * @param retention how long results are kept
 * @param indexedArguments paths of arguments that searches find by an index, such as {@code to}, {@code customer.id} or {@code 0}; the
 *     same for workers and gateways. Tasks that were written before a path was added are not found by it: rebuild the tables. Default
 *     none
 *     <p>Rare:
 * @param materializer writes the results topic to the database
 * @param pending rows for tasks that are accepted and have not begun
 * @param startTimeout how long a program that only reads waits for the database at its start, before it fails; default 60 s. A worker
 *     starts without the database
 */
@ConfigurationProperties("celeriac.results")
public record ResultsProperties(
        @DefaultValue Retention retention,
        @DefaultValue Set<String> indexedArguments,
        @DefaultValue Materializer materializer,
        @DefaultValue Pending pending,
        @DefaultValue("60s") Duration startTimeout) {

    public ResultsProperties {
        for (var path : indexedArguments) {
            try {
                ArgumentPath.parse(path);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "celeriac.results.indexed-arguments: " + path + " " + e.getMessage(), e);
            }
        }
    }

    /**
     * @param enabled default true
     * @param concurrency consumers in this process, each with a connection to the database; more than there are
     *     partitions are idle; default 1
     * @param maxPollRecords most records written in one transaction; default 1000
     */
    public record Materializer(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("1") int concurrency,
            @DefaultValue("1000") int maxPollRecords) {}

    /**
     * @param enabled default true; false halves the writes to the database, and a task is then found there only once the
     *     worker has published something about it
     */
    public record Pending(@DefaultValue("true") boolean enabled) {}

    /**
     * How long results are kept. Every program with a materializer deletes the rest. A task is deleted with its attempts and labels. A
     * task that has not ended stays, unless a rule names its state.
     *
     * @param enabled default true
     * @param keep how long a task is kept after its end, where no rule says otherwise; default seven days
     * @param maxRows the most tasks kept of each name and state where no rule says otherwise, the latest submitted; unset: any number
     * @param rules exceptions for some tasks; the first rule that fits decides
     * @param topic true: the results topic keeps its records as long as the longest of these times, and no longer, so that the tables
     *     can be rebuilt from it; false: the topic stays as it is; default true
     * @param interval between two rounds of deletion; default one minute
     * @param batchSize tasks deleted in one transaction; default 1000
     */
    public record Retention(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("P7D") Duration keep,
            @Nullable Long maxRows,
            @DefaultValue List<Rule> rules,
            @DefaultValue("true") boolean topic,
            @DefaultValue("PT1M") Duration interval,
            @DefaultValue("1000") int batchSize) {

        public Retention {
            positive("keep", keep);
            positive("max-rows", maxRows);
            positive("interval", interval);
            positive("batch-size", (long) batchSize);
            for (var index = 0; index < rules.size(); index++) {
                positive("rules[" + index + "].keep", rules.get(index).keep());
                positive("rules[" + index + "].max-rows", rules.get(index).maxRows());
            }
        }

        private static void positive(String setting, @Nullable Object value) {
            if (value instanceof Long number
                    ? number < 1
                    : value instanceof Duration time && (time.isNegative() || time.isZero())) {
                throw new IllegalArgumentException(
                        "celeriac.results.retention." + setting + " must be more than zero, but is " + value);
            }
        }
    }

    /**
     * How long some tasks are kept.
     *
     * @param task name of the handler, {@code *} stands for any characters; default all
     * @param state unset: {@code SUCCESS}, {@code FAILURE} and {@code REVOKED}; in a state that is not final, {@code keep} counts from
     *     the submission
     * @param keep unset: for ever
     * @param maxRows of each name and state; unset: any number
     */
    public record Rule(
            @DefaultValue("*") String task,
            @Nullable TaskState state,
            @Nullable Duration keep,
            @Nullable Long maxRows) {}
}
