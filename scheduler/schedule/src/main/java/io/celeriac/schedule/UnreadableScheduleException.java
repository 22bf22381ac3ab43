package io.celeriac.schedule;

/** The schedule cannot be read, because somebody changed it by SQL. Replace or delete it. */
public final class UnreadableScheduleException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public UnreadableScheduleException(UnreadableSchedule schedule) {
        super("schedule " + schedule.name() + " was changed by hand and cannot be read: " + schedule.error());
    }
}
