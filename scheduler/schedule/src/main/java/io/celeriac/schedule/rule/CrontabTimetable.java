package io.celeriac.schedule.rule;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * The instants of a crontab in a place where clocks are moved, in seconds of the epoch. Between two changes of the clocks it
 * follows {@link CrontabTimes}; what happens at a change is said in {@link CrontabHours}.
 *
 * @param anchor no instant is earlier
 */
record CrontabTimetable(CrontabTimes times, CrontabHours hours, ZoneRules rules, long anchor) implements Timetable {

    private static final long FIRST = Instant.parse("-9999-01-01T00:00:00Z").getEpochSecond();
    private static final long END = LAST.getEpochSecond();

    /** More than any two clocks on Earth differ. */
    private static final long SHIFT = 2 * CrontabClock.DAY;

    static CrontabTimetable of(CrontabTimes times, CrontabHours hours, Instant anchor, ZoneId zone) {
        var first = anchor.getNano() == 0 ? anchor.getEpochSecond() : anchor.getEpochSecond() + 1;
        return new CrontabTimetable(times, hours, zone.getRules(), Math.max(first, FIRST));
    }

    @Override
    public Optional<Instant> next(Instant after) {
        var at = Math.max(after.getEpochSecond() + 1, anchor);
        while (at <= END) {
            var stretch = stretch(at);
            if (at == stretch.start && makesUp(stretch)) {
                return Optional.of(Instant.ofEpochSecond(at));
            }
            var time = times.next(Math.max(at + stretch.offset, first(stretch)));
            if (time < stretch.end + stretch.offset) {
                return Optional.of(Instant.ofEpochSecond(time - stretch.offset));
            }
            at = Math.max(stretch.end, silentFrom(stretch, time));
        }
        return Optional.empty();
    }

    /** Until when nothing happens at the least, given that the next time after a stretch is this one. */
    private long silentFrom(Stretch stretch, long time) {
        var end = stretch.end + stretch.offset;
        return time - 2 * SHIFT > end && times.next(end - SHIFT) == time ? time - SHIFT : stretch.end;
    }

    @Override
    public Instant last(Instant from, Instant until) {
        var least = from.getEpochSecond();
        var at = Math.min(until.getEpochSecond(), END);
        while (at > least) {
            var stretch = stretch(at);
            var time = times.previous(at + stretch.offset);
            if (time >= first(stretch)) {
                return Instant.ofEpochSecond(Math.max(time - stretch.offset, least));
            }
            if (stretch.start > least && makesUp(stretch)) {
                return Instant.ofEpochSecond(stretch.start);
            }
            at = Math.min(stretch.start - 1, silentUntil(stretch, time));
        }
        return from;
    }

    private long silentUntil(Stretch stretch, long time) {
        var start = stretch.start + stretch.offset;
        return time + 2 * SHIFT < start && times.previous(start + SHIFT) == time ? time + SHIFT : stretch.start;
    }

    @Override
    public long count(Instant first, Instant last) {
        var count = 0L;
        var end = last.getEpochSecond() + 1;
        for (var at = first.getEpochSecond(); at < end; ) {
            var stretch = stretch(at);
            var from = Math.max(at + stretch.offset, first(stretch));
            var until = Math.min(stretch.end, end) + stretch.offset;
            count += until > from ? times.count(from, until) : 0;
            if (at == stretch.start && makesUp(stretch) && times.next(at + stretch.offset) != at + stretch.offset) {
                count++;
            }
            at = stretch.end;
        }
        return count;
    }

    /** The first time of the wall clock in a stretch that counts. */
    private long first(Stretch stretch) {
        return stretch.start + (hours.repeats() ? stretch.offset : Math.max(stretch.offset, stretch.before));
    }

    /** Whether a stretch begins with an instant that stands for times that were left out before it. */
    private boolean makesUp(Stretch stretch) {
        return hours.makesUp() && times.next(stretch.start + stretch.before) < stretch.start + stretch.offset;
    }

    private Stretch stretch(long at) {
        if (rules.isFixedOffset()) {
            var offset = rules.getOffset(Instant.EPOCH).getTotalSeconds();
            return new Stretch(FIRST - SHIFT, END + 1, offset, offset);
        }
        var start = rules.previousTransition(Instant.ofEpochSecond(at + 1));
        var end = rules.nextTransition(Instant.ofEpochSecond(at));
        var offset = rules.getOffset(Instant.ofEpochSecond(at)).getTotalSeconds();
        return new Stretch(
                start == null ? FIRST - SHIFT : start.toEpochSecond(),
                end == null ? END + 1 : end.toEpochSecond(),
                offset,
                start == null ? offset : seconds(start.getOffsetBefore()));
    }

    private static int seconds(ZoneOffset offset) {
        return offset.getTotalSeconds();
    }

    /**
     * The time from one change of the clocks to the next.
     *
     * @param start its first second
     * @param end the first second after it
     * @param offset of its clocks from UTC, in seconds
     * @param before the same before the start
     */
    private record Stretch(long start, long end, int offset, int before) {}
}
