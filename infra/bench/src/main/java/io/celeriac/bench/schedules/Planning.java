package io.celeriac.bench.schedules;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Table;
import java.util.List;

/**
 * How long schedules that were written by SQL are not yet planned.
 *
 * @param schedules that were written
 * @param writtenSeconds how long the statement took that wrote them
 * @param plannedSeconds from the first that was planned to the last
 * @param perSecond planned
 * @param schedulerCpu seconds for 1,000 of them, the start of its JVM included
 */
record Planning(int schedules, double writtenSeconds, double plannedSeconds, double perSecond, double schedulerCpu)
        implements Measured {

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of("schedules", "written in s", "planned in s", "planned/s", "scheduler CPU s for 1,000"),
                List.of(List.of(
                        Figures.whole(schedules),
                        Figures.one(writtenSeconds),
                        Figures.one(plannedSeconds),
                        Figures.whole(perSecond),
                        Figures.two(schedulerCpu)))));
    }
}
