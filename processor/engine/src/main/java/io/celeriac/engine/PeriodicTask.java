package io.celeriac.engine;

import io.celeriac.contract.schedule.CatchUpPolicy;
import io.celeriac.contract.schedule.Overlap;
import io.celeriac.contract.schedule.RegisterPolicy;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a schedule for the tasks of the {@link TaskHandler} on the same method, such as {@code @PeriodicTask(every = "PT3S")}.
 * When the worker has started, the schedulers store the schedule as if a person had made it: it appears in the same places, fires by
 * the same rules, and continues while this worker is down. {@link #policy()} says what happens to an existing schedule of the name.
 *
 * <p>Exactly one of {@link #every()} and {@link #crontab()} is given. An error that the worker can see stops its start. An error that
 * only a scheduler can see, such as an hour 25, is in the scheduler's log and in the table {@code schedule_declared}.
 *
 * <p>In {@code every}, {@code crontab}, {@code zone} and {@code enabled}, placeholders such as {@code ${report.every:PT1H}} are
 * replaced from the application's settings. An annotation whose {@code every} or {@code crontab} resolves to {@code -} or to an empty
 * text is ignored.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(PeriodicTask.All.class)
public @interface PeriodicTask {

    /**
     * Name of the schedule, {@code [A-Za-z0-9_.:-]{1,200}}, unique among all schedules; empty for the task's name. Required where a
     * handler has several.
     */
    String name() default "";

    /**
     * Time from one firing to the next: an ISO-8601 duration such as {@code PT3S}, from 10 ms, in whole milliseconds. Firings are on a
     * fixed grid from the schedule's creation, which no restart shifts.
     */
    String every() default "";

    /**
     * Times of the firings by the clock of {@link #zone()}: five fields, minute, hour, day of month, month and day of week, such as
     * {@code 0 4 * * *}; six fields with seconds first; or a macro such as {@code @daily}.
     */
    String crontab() default "";

    /** Time zone of {@link #crontab()}, by its IANA name such as {@code Europe/Berlin}. */
    String zone() default "UTC";

    /** Positional arguments of each task, a JSON array such as {@code [1, "a"]}. They are stored in the clear. */
    String args() default "[]";

    /** Named arguments of each task, a JSON object such as {@code {"to": "a"}}. They are stored in the clear. */
    String kwargs() default "{}";

    /** Queue of the tasks; empty for the first of this worker's {@code celeriac.worker.queues}. */
    String queue() default "";

    /** Priority of the tasks, 0 to 9, 9 first; -1 for the default, 5. */
    int priority() default -1;

    /** How long after its fire time a task may still start, an ISO-8601 duration; empty for any time. */
    String expiresAfter() default "";

    /** How much later than its fire time a firing may be emitted, an ISO-8601 duration of at most a day; empty for none. */
    String jitter() default "";

    /** What happens to a firing that falls due while an earlier one has not ended. */
    Overlap overlap() default Overlap.ALLOW;

    /** Which firings are emitted late that were missed while no scheduler ran or the schedule was paused. */
    CatchUpPolicy catchUp() default CatchUpPolicy.LAST;

    /** How late a missed firing may still be emitted, an ISO-8601 duration; empty for a year. */
    String catchUpWindow() default "";

    /** Labels of the tasks for search, each a name and a value such as {@code tenant=a}. */
    String[] labels() default {};

    /** For people, at most 1,000 characters; empty for none. */
    String description() default "";

    /**
     * {@code true}, or {@code false} to create the schedule paused. Once the schedule exists, only people pause and resume it, unless
     * the policy is {@link RegisterPolicy#OVERWRITE}.
     */
    String enabled() default "true";

    /** What happens to an existing schedule of this name. */
    RegisterPolicy policy() default RegisterPolicy.UPDATE;

    /** Holds several schedules on one handler. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface All {

        /** Each with a {@link PeriodicTask#name()}. */
        PeriodicTask[] value();
    }
}
