package io.celeriac.schedule.declaration;

import io.celeriac.contract.schedule.RegisterPolicy;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.declaration.Decision.Create;
import io.celeriac.schedule.declaration.Decision.Delete;
import io.celeriac.schedule.declaration.Decision.Forget;
import io.celeriac.schedule.declaration.Decision.Leave;
import io.celeriac.schedule.declaration.Decision.Replace;
import io.celeriac.schedule.declaration.Decision.Same;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides how a declaration is applied, by pure functions of old declaration, new declaration and schedule.
 *
 * <pre>
 * there is            create only  update                                      overwrite
 * nothing, never was  create       create                                      create
 * nothing any more    create if the declaration changed, otherwise leave       create
 * as declared         leave        the same                                    the same
 * as last applied     leave        replace                                     replace
 * changed since       leave        leave and say so                            replace
 * somebody else's     leave        leave and say so                            replace and take over
 * </pre>
 *
 * <p>A person's change is detected by content, not by version: a change that was undone does not count, and a change by SQL does. An
 * update keeps whether the schedule is paused, its note, and the number of firings left.
 */
final class DeclarationRules {

    private DeclarationRules() {}

    /** Decides about a declared schedule. */
    static Decision decide(
            RegisterPolicy policy, Schedule declared, Remembered before, @Nullable StoredSchedule there) {
        if (there == null) {
            return policy != RegisterPolicy.OVERWRITE
                            && before.lastDeclared().filter(declared::equals).isPresent()
                    ? new Leave("a person has deleted it; it comes back when its declaration changes")
                    : new Create(declared);
        }
        return switch (policy) {
            case CREATE_ONLY -> new Leave(null);
            case UPDATE -> updated(declared, before, there);
            case OVERWRITE -> overwritten(declared, before, there);
        };
    }

    private static Decision updated(Schedule declared, Remembered before, StoredSchedule there) {
        if (!before.owns(there)) {
            return new Leave("there is one of that name already, made by "
                    + Objects.requireNonNullElse(there.created().by(), "a person"));
        }
        var is = there.schedule();
        var applied = before.lastApplied();
        var wanted = counted(declared, applied, is).toBuilder()
                .enabled(
                        applied.map(last -> last.enabled() == is.enabled()).orElse(false)
                                ? declared.enabled()
                                : is.enabled())
                .note(declared.note() == null ? is.note() : declared.note())
                .build();
        if (wanted.equals(is)) {
            return new Same(there.id());
        }
        var untouched = applied.map(last -> counted(last, applied, is).toBuilder()
                        .enabled(is.enabled())
                        .note(is.note())
                        .build())
                .filter(is::equals)
                .isPresent();
        return untouched ? new Replace(wanted) : new Leave("a person has changed it");
    }

    private static Decision overwritten(Schedule declared, Remembered before, StoredSchedule there) {
        var wanted = counted(declared, before.lastApplied(), there.schedule());
        return wanted.equals(there.schedule()) && before.owns(there) ? new Same(there.id()) : new Replace(wanted);
    }

    /** The declared schedule, with the number of firings left in the stored one. */
    private static Schedule counted(Schedule declared, Optional<Schedule> applied, Schedule is) {
        var isCounting = declared.remaining() != null
                && applied.filter(last -> Objects.equals(last.remaining(), declared.remaining()))
                        .isPresent();
        return isCounting ? declared.toBuilder().remaining(is.remaining()).build() : declared;
    }

    /** Decides about a schedule that is no longer declared. */
    static Decision decideGone(boolean deleteGone, Remembered before, @Nullable StoredSchedule there) {
        if (there == null || !before.owns(there)) {
            return new Forget();
        }
        if (!deleteGone) {
            return new Leave(null);
        }
        var is = there.schedule();
        var applied = before.lastApplied();
        return applied.map(last -> counted(last, applied, is))
                        .filter(is::equals)
                        .isPresent()
                ? new Delete()
                : new Leave("it is declared no more, but a person has changed it");
    }
}
