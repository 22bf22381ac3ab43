package io.celeriac.results.rebuild;

import io.celeriac.results.materializer.MaterializedResultRepository;
import io.celeriac.results.query.TaskResultRepository;

/**
 * Empties the tables, so that they are filled again from the topics. Use it after an error in the tables, or for another database server.
 * Every program with a materializer begins again within two seconds, or at its next start; none has to be stopped. Results that the topics
 * no longer have do not come back.
 */
public final class ResultRebuild {

    private final TaskResultRepository reader;
    private final MaterializedResultRepository writer;

    public ResultRebuild(TaskResultRepository reader, MaterializedResultRepository writer) {
        this.reader = reader;
        this.writer = writer;
    }

    /** The approximate number of tasks in the tables. */
    public long tasks() {
        return reader.roughCount();
    }

    /**
     * Empties the tables. It is safe to repeat, and has to be repeated when it was interrupted.
     *
     * @throws org.springframework.dao.DataAccessException when the database is unavailable, or denies it: the user needs the privilege
     *     DROP
     */
    public void run() {
        writer.empty();
    }
}
