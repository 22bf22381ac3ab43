package io.celeriac.djangoimport;

import io.celeriac.djangoimport.ImportReport.Line;
import io.celeriac.djangoimport.ImportReport.Result;
import io.celeriac.djangoimport.Translation.Needless;
import io.celeriac.djangoimport.Translation.Translated;
import io.celeriac.djangoimport.Translation.Untranslatable;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.UnreadableScheduleException;
import io.celeriac.schedule.store.Precondition;
import io.celeriac.schedule.store.ScheduleChange;
import io.celeriac.schedule.store.ScheduleChange.NeverFires;
import io.celeriac.schedule.store.ScheduleChange.Saved;
import io.celeriac.schedule.store.Schedules;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Makes schedules equal to the tasks of the source. It creates missing schedules and changes those that differ. It does not touch a
 * schedule that somebody else wrote last, by {@code updated_by}, or whose task is gone from the source. It handles one schedule at a
 * time, so it can be repeated after a failure.
 */
final class Importer {

    private static final Logger LOG = LoggerFactory.getLogger(Importer.class);

    /** The author of the changes. */
    static final String BY = "import:django-celery-beat";

    private final Schedules schedules;
    private final ImportOptions options;
    private final Translator translator;

    Importer(Schedules schedules, ImportOptions options, InstantSource clock) {
        this.schedules = schedules;
        this.options = options;
        translator = new Translator(options, clock.instant());
    }

    /**
     * @param tasks in the order of their ids
     */
    ImportReport run(List<SourceTask> tasks) {
        var names = ScheduleNames.of(options.prefix(), tasks);
        return new ImportReport(
                options.dryRun(),
                tasks.stream()
                        .map(task -> line(task, Objects.requireNonNull(names.get(task.id()))))
                        .toList());
    }

    /** Imports one task. An error does not affect the others, unless the database is away or has no tables. */
    private Line line(SourceTask task, String name) {
        try {
            return lineOf(task, name);
        } catch (TransientDataAccessException
                | RecoverableDataAccessException
                | NonTransientDataAccessResourceException
                | InvalidDataAccessResourceUsageException
                | CannotCreateTransactionException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            LOG.debug("Task {} cannot be imported", task.id(), e);
            return Line.without(task, Result.NOT_IMPORTED, "nothing can be made of it: " + e);
        }
    }

    private Line lineOf(SourceTask task, String name) {
        var unreadable = task.unreadable();
        if (unreadable != null) {
            return Line.without(task, Result.NOT_IMPORTED, "its row cannot be read: " + unreadable);
        }
        var translation = translator.translate(task, name);
        if (translation instanceof Translated translated) {
            return store(task, translated);
        } else if (translation instanceof Needless needless) {
            return Line.without(task, Result.NOT_NEEDED, needless.reason());
        }
        return Line.without(task, Result.NOT_IMPORTED, ((Untranslatable) translation).reason());
    }

    private Line store(SourceTask task, Translated translated) {
        var schedule = translated.schedule();
        try {
            var stored = schedules.find(schedule.name()).orElse(null);
            if (stored == null) {
                var obstacle = schedules.obstacle(schedule);
                if (obstacle.isPresent()) {
                    return Line.without(task, Result.NOT_IMPORTED, reason(obstacle.get()));
                }
                return stored(
                        task, translated, Result.IMPORTED, options.dryRun() ? null : schedules.create(schedule, BY));
            }
            var wanted = translated.startsFromLastRun() ? inItsRhythm(schedule, stored.schedule()) : schedule;
            if (wanted.equals(stored.schedule())) {
                return Line.of(task, Result.UNCHANGED, schedule, translated.remarks());
            }
            if (!BY.equals(stored.updated().by()) && !options.overwrite()) {
                return Line.without(task, Result.LEFT_ALONE, whose(stored));
            }
            return stored(
                    task,
                    translated,
                    Result.UPDATED,
                    options.dryRun() ? null : schedules.replace(wanted, Precondition.version(stored.version()), BY));
        } catch (UnreadableScheduleException e) {
            return Line.without(task, Result.NOT_IMPORTED, String.valueOf(e.getMessage()));
        }
    }

    /** Keeps the start of an existing interval: firings at the source must not shift it. */
    private static Schedule inItsRhythm(Schedule schedule, Schedule stored) {
        var start = stored.timing().startAt();
        return start != null && stored.timing().rule().equals(schedule.timing().rule())
                ? schedule.toBuilder().startAt(start).build()
                : schedule;
    }

    private static String whose(StoredSchedule stored) {
        var by = stored.updated().by() == null ? "somebody" : stored.updated().by();
        return (BY.equals(stored.created().by())
                        ? "it was changed here by "
                        : "a schedule of its name is here, last changed by ")
                + by + " at " + stored.updated().at() + "; --overwrite replaces it";
    }

    /**
     * @param change null if none was made
     */
    private static Line stored(SourceTask task, Translated translated, Result result, @Nullable ScheduleChange change) {
        if (change instanceof NeverFires never) {
            return Line.without(task, Result.NOT_IMPORTED, reason(never));
        }
        return change == null || change instanceof Saved
                ? Line.of(task, result, translated.schedule(), translated.remarks())
                : Line.without(task, Result.NOT_IMPORTED, "somebody else changed it here at this moment: run it again");
    }

    private static String reason(NeverFires never) {
        return never.field() + " " + never.rule();
    }
}
