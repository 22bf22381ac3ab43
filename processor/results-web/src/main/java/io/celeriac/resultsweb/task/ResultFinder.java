package io.celeriac.resultsweb.task;

import io.celeriac.contract.result.TaskResult;
import java.util.Optional;

/** Finds the state of a task by its id. */
@FunctionalInterface
interface ResultFinder {

    /**
     * @throws org.springframework.dao.DataAccessException when the database is unavailable
     */
    Optional<TaskResult> find(String id);
}
