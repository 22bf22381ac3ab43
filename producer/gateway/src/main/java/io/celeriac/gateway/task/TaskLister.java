package io.celeriac.gateway.task;

import io.celeriac.results.TaskPage;
import io.celeriac.results.TaskQuery;

/** Lists tasks. */
@FunctionalInterface
interface TaskLister {

    /**
     * @throws org.springframework.dao.DataAccessException when the database is not there
     */
    TaskPage list(TaskQuery query);
}
