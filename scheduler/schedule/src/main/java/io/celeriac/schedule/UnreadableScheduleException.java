package io.celeriac.schedule;

/** What was asked for needs a schedule that can be read, and this one cannot. It helps to replace it, or to delete it. */
public final class UnreadableScheduleException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public UnreadableScheduleException(UnreadableSchedule schedule) {
        super("schedule " + schedule.name() + " was changed by hand and cannot be read: " + schedule.error());
    }
}
