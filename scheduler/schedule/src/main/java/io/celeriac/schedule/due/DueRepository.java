package io.celeriac.schedule.due;

import static io.celeriac.schedule.table.TableRepository.at;
import static io.celeriac.schedule.table.TableRepository.instant;

import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The two indexes that tell when a schedule or a request is due next. */
public class DueRepository {

    private final JdbcClient jdbc;

    public DueRepository(DataSource database) {
        jdbc = JdbcClient.create(database);
    }

    /** One look at both. */
    NextDue next() {
        return jdbc.sql("SELECT (SELECT MIN(due_at) FROM schedule) AS schedules,"
                        + " (SELECT MIN(due_at) FROM schedule_firing_request) AS requests, UTC_TIMESTAMP(6) AS clock")
                .query((row, number) ->
                        new NextDue(instant(row, "schedules"), instant(row, "requests"), at(row, "clock")))
                .single();
    }
}
