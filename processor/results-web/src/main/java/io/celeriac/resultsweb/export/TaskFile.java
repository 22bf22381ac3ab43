package io.celeriac.resultsweb.export;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A file that tasks are written into, one after the other. */
interface TaskFile {

    /** Writes what precedes the tasks. */
    void begin() throws IOException;

    /** Writes a task, as the API shows it. */
    void add(JsonNode task) throws IOException;

    /**
     * Writes what follows the tasks.
     *
     * @param why the file does not have all tasks; null when it has
     */
    void end(@Nullable String why) throws IOException;
}
