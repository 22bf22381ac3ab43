package io.celeriac.beat.djangoimport;

import io.celeriac.beat.djangoimport.ImportReport.Line;
import io.celeriac.beat.djangoimport.ImportReport.Result;
import io.celeriac.beat.djangoimport.Translation.Needless;
import io.celeriac.beat.djangoimport.Translation.Translated;
import io.celeriac.beat.djangoimport.Translation.Untranslatable;
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
 * Brings schedules to what the source has: creates those that are not there, changes those that differ, and leaves alone what
 * anybody else wrote last, as {@code updated_by} tells. One schedule at a time, so that it can be repeated after a failure. Those
 * whose task is gone from the source stay.
 */
final class Importer {

    private static final Logger LOG = LoggerFactory.getLogger(Importer.class);

    /** Whose changes the import's are. */
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

    /** Whatever is wrong with one, the others are imported; only a database that is not there, or has no tables, ends the whole. */
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

    /** Runs there do not shift what is here already. */
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
     * @param change null when none was made
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
