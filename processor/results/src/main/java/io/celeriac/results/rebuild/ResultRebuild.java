package io.celeriac.results.rebuild;

import io.celeriac.results.materializer.MaterializedResultRepository;
import io.celeriac.results.query.TaskResultRepository;

/**
 * Empties the tables, so that they are filled again from the topics: after an error in them, or for a database of another make.
 * Every program with a materializer begins again within two seconds, or when it starts next; none has to be stopped. What the topics
 * no longer have does not come back.
 */
public final class ResultRebuild {

    private final TaskResultRepository reader;
    private final MaterializedResultRepository writer;

    public ResultRebuild(TaskResultRepository reader, MaterializedResultRepository writer) {
        this.reader = reader;
        this.writer = writer;
    }

    /** How many tasks would be emptied out, nearly. */
    public long tasks() {
        return reader.roughCount();
    }

    /**
     * Empties the tables. Safe to repeat, and to be repeated when it was interrupted.
     *
     * @throws org.springframework.dao.DataAccessException when the database is not there, or does not allow it: emptying takes the
     *     privilege DROP
     */
    public void run() {
        writer.empty();
    }
}
