package io.celeriac.schedule.due;

import io.celeriac.schedule.backfill.FiringRequestClaimer;
import io.celeriac.schedule.backfill.FiringRequestPlan;
import io.celeriac.schedule.firing.Claim;
import io.celeriac.schedule.firing.Claimer;
import io.celeriac.schedule.firing.FiringPlan;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a scheduler has to fire: the schedules and the requests that are due. Safe for use by several threads. */
public final class DueFirings {

    private final DueRepository due;
    private final Claimer schedules;
    private final FiringRequestClaimer requests;

    public DueFirings(DueRepository due, Claimer schedules, FiringRequestClaimer requests) {
        this.due = due;
        this.schedules = schedules;
        this.requests = requests;
    }

    /** When there is next something to claim. */
    public NextDue next() {
        return due.next();
    }

    /** As {@link Claimer#claim}. */
    public Claim claim(Instant from, Instant now, int limit, UnaryOperator<List<FiringPlan>> emit) {
        return schedules.claim(from, now, limit, emit);
    }

    /** As {@link FiringRequestClaimer#claim}. */
    public Claim claimRequests(Instant now, int limit, UnaryOperator<List<FiringRequestPlan>> emit) {
        return requests.claim(now, limit, emit);
    }
}
